// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/star_colouring.hpp>
#include <duet/tape/dependence.hpp>
#include <duet/transform/kept_arguments.hpp>
#include <duet/transform/sparse_matrix.hpp>
#include <duet/transform/tape_structures.hpp>

/// Sparse derivatives of functions whose size is only known at run time.
namespace duet {

/// The Jacobian of `F` at arguments of types `X...` (the Hessian of the function whose gradient it is, if `Symmetric`),
/// for many points: pattern and colours are found once. Columns of one colour have no row in common, so their sum tells
/// all of them, and costs one direction of forward mode; or likewise rows, and reverse mode, where that is cheaper.
///
/// The pattern is that of a recording. A function that takes other branches elsewhere may have other entries there:
/// `refresh` finds the pattern anew. An entry outside of the pattern that shows itself, as a sum that should be zero,
/// is a PatternError; one that falls on top of another entry is noticed by `covers` alone, which takes another
/// evaluation.
template <bool Symmetric, Mode M, class F, class W, class... X>
class SparsePlan {
  using Call = transform::Call<F, W, X...>;

 public:
  using scalar = typename Call::number;

  /// Finds the pattern at `x...` and colours it. Cost: recording `F` once, and one sweep through the recording, which
  /// takes time for each input that a variable depends on (graph/dependence.hpp); the colouring takes time for each
  /// pair of entries that stand in one row.
  explicit SparsePlan(const F& f, const X&... x) : f_(f) { refresh(x...); }

  /// The matrix at `x...`, valid until the next call. Arguments of other sizes are a ShapeError. Cost: for each three
  /// or eight colours one evaluation of `F` on duals with as many directions, or for each eight one sweep through a
  /// recording.
  const DynamicSparseMatrix<scalar>& operator()(const X&... x) {
    evaluate<false>(x...);
    return matrix_;
  }
  /// The same together with the value of `F`, which comes for nothing.
  auto value_and_matrix(const X&... x) {
    auto value = evaluate<true>(x...);
    return std::pair<decltype(value), const DynamicSparseMatrix<scalar>&>(std::move(value), matrix_);
  }
  /// The matrix that was found last, for those who need the plan no more.
  DynamicSparseMatrix<scalar> release() && { return std::move(matrix_); }

  /// Finds pattern and colours anew, at `x...`; returns whether the pattern is another one.
  bool refresh(const X&... x) {
    graph::Pattern pattern = pattern_at(x...);
    if (pattern == matrix_.pattern()) return false;
    if constexpr (Symmetric) {
      colouring_ = graph::colour_symmetric(pattern);
      recovery_ = graph::recovery(pattern, colouring_);
    } else {
      colour(pattern);
    }
    entry_colours_.resize(0);
    if (by_columns_) {
      for (int column : pattern.places) entry_colours_.push_back(colouring_.of[column]);
    }
    matrix_ = DynamicSparseMatrix<scalar>(std::move(pattern));
    return true;
  }

  /// Whether the matrix at `x...` has no entries outside of the pattern: its products with some directions, made up of
  /// arbitrary numbers, must be those of the function. Cost: the matrix, and once more what a few colours cost.
  bool covers(const X&... x) {
    try {
      evaluate<false>(x...);
    } catch (const PatternError&) {
      return false;
    }
    if constexpr (M == Mode::reverse) {
      return agrees_by_rows(x...);
    } else if constexpr (M == Mode::forward || Symmetric) {
      return agrees_by_columns(x...);
    } else {
      return by_columns_ ? agrees_by_columns(x...) : agrees_by_rows(x...);
    }
  }

  const graph::Pattern& pattern() const { return matrix_.pattern(); }
  /// The number of colours.
  int colours() const { return colouring_.count; }
  /// Whether columns are computed together, in forward mode, rather than rows in reverse mode.
  bool by_columns() const { return by_columns_; }

 private:
  using T = scalar;
  template <int N>
  using Kept = transform::KeptArguments<Dual<T, N, Call>, W, X...>;

