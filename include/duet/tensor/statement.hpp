// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/elementwise.hpp>
#include <duet/tensor/kernel.hpp>
#include <duet/tensor/lazy.hpp>
#include <duet/tensor/observe.hpp>
#include <duet/tensor/view.hpp>

/// Statements: a formula is carried out in one pass over memory, is one node of the graph, and its gradients are worked
/// out in one pass, too, which computes intermediate results again instead of storing them.
namespace duet::tensor {

/// A formula as a function of tensors and numbers: the inputs of its graphs are first the tensors, then the numbers.
template <class L>
struct Function;
template <auto F, class T, class... S, class... Leaf>
struct Function<Lazy<F, Slots<T, S...>, Leaf...>> {
  using L = Lazy<F, Slots<T, S...>, Leaf...>;
  using number = T;
  static constexpr int tensors = (0 + ... + (is_tensor<S> ? 1 : 0)), numbers = sizeof...(S) - tensors;

  static constexpr int record(graph::Recorder& r) {
    const graph::List<int> inputs = graph::inputs(r, tensors + numbers);
    graph::List<int> leaves, values;
    (leaves.push_back(r.constant(expr::known_number<Leaf>)), ...);
    int tensor = 0, number = tensors;
    (values.push_back(inputs[is_tensor<S> ? tensor++ : number++]), ...);
    const int y = L::formula.record(r, leaves.data(), values.data());
    return L::formula.is_condition() ? r.emit<op::Where>(y, r.constant(1), r.constant(0)) : y;
  }
  struct Primal {
    static constexpr graph::Graph make() {
      graph::Recorder r;
      return graph::extract(r, {record(r)});
    }
  };
  /// The cotangents of the tensors; that of the result comes after the tensors, before the numbers.
  struct Pullback {
    static constexpr graph::Graph make() {
      graph::Recorder r;
      const graph::List<int> inputs = graph::inputs(r, tensors + 1 + numbers);
      graph::List<int> arguments;
      for (int k = 0; k < tensors + numbers; ++k) arguments.push_back(inputs[k < tensors ? k : k + 1]);
      const int y = graph::splice(r, graph::Frozen<Primal>::graph, arguments)[0];
      graph::PartialsOf partial(r);
      return graph::extract(r, graph::reverse(partial, graph::first_inputs(tensors), {y}, {inputs[tensors]}));
    }
  };

  static Tensors<T> tensors_of(const L& lazy) {
    Tensors<T> result;
    result.reserve(tensors);
    const auto add = [&](const auto& slot) {
      if constexpr (is_tensor<std::remove_cvref_t<decltype(slot)>>) result.push_back(slot);
    };
    std::apply([&](const auto&... slot) { (add(slot), ...); }, lazy.values.all);
    return result;
  }
  static void numbers_of(const L& lazy, T* to) {
    const auto add = [&](const auto& slot) {
      if constexpr (!is_tensor<std::remove_cvref_t<decltype(slot)>>) *to++ = static_cast<T>(slot);
    };
    std::apply([&](const auto&... slot) { (add(slot), ...); }, lazy.values.all);
  }
};

/// The sum of `size` elements, in several accumulators.
template <class T>
T sum_of(const T* x, std::size_t size) {
  using B = tape::Lanes<T>;
  T sum = 0;
  std::size_t i = 0;
  if (size >= 4 * B::size) {
    typename B::type a(T(0)), b(T(0)), c(T(0)), d(T(0));
    for (; i + 4 * B::size <= size; i += 4 * B::size) {
      a = a + B::load(x + i);
      b = b + B::load(x + i + B::size);
      c = c + B::load(x + i + 2 * B::size);
      d = d + B::load(x + i + 3 * B::size);
    }
    sum = B::sum((a + b) + (c + d));
  }
  for (; i < size; ++i) sum += x[i];
  return sum;
}

/// How the elements of an array of which many belong to one result go there: those of a stretch are added up.
template <class T>
void add_stretch(T* to, bool moves, const T* from, std::size_t size) {
  if (!moves) {
    *to += sum_of(from, size);
    return;
  }
  for (std::size_t i = 0; i < size; ++i) to[i] += from[i];
}

/// The elements that are worked on at once where they are summed; they stay in the cache.
inline constexpr std::size_t sum_stretch = 512;

/// The name of the operation that a function of elements ends with.
template <class Fn>
std::string name_of() {
  return node_name(graph::thaw(graph::Frozen<typename Fn::Primal>::graph));
}

template <class Fn>
class Statement final : public Node<typename Fn::number> {
  using T = typename Fn::number;
  static constexpr int n = Fn::tensors, p = Fn::numbers;
  using Primal = Kernel<typename Fn::Primal, T, n, p, 1>;
  using Pullback = Kernel<typename Fn::Pullback, T, n + 1, p, n>;

