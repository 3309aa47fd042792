// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <optional>

#include <duet/device/cuda/counters.hpp>
#include <duet/device/cuda/fused.hpp>
#include <duet/device/cuda/launch.hpp>
#include <duet/device/cuda/lines.hpp>
#include <duet/tensor/pass.hpp>

/// Starting the kernels of a pass.
namespace duet::device::cuda {

/// Writes the sums of `from`, of shape `whole`, to `to`: over the axes along which `kept` is smaller.
template <class T>
void sum_axes(const T* from, const Shape& whole, T* to, const Shape& kept) {
  const Shape steps = tensor::steps_of(kept, whole);
  duet::Axes summed;
  summed.all = false;
  for (std::size_t axis = 0; axis < whole.size(); ++axis) {
    if (steps[axis] == 0 && whole[axis] != 1) summed.list.push_back(static_cast<std::ptrdiff_t>(axis));
  }
  tensor::LineWork<Device>::run(tensor::Lines("sum", whole, summed),
                                tensor::by_line::Reduction<tensor::by_line::Sum, T>{{}, to}, std::array{from},
                                std::array<T*, 0>{});
}

/// Runs a program on all elements of a pass, whose pointers are to memory of the current device. Outputs that are as
/// large as the whole, or one number, take one kernel; such as are summed over some axes one more each. Nothing waits
/// for the kernels: memory between them goes back to the pool at once, and who takes it next works on it after them.
/// Throws Error.
template <class Program, class T, int N, int Q, int M>
class Run {
  static constexpr std::size_t V = width<Program, T>, U = unroll<Program, T>;

 public:
  explicit Run(const tensor::Pass<T, N, Q, M>& pass) : pass_(pass), size_(tensor::size_of(*pass.whole)) {
    if (const std::size_t count = count_partial(); count > 0) partial_.emplace(stride() * count);
    direct();
    if (is_any_computed_) {
      if (is_even()) {
        even();
      } else {
        uneven();
      }
      check(cudaGetLastError(), "the kernel of a formula");
    }
    for (int k = 0; k < M; ++k) {
      if (between_[k]) sum_axes<T>(between_[k], *pass.whole, pass.to[k], *pass.to_shape[k]);
    }
  }

 private:
  /// Whether output `k` is wanted and the first that goes to its target.
  bool is_target(int k) const { return pass_.to[k] && pass_.first[k] == k; }

  /// Whether output `k` is summed over some axes: it is stored as a whole first, unless it is an array as it is.
  bool is_partial(int k) const {
    const std::size_t size = is_target(k) ? tensor::size_of(*pass_.to_shape[k]) : 1;
    return size != size_ && size != 1;
  }
  std::size_t count_partial() const {
    std::size_t count = 0;
    for (int k = 0; k < M; ++k) count += is_partial(k) && !array_of(k) ? 1 : 0;
    return count;
  }
  /// The array that output `k` is; null if it is computed.
  const T* array_of(int k) const {
    const graph::Node& n = Program::graph.nodes[static_cast<std::size_t>(Program::graph.outputs[k])];
    for (int other = 0; other < M; ++other) {
      if (other != k && pass_.to[other] && pass_.first[other] == k) return nullptr;  // which is added to it
    }
    const bool is_array = n.op == graph::Node::input && n.a < N && pass_.from[n.a];
    return is_array && tensor::size_of(*pass_.from_shape[n.a]) == size_ ? pass_.from[n.a] : nullptr;
  }
  std::size_t vectors() const { return (size_ + V - 1) / V; }
  std::size_t stride() const { return (size_ + 15) / 16 * 16; }

  void direct() {
    T* room = partial_ ? partial_->data() : nullptr;
    results_.size = size_;
    for (int k = 0; k < M; ++k) {
      results_.first[k] = pass_.to[k] ? pass_.first[k] : k;
      results_.shared = results_.shared || results_.first[k] != k;
      if (!is_target(k)) {
        is_any_computed_ = is_any_computed_ || pass_.to[k];
        continue;
      }
      if (is_partial(k) && array_of(k)) {
        between_[k] = array_of(k);
        continue;
      }
      is_any_computed_ = true;
      if (is_partial(k)) {
        store(k, room);
        between_[k] = room;
        room += stride();
      } else if (tensor::size_of(*pass_.to_shape[k]) == size_) {
        store(k, pass_.to[k]);
      } else {
        results_.adds[k / 32] |= 1u << k % 32;
        results_.total[k] = pass_.to[k];
        results_.sums = true;
      }
    }
  }
  void store(int k, T* to) {
    results_.stores[k / 32] |= 1u << k % 32;
    results_.stored[k] = to;
    aligned_ = aligned_ && is_aligned<V>(to);
  }