  /// Directions of one evaluation. Three serve tridiagonal matrices, which are frequent; more would cost them time, and
  /// fewer the others. (A number for each count of colours would be compiled for each count.)
  static constexpr int few = 3, many = 8;

  static constexpr const char* sizes = "duet: the arguments must have the sizes with which the plan was made";
  static constexpr const char* outside =
      "duet: a derivative is not zero where the pattern has no entry, since the function did something else than where "
      "its pattern was found; call refresh at this point";

  template <class Tape>
  static auto record(const Call& call, Tape& tape) {
    const auto y = call.template with<Var<T>>([&](const auto& leaf) { return tape.variable(static_cast<T>(leaf)); });
    return tree::map_leaves<Var<T>>(y, [](const auto& leaf) { return Var<T>(leaf); });
  }
  /// The variables with which a recording begins.
  static constexpr int first_variable = 1;

  graph::Pattern pattern_at(const X&... x) const {
    const Call call(f_, x...);
    const transform::Borrowed<T> tape;
    const auto y = record(call, *tape);
    tape->suspend();
    graph::List<int> inputs, outputs;
    const int variables = static_cast<int>(call.size());
    for (int k = 0; k < variables; ++k) inputs.push_back(first_variable + k);
    tree::for_each_leaf(y, [&](const Var<T>& leaf) {
      outputs.push_back(leaf.is_recorded() ? static_cast<int>(tape->index_of(leaf)) : -1);
    });
    graph::Pattern pattern = graph::pattern_of(tape::dependences(*tape), inputs, outputs);
    if constexpr (Symmetric) return graph::symmetric(pattern);
    return pattern;
  }

  void colour(const graph::Pattern& pattern) {
    const graph::Pattern t = graph::transposed(pattern);
    by_columns_ = M == Mode::forward;
    if constexpr (M == Mode::automatic) {
      // in evaluations of the function on numbers: a direction takes about two, a recording with its sweep forty
      by_columns_ = 2 * graph::longest_row(pattern) <= 40 + 4 * graph::longest_row(t);
    }
    colouring_ = by_columns_ ? graph::colour_columns(pattern) : graph::colour_columns(t);
  }

  template <bool WithValue>
  auto evaluate(const X&... x) {
    const Call call(f_, x...);
    if (call.size() != matrix_.cols()) throw ShapeError(sizes);
    if constexpr (M == Mode::reverse) {
      return rows<WithValue>(call);
    } else if constexpr (M == Mode::forward || Symmetric) {
      return columns<WithValue>(x...);
    } else {
      return by_columns_ ? columns<WithValue>(x...) : rows<WithValue>(call);
    }
  }

  template <bool WithValue>
  auto columns(const X&... x) {
    int first = 0;
    while (colouring_.count - first > 2 * few) {
      columns<many, false>(first, x...);
      first += many;
    }
    while (colouring_.count - first > few) {
      columns<few, false>(first, x...);
      first += few;
    }
    return columns<few, WithValue>(first, x...);
  }

  /// The columns' sums for `N` colours from `first` on.
  template <int N, bool WithValue>
  auto columns(int first, const X&... x) {
    using D = Dual<T, N, Call>;
    Kept<N>& kept = std::get<Kept<N>>(kept_);
    kept.set(
        [&](std::size_t k, const T& primal) {
          const int lane = colouring_.of[k] - first;
          std::array<T, N> t;
          for (int l = 0; l < N; ++l) t[static_cast<std::size_t>(l)] = l == lane ? T(1) : T(0);
          return D(primal, t);
        },
        x...);
    const auto y = transform::settled(kept.call(f_, x...));
    if (tree::count_leaves(y) != matrix_.rows()) throw ShapeError(sizes);
    int row = 0;
    tree::for_each_leaf(y, [&](const auto& leaf) { read<N>(row++, first, tangents<D>(leaf)); });
    if constexpr (WithValue) {
      return tree::map_leaves<T>(y, [](const auto& leaf) { return T(level::primal<D>(number(leaf))); });
    }
  }