  /// Whether the gradients depend on the elements of each tensor. Those of the others are not saved, and may change.
  struct Uses {
    bool of[n]{};
    constexpr Uses() {
      const auto& g = graph::Frozen<typename Fn::Pullback>::graph;
      const auto use = [&](int i) {
        if (g[i].op == graph::Node::input && g[i].a < n) of[g[i].a] = true;
      };
      for (std::size_t i = 0; i < g.size(); ++i) {
        for (int k = 0; k < g[static_cast<int>(i)].arity(); ++k) use(g[static_cast<int>(i)].operand(k));
      }
      for (int output : g.outputs) use(output);
    }
    constexpr bool operator[](int k) const { return of[k]; }
  };
  static constexpr Uses uses{};

 public:
  /// The value: of shape `whole`, or summed to shape `kept`, of which an axis is 1 where it is summed over.
  static Tensor<T> evaluate(const Tensors<T>& x, const T (&numbers)[p > 0 ? p : 1], const Shape& whole,
                            const Shape& kept) {
    const bool sums = kept != whole;
    Tensor<T> y = sums ? Tensor<T>::full(kept, 0) : Tensor<T>::uninitialized(whole);
    into(y.data(), x, numbers, whole, kept);
    return y;
  }

  /// The same, written to `y`; sums are added to what is there.
  static void into(T* y, const Tensors<T>& x, const T (&numbers)[p > 0 ? p : 1], const Shape& whole,
                   const Shape& kept) {
    const bool sums = kept != whole;
    std::vector<Shape> steps;
    for (const Tensor<T>& one : x) steps.push_back(steps_of(one.shape(), whole));
    steps.push_back(steps_of(kept, whole));
    const Walk walk(whole, steps);
    bool moves[n];
    for (int k = 0; k < n; ++k) moves[k] = walk.moves(static_cast<std::size_t>(k));
    const bool y_moves = walk.moves(n);
    T buffer[sum_stretch];
    walk([&](const Walk::Offsets& offsets) {
      const std::size_t piece = sums ? std::min(sum_stretch, walk.row()) : walk.row();
      for (std::size_t first = 0; first < walk.row(); first += piece) {
        const std::size_t size = std::min(piece, walk.row() - first);
        T* const to = y + offsets[n] + (y_moves ? first : 0);
        typename Primal::Arrays a;
        for (int k = 0; k < n; ++k)
          a.from[k] =
              x[static_cast<std::size_t>(k)].data() + offsets[static_cast<std::size_t>(k)] + (moves[k] ? first : 0);
        a.to[0] = sums ? buffer : to;
        Primal::row(a, moves, numbers, size);
        if (sums) add_stretch(to, y_moves, buffer, size);
      }
    });
  }

  Statement(const Tensors<T>& x, const T (&numbers)[p > 0 ? p : 1], const Shape& whole, const Shape& kept,
            const char* name)
      : whole_(whole), kept_(kept), name_(name) {
    for (int k = 0; k < n; ++k) {
      const Tensor<T>& one = x[static_cast<std::size_t>(k)];
      saved_[k] = uses[k] ? Saved<T>(one.state(), edge(one)) : Saved<T>(one.shape(), edge(one));
    }
    std::copy_n(numbers, p, numbers_);
  }

  std::string name() const override { return *name_ ? name_ : name_of<Fn>(); }

  void release() override {
    Node<T>::release();
    for (Saved<T>& x : saved_) x = Saved<T>();
  }

