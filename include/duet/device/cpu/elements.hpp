// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <memory>

#include <duet/device/cpu/parallel.hpp>
#include <duet/device/cpu/split.hpp>
#include <duet/tensor/elementwise.hpp>
#include <duet/tensor/pass.hpp>

/// Formulas on device arrays whose device is a processor: the SIMD loops of host tensors, on parts of the arrays.
namespace duet {

namespace device {

/// A pass in parts, one for each thread that is free. Sums over several parts are added up in their order.
template <class Maker, class T, int N, int Q, int M>
class PassInParts {
  using Pass = tensor::Pass<T, N, Q, M>;

 public:
  explicit PassInParts(const Pass& pass) : pass_(pass), split_(*pass.whole, shapes(pass)) {}

  void run() {
    if (split_.count() == 1) return tensor::Elements<Host>::run<Maker>(pass_);
    std::size_t memory = 0;
    for (int k = 0; k < M; ++k) {
      if (!is_divided(k)) continue;
      place_[k] = memory;
      memory += tensor::size_of(*pass_.to_shape[k]);
    }
    const auto sums = std::make_unique_for_overwrite<T[]>(split_.count() * memory);
    for_each_index(split_.count(), [&](std::size_t i) { run_part(i, sums.get() + i * memory); });
    for (int k = 0; k < M; ++k) {
      if (is_divided(k)) add_up(pass_.to[k], tensor::size_of(*pass_.to_shape[k]), sums.get() + place_[k], memory);
    }
  }

 private:
  static std::vector<const Shape*> shapes(const Pass& pass) {
    std::vector<const Shape*> list(pass.from_shape, pass.from_shape + N);
    for (int k = 0; k < M; ++k) list.push_back(pass.to[k] ? pass.to_shape[k] : nullptr);
    return list;
  }
  /// Whether each part makes a sum of its own for result `k`.
  bool is_divided(int k) const { return pass_.to[k] && pass_.first[k] == k && !split_.moves(*pass_.to_shape[k]); }

  void run_part(std::size_t i, T* sums) const {
    const Split::Part whole = split_.part(i);
    Split::Part from[N > 0 ? N : 1], to[M];
    Pass part = pass_;
    part.whole = &whole.shape;
    for (int k = 0; k < N; ++k) {
      from[k] = split_.part(i, *pass_.from_shape[k]);
      part.from_shape[k] = &from[k].shape;
      if (part.from[k]) part.from[k] += from[k].offset;
    }
    for (int k = 0; k < M; ++k) {
      const auto same = std::find(pass_.from_shape, pass_.from_shape + N, pass_.to_shape[k]) - pass_.from_shape;
      to[k] = split_.part(i, *pass_.to_shape[k]);
      part.to_shape[k] = same < N ? &from[same].shape : &to[k].shape;
      if (!part.to[k]) continue;
      const int first = pass_.first[k];
      part.to[k] = first >= 0 && first < k ? part.to[first] : is_divided(k) ? sums + place_[k] : part.to[k] + to[k].offset;
    }
    tensor::Elements<Host>::run<Maker>(part);
  }

  void add_up(T* to, std::size_t size, const T* sums, std::size_t step) const {
    std::copy_n(sums, size, to);
    for (std::size_t i = 1; i < split_.count(); ++i) {
      for (std::size_t j = 0; j < size; ++j) to[j] += sums[i * step + j];
    }
  }

  const Pass& pass_;
  Split split_;
  std::size_t place_[M]{};
};

}  // namespace device

template <>
struct tensor::Elements<Device> {
  template <class Maker, class T, int N, int Q, int M>
  static void run(const Pass<T, N, Q, M>& pass) {
    device::PassInParts<Maker, T, N, Q, M>(pass).run();
  }
};

template <>
struct tensor::Interpreter<Device> {
  template <class T>
  static void run(const GraphPass<T>& pass) {
    const device::Split split(*pass.whole, pass.shapes);
    if (split.count() == 1) return Interpreter<Host>::run(pass);
    device::for_each_index(split.count(), [&](std::size_t i) {
      const device::Split::Part whole = split.part(i);
      std::vector<device::Split::Part> parts;
      for (const Shape* shape : pass.shapes) parts.push_back(split.part(i, *shape));
      GraphPass<T> part{pass.graph, &whole.shape, pass.from, {}, pass.to + whole.offset};
      for (std::size_t k = 0; k < parts.size(); ++k) {
        part.shapes.push_back(&parts[k].shape);
        part.from[k] += parts[k].offset;
      }
      Interpreter<Host>::run(part);
    });
  }
};

}  // namespace duet