  template <class X_>
  static auto number(const X_& x) -> typename op::kept<X_>::type {
    return x;
  }
  template <class D, class Leaf>
  static decltype(auto) tangents(const Leaf& leaf) {
    if constexpr (std::same_as<Leaf, D>) {
      return leaf.tangents();
    } else {
      const auto x = number(leaf);
      std::array<T, D::directions> t;
      for (int l = 0; l < D::directions; ++l) t[static_cast<std::size_t>(l)] = T(level::tangent<D>(x, l));
      return t;
    }
  }

  /// Takes what row `i` of the sums tells, those of the colours from `first` on.
  template <int N>
  void read(int i, int first, const std::array<T, N>& sums) {
    const graph::Pattern& p = matrix_.pattern();
    T* const values = matrix_.values().data();
    const int begin = p.offsets[i], end = p.offsets[i + 1];
    if (!Symmetric && colouring_.count <= N && end - begin == colouring_.count) {  // there is nothing to check
      for (int k = begin; k < end; ++k) values[k] = sums[static_cast<std::size_t>(entry_colours_[k])];
      return;
    }
    unsigned seen = 0;
    for (int k = begin; k < end; ++k) {
      const unsigned lane = static_cast<unsigned>(entry_colours_[k] - first);
      if (lane >= N) continue;
      if constexpr (!Symmetric) values[k] = sums[lane];
      seen |= 1u << lane;
    }
    if constexpr (Symmetric) {
      for (int k = recovery_.offsets[i]; k < recovery_.offsets[i + 1]; ++k) {
        const auto& read = recovery_.reads[k];
        const unsigned lane = static_cast<unsigned>(read.colour - first);
        if (lane < N) values[read.entry] = values[read.mate] = sums[lane];
      }
    }
    for (unsigned lane = 0; lane < N; ++lane) {
      if ((seen >> lane & 1) == 0 && is_nonzero(sums[lane])) throw PatternError(outside);
    }
  }
  static bool is_nonzero(const T& x) { return x < T(0) || T(0) < x; }

  /// The matrix by sweeps backwards through a recording, for several colours of rows in each.
  template <bool WithValue>
  auto rows(const Call& call) {
    const transform::Borrowed<T> tape;
    const auto y = record(call, *tape);
    tape->suspend();
    std::vector<Var<T>> outputs;
    tree::for_each_leaf(y, [&](const Var<T>& leaf) { outputs.push_back(leaf); });
    if (outputs.size() != matrix_.rows()) throw ShapeError(sizes);
    if (tape::VectorSweep<T, many>::can_sweep(*tape)) {
      sweep_lanes(*tape, outputs);
    } else {
      sweep_each(*tape, outputs);
    }
    if constexpr (WithValue) return tree::map_leaves<T>(y, [](const Var<T>& leaf) { return leaf.primal(); });
  }

  void sweep_lanes(const DynamicTape<T>& tape, const std::vector<Var<T>>& outputs) {
    tape::VectorSweep<T, many> sweep(tape);
    for (int first = 0; first < colouring_.count; first += many) {
      if (first > 0) sweep.clear();
      for (std::size_t i = 0; i < outputs.size(); ++i) {
        const unsigned lane = static_cast<unsigned>(colouring_.of[i] - first);
        if (lane < many && outputs[i].is_recorded()) sweep[tape.index_of(outputs[i])].lane[lane] = T(1);
      }
      sweep.backward();
      for (int l = 0; l < many && first + l < colouring_.count; ++l) {
        read_rows(first + l, [&](int j) { return sweep[static_cast<tape::Word>(first_variable + j)].lane[l]; });
      }
    }
  }
  void sweep_each(DynamicTape<T>& tape, const std::vector<Var<T>>& outputs) {
    for (int colour = 0; colour < colouring_.count; ++colour) {
      std::vector<Var<T>> together;
      for (std::size_t i = 0; i < outputs.size(); ++i) {
        if (colouring_.of[i] == colour && outputs[i].is_recorded()) together.push_back(outputs[i]);
      }
      tape.zero_grad();
      tape.backward(together, {});
      read_rows(colour, [&](int j) { return tape.adjoints()[first_variable + j]; });
    }
  }

