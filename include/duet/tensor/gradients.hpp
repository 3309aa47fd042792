// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/function.hpp>

/// One pass that writes the derivatives of a function of elements by its tensors.
namespace duet::tensor {

/// Where the derivatives of `n` tensors go. Those of a tensor that was broadcast, or that occurs several times, are
/// added up; those that nobody wants go to a buffer that is overwritten.
template <class T, int n>
class Gradients {
 public:
  /// `first[k]` is the first of the tensors that is the same as number k, -1 where no derivative is wanted;
  /// `shapes[k]` are their shapes. `skips(k)`: the derivative is known otherwise.
  template <class Skips>
  Gradients(const Shape& whole, const Shape* const (&shapes)[n], const int (&first)[n], const Skips& skips)
      : results_(n) {
    for (int k = 0; k < n; ++k) {
      if (first[k] >= 0 && !skips(k)) {
        adds_[k] = first[k] < k || size_of(*shapes[k]) != size_of(whole);
        Tensor<T>& result = results_[static_cast<std::size_t>(first[k])];
        if (!result.defined()) {
          result = adds_[k] ? Tensor<T>::full(*shapes[k], 0) : Tensor<T>::uninitialized(*shapes[k]);
        }
        to_[k] = result.data();
      }
      direct_ = direct_ && to_[k] && !adds_[k];
    }
  }

  /// Whether all are written straight to where they belong.
  bool direct() const { return direct_; }

  /// Where the derivatives of a stretch that begins at `offset` are to be written.
  T* target(int k, std::size_t offset) { return to_[k] && !adds_[k] ? to_[k] + offset : buffer_[k]; }
  /// After they have been written.
  void settle(int k, std::size_t offset, bool moves, std::size_t size) {
    if (adds_[k]) add_stretch(to_[k] + offset, moves, buffer_[k], size);
  }

  Tensors<T>& results() { return results_; }

 private:
  Tensors<T> results_;
  T* to_[n]{};
  bool adds_[n]{};
  bool direct_ = true;
  T buffer_[n][sum_stretch];
};

/// For each edge the first that is the same, -1 for those without a node.
template <int n, class T>
void find_same(const std::vector<Edge<T>>& edges, int (&first)[n]) {
  for (int k = 0; k < n; ++k) {
    const Edge<T>& edge = edges[static_cast<std::size_t>(k)];
    first[k] = -1;
    for (int j = k; j >= 0 && edge.node; --j) {
      const Edge<T>& other = edges[static_cast<std::size_t>(j)];
      if (other.node == edge.node && other.output == edge.output) first[k] = j;
    }
  }
}

}  // namespace duet::tensor
