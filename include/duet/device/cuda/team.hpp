// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cooperative_groups.h>

#include <duet/tensor/by_line.hpp>
#include <duet/tensor/line_layout.hpp>

/// A line as the threads of a GPU see it: several of them work on it together.
namespace duet::device {

/// Who works on which line.
struct Crew {
  unsigned members;  ///< threads of a block that work on a line; a power of 2
  unsigned lines;    ///< lines that a block works on
  bool across;       ///< whether threads side by side are of different lines, else of the same
  unsigned blocks;   ///< that work on a line together; more than 1 only in cooperative launches
  void* sums;        ///< room for two numbers (of 8 bytes) for each line and block, where there are several blocks
};

struct Plus {
  __device__ auto operator()(auto a, auto b) const { return a + b; }
};
struct Times {
  __device__ auto operator()(auto a, auto b) const { return a * b; }
};
/// The larger or smaller number, or the one that is NaN.
template <bool Largest>
struct Better {
  __device__ auto operator()(auto a, auto b) const { return b != b || (Largest ? a < b : b < a) ? b : a; }
};

/// A line of numbers that some threads work on. All of them know its sums and extremes, which are the same on every
/// run. Element i belongs to thread i % members, so what one function has written the next one can read.
template <class T>
class Team {
 public:
  using Batch = T;
  std::size_t size, number;

  __device__ Team(const tensor::LineLayout& layout, const Crew& crew, char* shared)
      : size(layout.size), elements_(layout.elements), crew_(crew), shared_(shared) {
    const unsigned group = blockIdx.x / crew.blocks;
    column_ = crew.across ? threadIdx.x % crew.lines : threadIdx.x / crew.members;
    row_ = crew.across ? threadIdx.x / crew.lines : threadIdx.x % crew.members;
    number = std::size_t{group} * crew.lines + column_;
    is_there_ = number < layout.count;
    if (!is_there_) number = layout.count - 1;
    rank_ = std::size_t{blockIdx.x % crew.blocks} * crew.members + row_;
    members_ = std::size_t{crew.members} * crew.blocks;
  }

  template <class F, class... X>
  __device__ T sum(const F& f, const X*... x) const {
    return folded(T(0), Plus{}, f, x...);
  }
  template <class F>
  __device__ T product(const F& f, const T* x) const {
    return folded(T(1), Times{}, f, x);
  }
  template <bool Largest, class F>
  __device__ T extreme(const F& f, const T* x) const {
    constexpr T infinity = std::numeric_limits<T>::infinity();
    return folded(Largest ? -infinity : infinity, Better<Largest>{}, f, x);
  }

  template <class F, class... X>
  __device__ void map(T* to, const F& f, const X*... x) const {
    if (!is_there_) return;
    for_elements([&](std::size_t, std::size_t at) { to[at] = f(x[at]...); });
  }
  template <class F, class... X>
  __device__ T map_sum(T* to, const F& f, const X*... x) const {
    T sum = 0;
    for_elements([&](std::size_t, std::size_t at) {
      const T y = f(x[at]...);
      if (is_there_) to[at] = y;
      sum += y;
    });
    return combined(sum, T(0), Plus{});
  }

  __device__ T load(const T* from) const { return from[number]; }
  __device__ T load(const T* from, const std::ptrdiff_t* places) const { return from[places[number]]; }
  __device__ void store(T* to, T x) const {
    if (is_there_ && rank_ == 0) to[number] = x;
  }
  /// Whether it is known to hold for all lines of the threads that have to stay together.
  __device__ bool all(bool condition) const {
    if (crew_.blocks > 1) return false;
    return is_in_warp() ? __all_sync(whole_warp, condition) : __syncthreads_and(condition);
  }

  __device__ T pick(const T* x, const std::ptrdiff_t* places) const {
    return x[at(static_cast<std::size_t>(places[number]))];
  }
  __device__ void add_at(T* x, const std::ptrdiff_t* places, T y) const {
    const auto i = static_cast<std::size_t>(places[number]);
    if (is_there_ && i % members_ == rank_) x[at(i)] += y;
  }
  template <class F>
  __device__ void find(std::ptrdiff_t* to, const F& f, const T* x) const {
    auto first = static_cast<long long>(size);
    for (std::size_t i = rank_; i < size && first == static_cast<long long>(size); i += members_) {
      if (f(x[at(i)])) first = static_cast<long long>(i);
    }
    first = combined(first, static_cast<long long>(size), Better<false>{});
    if (is_there_ && rank_ == 0) to[number] = first;
  }
  template <class F, class... X>
  __device__ void walk(T* to, tensor::Direction direction, T start, const F& f, const X*... x) const {
    if (!is_there_ || rank_ != 0) return;
    for (std::size_t k = 0; k < size; ++k) {
      const std::size_t here = at(direction == tensor::Direction::up ? k : size - 1 - k);
      to[here] = start = f(start, x[here]...);
    }
  }
  __device__ void shift(T* to, tensor::Direction direction, T first, const T* x) const {
    if (!is_there_) return;
    const bool up = direction == tensor::Direction::up;
    for_elements([&](std::size_t i, std::size_t here) {
      to[here] = i == (up ? 0 : size - 1) ? first : x[at(up ? i - 1 : i + 1)];
    });
  }

