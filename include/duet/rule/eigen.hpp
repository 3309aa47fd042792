// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <Eigen/Dense>

#include <duet/eigen.hpp>
#include <duet/rule/implicit.hpp>

/// Linear systems by Eigen, with derivatives that use the factorisation once more instead of going through it.
namespace duet {

namespace rule {

template <class S>
using MatrixOf = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;

/// A factorised matrix A of plain numbers.
template <class S>
class LinearSystem {
 public:
  explicit LinearSystem(const MatrixOf<S>& a) : lu_(a) {}

  /// The solution of A x = b, or of A' x = b.
  MatrixOf<S> solve(const MatrixOf<S>& b, bool transposed) const {
    if (transposed) return lu_.transpose().solve(b);
    return lu_.solve(b);
  }

 private:
  Eigen::PartialPivLU<MatrixOf<S>> lu_;
};

/// The same with tangents: A dx = db - dA x.
template <class T, int N, class Tag>
class LinearSystem<Dual<T, N, Tag>> {
  using D = Dual<T, N, Tag>;

  static MatrixOf<T> primal(const MatrixOf<D>& a) {
    return a.unaryExpr([](const D& x) { return x.primal(); });
  }
  static MatrixOf<T> tangent(const MatrixOf<D>& a, int i) {
    return a.unaryExpr([i](const D& x) { return x.tangent(i); });
  }

 public:
  explicit LinearSystem(const MatrixOf<D>& a) : primal_(primal(a)) {
    for (int i = 0; i < N; ++i) tangents_[static_cast<std::size_t>(i)] = tangent(a, i);
  }

  MatrixOf<D> solve(const MatrixOf<D>& b, bool transposed) const {
    const MatrixOf<T> x = primal_.solve(primal(b), transposed);
    MatrixOf<T> dx[N];
    for (int i = 0; i < N; ++i) {
      const MatrixOf<T>& da = tangents_[static_cast<std::size_t>(i)];
      MatrixOf<T> db = tangent(b, i);
      if (transposed) {
        db -= da.transpose() * x;
      } else {
        db -= da * x;
      }
      dx[i] = primal_.solve(db, transposed);
    }
    MatrixOf<D> result(x.rows(), x.cols());
    for (Eigen::Index k = 0; k < x.size(); ++k) {
      std::array<T, N> t;
      for (int i = 0; i < N; ++i) t[static_cast<std::size_t>(i)] = dx[i](k);
      result(k) = D(x(k), t);
    }
    return result;
  }

 private:
  LinearSystem<T> primal_;
  std::array<MatrixOf<T>, N> tangents_;
};

/// The same on the dynamic tape: one record, which keeps the factorisation and the solution.
template <class T>
class LinearSystem<Var<T>> {
  using V = Var<T>;

  static MatrixOf<T> primal(const MatrixOf<V>& a) {
    return a.unaryExpr([](const V& x) { return x.primal(); });
  }

 public:
  explicit LinearSystem(const MatrixOf<V>& a) : a_(a), primal_(std::make_shared<LinearSystem<T>>(primal(a))) {}

  MatrixOf<V> solve(const MatrixOf<V>& b, bool transposed) const {
    const MatrixOf<T> x = primal_->solve(primal(b), transposed);
    std::vector<V> inputs(a_.data(), a_.data() + a_.size());
    inputs.insert(inputs.end(), b.data(), b.data() + b.size());
    const auto pull = [system = primal_, x, transposed](std::span<const T> w, std::span<T> cotangents) {
      const MatrixOf<T> b_bar = system->solve(Eigen::Map<const MatrixOf<T>>(w.data(), x.rows(), x.cols()), !transposed);
      MatrixOf<T> a_bar = transposed ? MatrixOf<T>(x * b_bar.transpose()) : MatrixOf<T>(b_bar * x.transpose());
      T* to = cotangents.data();
      for (const T& one : a_bar.reshaped()) *to++ -= one;
      for (const T& one : b_bar.reshaped()) *to++ += one;
    };
    const std::span<const T> values(x.data(), static_cast<std::size_t>(x.size()));
    const std::vector<V> solution = tape::record_external<T>(inputs, values, pull);
    return Eigen::Map<const MatrixOf<V>>(solution.data(), x.rows(), x.cols());
  }

 private:
  MatrixOf<V> a_;
  std::shared_ptr<LinearSystem<T>> primal_;
};

}  // namespace rule

/// The solution x of A x = b for a square matrix A and one or more right-hand sides, the columns of b, by an LU
/// factorisation with partial pivoting. The matrices may be of plain numbers, `Dual`s or `Var`s, also mixed.
///
/// Cost: one factorisation of plain numbers; then n^2 operations for each column, direction and sweep. On `DynamicTape`
/// it is one record, which holds the factorisation.
template <class A, class B>
auto solve(const Eigen::MatrixBase<A>& a, const Eigen::MatrixBase<B>& b) {
  using S = std::common_type_t<typename A::Scalar, typename B::Scalar>;
  if (a.rows() != a.cols() || a.rows() != b.rows()) {
    const std::string given = std::to_string(a.rows()) + " x " + std::to_string(a.cols()) + " and " +
                              std::to_string(b.rows()) + " x " + std::to_string(b.cols());
    throw ShapeError("duet: solve needs a square matrix and right-hand sides of its size" + (", not " + given));
  }
  const rule::LinearSystem<S> system(a.template cast<S>());
  using Result = Eigen::Matrix<S, A::ColsAtCompileTime, B::ColsAtCompileTime>;
  return Result(system.solve(b.template cast<S>(), false));
}

namespace rule {

template <class Structure>
struct SmallSystem {
  /// The solution of J x = -b in the structure of `b`.
  template <class J, class B>
  static auto negative_solution(const J& j, const B& b) {
    using T = std::remove_cvref_t<decltype(j(0, 0))>;
    using S = std::common_type_t<T, typename op::kept<typename tree::common_leaf<B>::type>::type>;
    const auto n = static_cast<Eigen::Index>(tree::count_leaves(b));
    const Eigen::Map<const Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> a(j.data(), n, n);
    Eigen::Vector<S, Eigen::Dynamic> negative(n);
    Eigen::Index k = 0;
    tree::for_each_leaf(b, [&](const auto& one) { negative(k++) = -S(one); });
    const auto x = solve(a, negative);
    k = 0;
    return tree::map_leaves<S>(b, [&](const auto&) { return x(k++); });
  }
};

}  // namespace rule
}  // namespace duet