  /// Takes what the sum of the rows of one colour tells; `sum(j)` is its element in column j.
  void read_rows(int colour, const auto& sum) {
    const graph::Pattern& p = matrix_.pattern();
    std::size_t nonzeros = 0;
    for (std::size_t i = 0; i < p.rows(); ++i) {
      if (colouring_.of[i] != colour) continue;
      for (int k = p.offsets[i]; k < p.offsets[i + 1]; ++k) {
        const T value = sum(p.places[k]);
        matrix_.values()[static_cast<std::size_t>(k)] = value;
        nonzeros += is_nonzero(value);
      }
    }
    for (int j = 0; j < p.width; ++j) nonzeros -= is_nonzero(sum(j));
    if (nonzeros != 0) throw PatternError(outside);
  }

  /// An arbitrary number between 1/2 and 3/2, for each k and l.
  static double weight(std::size_t k, std::size_t l) {
    const std::uint64_t mixed = (k * few + l + 1) * 0x9E37'79B9'7F4A'7C15u;
    return 0.5 + static_cast<double>(mixed >> 11) * 0x1p-53;
  }
  static bool is_close(const T& a, const T& b, const T& size) {
    const T difference = a - b, most = 1e-9 * size;
    return !(difference < -most) && !(most < difference);
  }

  bool agrees_by_columns(const X&... x) {
    using D = Dual<T, few, Call>;
    Kept<few>& kept = std::get<Kept<few>>(kept_);
    kept.set(
        [](std::size_t k, const T& primal) {
          std::array<T, few> t;
          for (std::size_t l = 0; l < few; ++l) t[l] = T(weight(k, l));
          return D(primal, t);
        },
        x...);
    const auto y = transform::settled(kept.call(f_, x...));
    const graph::Pattern& p = matrix_.pattern();
    bool agrees = true;
    int i = 0;
    tree::for_each_leaf(y, [&](const auto& leaf) {
      const std::array<T, few> products = tangents<D>(leaf);
      for (std::size_t l = 0; l < few; ++l) {
        T sum(0), size(0);
        for (int k = p.offsets[i]; k < p.offsets[i + 1]; ++k) {
          add(sum, size,
              matrix_.values()[static_cast<std::size_t>(k)] * weight(static_cast<std::size_t>(p.places[k]), l));
        }
        agrees = agrees && is_close(products[l], sum, size);
      }
      ++i;
    });
    return agrees;
  }
  bool agrees_by_rows(const X&... x) {
    const Call call(f_, x...);
    const transform::Borrowed<T> tape;
    const auto y = record(call, *tape);
    tape->suspend();
    std::vector<Var<T>> outputs;
    std::vector<T> seeds;
    tree::for_each_leaf(y, [&](const Var<T>& leaf) {
      seeds.push_back(T(weight(outputs.size(), 0)));
      outputs.push_back(leaf);
    });
    tape->backward(outputs, seeds);
    const graph::Pattern& p = matrix_.pattern();
    std::vector<T> sums(p.cols(), T(0)), sizes(p.cols(), T(0));
    for (std::size_t i = 0; i < p.rows(); ++i) {
      for (int k = p.offsets[i]; k < p.offsets[i + 1]; ++k) {
        const auto j = static_cast<std::size_t>(p.places[k]);
        add(sums[j], sizes[j], matrix_.values()[static_cast<std::size_t>(k)] * seeds[i]);
      }
    }
    bool agrees = true;
    for (std::size_t j = 0; j < p.cols(); ++j) {
      agrees = agrees && is_close(tape->adjoints()[first_variable + j], sums[j], sizes[j]);
    }
    return agrees;
  }
  static void add(T& sum, T& size, const T& term) {
    sum = sum + term;
    size = size + (term < T(0) ? T(-term) : term);
  }

  [[no_unique_address]] F f_;
  DynamicSparseMatrix<T> matrix_;
  graph::Colouring colouring_;
  graph::List<int> entry_colours_;  // of each entry the colour of its column
  graph::Recovery recovery_;        // of a symmetric matrix
  bool by_columns_ = true;
  std::tuple<Kept<few>, Kept<many>> kept_;
};

}  // namespace duet