 private:
  static constexpr unsigned whole_warp = 0xffffffff;

  /// Whether the threads of a line are neighbours in one warp.
  __device__ bool is_in_warp() const { return crew_.members <= 32 && !crew_.across; }

  __device__ std::size_t at(std::size_t i) const {
    if (elements_.count <= 1) return i * elements_.step();
    if (size >> 32 != 0) return elements_[i];
    auto rest = static_cast<unsigned>(i);  // whose division is much faster
    std::size_t place = 0;
    for (int k = 0; k + 1 < elements_.count; ++k) {
      const auto length = static_cast<unsigned>(elements_.loops[k].size);
      place += rest % length * elements_.loops[k].step;
      rest /= length;
    }
    return place + rest * elements_.loops[elements_.count - 1].step;
  }

  /// Calls `f(i, place)` for the elements of this thread.
  template <class F>
  __device__ void for_elements(const F& f) const {
#pragma unroll 4
    for (std::size_t i = rank_; i < size; i += members_) f(i, at(i));
  }

  template <class Combine, class F, class... X>
  __device__ T folded(T start, const Combine& combine, const F& f, const X*... x) const {
    T a = start, b = start, c = start, d = start;
    std::size_t i = rank_;
    for (; i + 3 * members_ < size; i += 4 * members_) {
      const std::size_t p = at(i), q = at(i + members_), r = at(i + 2 * members_), s = at(i + 3 * members_);
      a = combine(a, f(x[p]...));
      b = combine(b, f(x[q]...));
      c = combine(c, f(x[r]...));
      d = combine(d, f(x[s]...));
    }
    for (; i < size; i += members_) a = combine(a, f(x[at(i)]...));
    return combined(combine(combine(a, b), combine(c, d)), start, combine);
  }

  /// What the threads of a line have, combined; `nothing` changes nothing.
  template <class V, class Combine>
  __device__ V combined(V x, V nothing, const Combine& combine) const {
    x = combined_in_block(x, combine);
    if (crew_.blocks == 1) return x;
    V* const sums = static_cast<V*>(crew_.sums) + (turn_ ? std::size_t{gridDim.x} * crew_.lines : 0);
    turn_ = !turn_;  // so that nobody overwrites what others have not read yet
    const std::size_t first = (std::size_t{blockIdx.x / crew_.blocks} * crew_.lines + column_) * crew_.blocks;
    if (row_ == 0) sums[first + blockIdx.x % crew_.blocks] = x;
    cooperative_groups::this_grid().sync();
    x = nothing;
    for (unsigned k = row_; k < crew_.blocks; k += crew_.members) x = combine(x, __ldcg(sums + first + k));
    return combined_in_block(x, combine);
  }

  template <class V, class Combine>
  __device__ V combined_in_block(V x, const Combine& combine) const {
    V* const shared = reinterpret_cast<V*>(shared_);
    if (crew_.across) {
      __syncthreads();
      shared[threadIdx.x] = x;
      for (unsigned half = crew_.members / 2; half > 0; half /= 2) {
        __syncthreads();
        if (row_ < half) shared[threadIdx.x] = x = combine(x, shared[threadIdx.x + half * crew_.lines]);
      }
      __syncthreads();
      return shared[column_];
    }
    for (unsigned half = (crew_.members < 32 ? crew_.members : 32) / 2; half > 0; half /= 2) {
      x = combine(x, __shfl_xor_sync(whole_warp, x, half));
    }
    if (crew_.members <= 32) return x;
    __syncthreads();
    if (threadIdx.x % 32 == 0) shared[threadIdx.x / 32] = x;
    __syncthreads();
    const unsigned first = column_ * crew_.members / 32;
    x = shared[first];
    for (unsigned k = 1; k < crew_.members / 32; ++k) x = combine(x, shared[first + k]);
    return x;
  }

  const tensor::AxisLoops& elements_;
  const Crew& crew_;
  char* shared_;
  unsigned column_, row_;
  std::size_t rank_, members_;
  bool is_there_;
  mutable bool turn_ = false;
};

}  // namespace duet::device