  bool is_even() const {
    if (size_ == 0) return true;
    for (int k = 0; k < N; ++k) {
      const std::size_t size = pass_.from[k] ? tensor::size_of(*pass_.from_shape[k]) : 1;
      if (size != size_ && size != 1) return false;
    }
    return true;
  }

  /// Gives the kernel room for its sums.
  template <class Parameters>
  void prepare(Parameters& p, unsigned blocks) {
    p.results = results_;
    if (!results_.sums || blocks == 1) return;
    block_sums_.emplace(std::size_t{M} * blocks);
    p.results.block_sums = block_sums_->data();
    p.results.counter = Counters::here();
  }

  void even() {
    constexpr auto kernel = &even_kernel<Program, T, N, Q, M>;
    constexpr std::size_t shifts = 12;  // so that no processor is left alone at the end
    const std::size_t resident = resident_blocks<kernel>();
    Even<T, N, Q, M> p{};
    bool aligned = aligned_;
    for (int k = 0; k < N; ++k) {
      p.from[k] = pass_.from[k];
      p.full[k] = pass_.from[k] && tensor::size_of(*pass_.from_shape[k]) == size_;
      aligned = aligned && (!p.full[k] || is_aligned<V>(pass_.from[k]));
    }
    std::copy_n(pass_.numbers, Q, p.numbers);
    // arrays of less than a tile for each processor are spread over as many threads as they have elements
    constexpr std::size_t tile = U * threads * V;
    const bool large = aligned && size_ / tile >= resident / 4;
    p.tiles = large ? size_ / tile : 0;
    const std::size_t wanted = large ? p.tiles : (size_ + threads - 1) / threads;
    const std::size_t blocks = std::clamp<std::size_t>(wanted, 1, shifts * resident);
    prepare(p, static_cast<unsigned>(blocks));
    kernel<<<static_cast<unsigned>(blocks), threads, 0, current_stream()>>>(p);
  }

  void uneven() {
    constexpr auto kernel = &uneven_kernel<Program, T, N, Q, M>;
    Uneven<T, N, Q, M> p{};
    p.axes = Axes<N>::of(*pass_.whole, [&](int k) { return pass_.from[k] ? pass_.from_shape[k] : pass_.whole; });
    p.small = size_ < std::size_t{1} << 31;
    p.vectors = aligned_ && p.axes.size[0].value % V == 0;
    for (int k = 0; k < N; ++k) {
      p.from[k] = pass_.from[k];
      p.vectors = p.vectors && (p.axes.step[0][k] == 0 || is_aligned<V>(pass_.from[k]));
    }
    std::copy_n(pass_.numbers, Q, p.numbers);
    const std::size_t blocks =
        std::clamp<std::size_t>((vectors() + threads - 1) / threads, 1, resident_blocks<kernel>());
    prepare(p, static_cast<unsigned>(blocks));
    kernel<<<static_cast<unsigned>(blocks), threads, 0, current_stream()>>>(p);
  }

  const tensor::Pass<T, N, Q, M>& pass_;
  std::size_t size_;
  std::optional<Buffer<T>> partial_, block_sums_;
  Results<T, M> results_{};
  const T* between_[M]{};
  bool is_any_computed_ = false;
  bool aligned_ = true;  ///< whether vectors may be stored
};

/// The same, with the words of the program deduced: nvcc writes the arguments of kernels down as they were named, and
/// what a program is made of can't be written down.
template <class T, int N, int Q, int M, int Nodes, int Outputs, int Inputs, std::uint64_t... Words>
void run(Program<Nodes, Outputs, Inputs, Words...>, const tensor::Pass<T, N, Q, M>& pass) {
  Run<Program<Nodes, Outputs, Inputs, Words...>, T, N, Q, M>{pass};
}

}  // namespace duet::device::cuda
