// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/forward/number.hpp>
#include <duet/tape/var.hpp>
#include <duet/tree/structure.hpp>

/// Duals and variables as the scalars of Eigen's matrices, and these as structures. Beside plain matrices they may
/// stand element by element; Eigen's matrix products want one scalar, `a.cast<Var<double>>() * x`. To be included
/// before or after Eigen, which it does not include itself, but before matrices are differentiated.
namespace Eigen {

template <class T, int Rows, int Columns, int Options, int MaxRows, int MaxColumns>
class Matrix;
template <class T, int Rows, int Columns, int Options, int MaxRows, int MaxColumns>
class Array;

template <class T>
struct NumTraits;
template <class A, class B, class Operation>
struct ScalarBinaryOpTraits;
template <class Scalar, int Options, class Index>
class SparseMatrix;
template <class Matrix, int Options, class Stride>
class Map;
template <int Outer, int Inner>
class Stride;

}  // namespace Eigen

namespace duet::eigen {

/// Traits of a number `X` made of numbers of type `T`. An operation is dear, so that Eigen computes what it needs twice
/// only once; matrices begin with zeros, since what memory happens to hold is no number.
template <class X, class T>
struct Traits : Eigen::NumTraits<T> {
  using Real = X;
  using NonInteger = X;
  using Nested = X;
  enum { RequireInitialization = 1, ReadCost = 1, AddCost = 8, MulCost = 8 };
};

/// A sparse matrix of Duet's as one of Eigen's, by rows, without a copy: an `Eigen::Map` that refers to `m`. Assign it
/// to an `Eigen::SparseMatrix` for a copy, which may be by columns as solvers want it.
template <class M>
auto as_sparse(const M& m) {
  using T = std::remove_cvref_t<decltype(m.values()[0])>;
  constexpr int by_rows = 1;  // Eigen::RowMajor
  using View = Eigen::Map<const Eigen::SparseMatrix<T, by_rows, int>, 0, Eigen::Stride<0, 0>>;
  return View(static_cast<int>(m.rows()), static_cast<int>(m.cols()), static_cast<int>(m.nonzeros()),
              m.row_offsets().data(), m.columns().data(), m.values().data());
}

}  // namespace duet::eigen

namespace Eigen {

template <class T, int N, class Tag>
struct NumTraits<duet::Dual<T, N, Tag>> : duet::eigen::Traits<duet::Dual<T, N, Tag>, T> {};
template <class T>
struct NumTraits<duet::Var<T>> : duet::eigen::Traits<duet::Var<T>, T> {};

template <class T, int N, class Tag, class Operation>
struct ScalarBinaryOpTraits<duet::Dual<T, N, Tag>, T, Operation> {
  using ReturnType = duet::Dual<T, N, Tag>;
};
template <class T, int N, class Tag, class Operation>
struct ScalarBinaryOpTraits<T, duet::Dual<T, N, Tag>, Operation> {
  using ReturnType = duet::Dual<T, N, Tag>;
};
template <class T, class Operation>
struct ScalarBinaryOpTraits<duet::Var<T>, T, Operation> {
  using ReturnType = duet::Var<T>;
};
template <class T, class Operation>
struct ScalarBinaryOpTraits<T, duet::Var<T>, Operation> {
  using ReturnType = duet::Var<T>;
};

}  // namespace Eigen

namespace duet::tree {

/// A matrix is its elements in the order in which Eigen stores them, by columns if nothing else is said. Its functions
/// can't be called in constant expressions.
template <class T, int Rows, int Columns>
struct EigenElements {
  static constexpr Kind kind = Kind::array;
  static constexpr bool static_graphs = false, braces = false, has_arithmetic = true;
  static constexpr int size = Rows * Columns;
  using element = T;

  static auto& at(auto& x, std::size_t i) { return x.data()[i]; }
};
template <class T, int Rows, int Columns>
requires(Rows < 0 || Columns < 0) struct EigenElements<T, Rows, Columns> {
  static constexpr Kind kind = Kind::sequence;
  static constexpr bool static_graphs = false, has_arithmetic = true;
  using element = T;

  static auto first(auto& x) { return x.data(); }
  static auto start(auto& y, const auto& x) {
    y.resize(x.rows(), x.cols());
    return y.data();
  }
  static bool same_size(const auto& x, const auto& y) { return x.rows() == y.rows() && x.cols() == y.cols(); }
};

template <class T, int Rows, int Columns, int Options, int MaxRows, int MaxColumns>
struct Structure<Eigen::Matrix<T, Rows, Columns, Options, MaxRows, MaxColumns>> : EigenElements<T, Rows, Columns> {
  template <class S>
  using rebound = Eigen::Matrix<rebind_element<T, S>, Rows, Columns, Options, MaxRows, MaxColumns>;
};
template <class T, int Rows, int Columns, int Options, int MaxRows, int MaxColumns>
struct Structure<Eigen::Array<T, Rows, Columns, Options, MaxRows, MaxColumns>> : EigenElements<T, Rows, Columns> {
  template <class S>
  using rebound = Eigen::Array<rebind_element<T, S>, Rows, Columns, Options, MaxRows, MaxColumns>;
};

}  // namespace duet::tree