  Tensors<T> pullback(const Tensors<T>& cotangents) override {
    const Tensor<T> w = cotangents[0].shape() == kept_ ? cotangents[0] : reshape(cotangents[0], kept_);
    if (recording) return recorded_pullback(w);

    Tensors<T> results(n);
    T* to[n]{};
    bool added[n]{};
    const T* from[n + 1];
    std::vector<Shape> steps;
    for (int k = 0; k < n; ++k) {
      from[k] = uses[k] ? saved_[k].data(*this) : nullptr;
      steps.push_back(steps_of(saved_[k].shape(), whole_));
    }
    from[n] = w.data();
    steps.push_back(steps_of(kept_, whole_));
    const Walk walk(whole_, steps);

    bool moves[n + 1], reads[n + 1], stretches = false;
    for (std::size_t k = 0; k <= n; ++k) {
      moves[k] = walk.moves(k);
      reads[k] = moves[k] && from[k];
    }
    const T unused = 0;
    for (int k = 0; k < n; ++k) {
      const auto at = static_cast<std::size_t>(k);
      if (this->needs(at)) {
        const int first = first_like(k);
        added[k] = first < k || size_of(saved_[k].shape()) != size_of(whole_);
        if (first < k) {
          to[k] = to[first];
        } else {
          results[at] = added[k] ? Tensor<T>::full(saved_[k].shape(), 0) : Tensor<T>::uninitialized(saved_[k].shape());
          to[k] = results[at].data();
        }
      }
      stretches = stretches || added[k] || !to[k];
    }

    T buffer[n][sum_stretch];
    walk([&](const Walk::Offsets& offsets) {
      const std::size_t piece = stretches ? std::min(sum_stretch, walk.row()) : walk.row();
      for (std::size_t first = 0; first < walk.row(); first += piece) {
        const std::size_t size = std::min(piece, walk.row() - first);
        const auto here = [&](int k) { return offsets[static_cast<std::size_t>(k)] + (moves[k] ? first : 0); };
        typename Pullback::Arrays a;
        for (int k = 0; k <= n; ++k) a.from[k] = from[k] ? from[k] + here(k) : &unused;
        for (int k = 0; k < n; ++k) a.to[k] = to[k] && !added[k] ? to[k] + here(k) : buffer[k];
        Pullback::row(a, reads, numbers_, size);
        for (int k = 0; k < n; ++k) {
          if (added[k]) add_stretch(to[k] + here(k), moves[k], buffer[k], size);
        }
      }
    });
    return results;
  }

 private:
  /// The first of the tensors that is the same as number `k`: their cotangents are summed at once.
  int first_like(int k) const {
    int first = 0;
    while (
        !(this->edges()[static_cast<std::size_t>(first)].node == this->edges()[static_cast<std::size_t>(k)].node &&
          this->edges()[static_cast<std::size_t>(first)].output == this->edges()[static_cast<std::size_t>(k)].output))
      ++first;
    return first;
  }

  Tensors<T> recorded_pullback(const Tensor<T>& w) {
    const graph::Graph g = graph::thaw(graph::Frozen<typename Fn::Primal>::graph);
    Tensors<T> inputs;
    for (const Saved<T>& x : saved_) {
      inputs.push_back(x.has_elements() ? Tensor<T>(x.unpack(*this)) : Tensor<T>(T(0)));
    }
    for (T number : numbers_) inputs.push_back(Tensor<T>(number));
    inputs.resize(n + p);
    inputs.push_back(w);
    Tensors<T> results = Elementwise<T>::pulled_back(
        g, inputs, whole_, [&](std::size_t k) { return k < n && this->needs(k) ? &saved_[k].shape() : nullptr; });
    results.resize(n);
    return results;
  }

  Saved<T> saved_[n];
  T numbers_[p > 0 ? p : 1];
  Shape whole_, kept_;
  const char* name_;
};

/// The shape to which the tensors of a formula broadcast.
template <class Fn, class T>
Shape whole_of(const Tensors<T>& x) {
  Shape whole = x[0].shape();
  for (std::size_t k = 1; k < x.size(); ++k) {
    if (x[k].shape() != whole) whole = broadcast(name_of<Fn>(), whole, x[k].shape());
  }
  return whole;
}

/// The shape that a formula's value would have.
template <class L>
Shape shape_of(const L& lazy) {
  return whole_of<Function<L>>(Function<L>::tensors_of(lazy));
}

/// Carries out a formula; `kept_of(whole)` is the shape to which the elements are summed.
template <class L>
auto carried_out(const L& lazy, const auto& kept_of, const char* name, const std::source_location& where) {
  using Fn = Function<L>;
  using T = typename Fn::number;
  const Tensors<T> x = Fn::tensors_of(lazy);
  T numbers[Fn::numbers > 0 ? Fn::numbers : 1];
  Fn::numbers_of(lazy, numbers);
  const Shape whole = whole_of<Fn>(x), kept = kept_of(whole);
  const auto node_name_of = [&] { return *name ? std::string(name) : name_of<Fn>(); };
  Tensor<T> y =
      observed(node_name_of, Phase::forward, where, [&] { return Statement<Fn>::evaluate(x, numbers, whole, kept); });
  if (is_recorded(x)) {
    const auto node = std::make_shared<Statement<Fn>>(x, numbers, whole, kept, name);
    node->where = where;
    record(y, node, x);
  }
  return y;
}

template <auto F, class V, class... Leaf>
Tensor<typename V::number> Lazy<F, V, Leaf...>::tensor(const std::source_location& where) const {
  static_assert(!std::is_void_v<value_type>, "duet: a formula without tensors");
  if constexpr (formula.size == 0) {
    return std::get<0>(values.all);
  } else {
    return carried_out(
        *this, [](const Shape& whole) { return whole; }, "", where);
  }
}

}  // namespace duet::tensor
