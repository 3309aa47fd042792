// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <adolc/adolc.h>
#include <adolc/adolc_sparse.h>

#include <cstddef>
#include <cstdlib>
#include <vector>

namespace bench {

/// ADOL-C's sparse derivatives. Debian builds it without ColPack, and so without `sparse_jac` and `sparse_hess`; these
/// are the parts that they are made of: the pattern, and then products with as many directions as there are colours,
/// which are given. The function is recorded once, for all points at which it takes the same branches.
class AdolcSparse {
 public:
  enum class Of { jacobian, hessian };

  template <class F>
  AdolcSparse(Of of, const F& f, const std::vector<double>& x, std::size_t colours)
      : of_(of), columns_(x.size()), colours_(colours) {
    trace_on(tag);
    std::vector<adouble> inputs(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      inputs[i] <<= x[i];
    }
    double value = 0.0;
    if constexpr (requires { f(inputs).size(); }) {
      std::vector<adouble> results = f(inputs);
      rows_ = results.size();
      for (adouble& result : results) {
        result >>= value;
      }
    } else {
      adouble result = f(inputs);
      result >>= value;
    }
    trace_off();
    results_.resize(rows_);
    seeds_.resize(columns_, colours_);
    sums_.resize(of == Of::jacobian ? rows_ : columns_, colours_);
    for (std::size_t j = 0; j < columns_; ++j) {
      seeds_.rows[j][j % colours_] = 1.0;
    }
  }
  AdolcSparse(const AdolcSparse&) = delete;
  AdolcSparse& operator=(const AdolcSparse&) = delete;
  ~AdolcSparse() { removeTape(tag, ADOLC_REMOVE_COMPLETELY); }

  /// The pattern, and the columns' sums by colour.
  void find(const std::vector<double>& x) {
    std::vector<unsigned*> pattern(of_ == Of::jacobian ? rows_ : columns_);
    if (of_ == Of::jacobian) {
      int options[] = {0, 0, 1};  // index domains, safe
      jac_pat(tag, static_cast<int>(rows_), static_cast<int>(columns_), x.data(), pattern.data(), options);
    } else {
      hess_pat(tag, static_cast<int>(columns_), x.data(), pattern.data(), 0);  // safe
    }
    for (unsigned* row : pattern) {
      std::free(row);
    }
    evaluate(x);
  }
  /// The sums.
  void evaluate(const std::vector<double>& x) {
    const int n = static_cast<int>(columns_), p = static_cast<int>(colours_);
    if (of_ == Of::jacobian) {
      fov_forward(tag, static_cast<int>(rows_), n, p, x.data(), seeds_.rows.data(), results_.data(), sums_.rows.data());
    } else {
      std::vector<double> at = x;
      hess_mat(tag, n, p, at.data(), seeds_.rows.data(), sums_.rows.data());
    }
  }

 private:
  struct Matrix {
    std::vector<double> elements;
    std::vector<double*> rows;
    void resize(std::size_t count, std::size_t columns) {
      elements.assign(count * columns, 0.0);
      rows.resize(count);
      for (std::size_t i = 0; i < count; ++i) {
        rows[i] = &elements[i * columns];
      }
    }
  };

  static constexpr short tag = 2;
  Of of_;
  std::size_t rows_ = 1, columns_, colours_;
  std::vector<double> results_;
  Matrix seeds_, sums_;
};

}  // namespace bench
