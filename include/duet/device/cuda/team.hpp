// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cooperative_groups.h>

#include <duet/device/cuda/launch.hpp>
#include <duet/tensor/by_line.hpp>
#include <duet/tensor/line_layout.hpp>

/// A line as the threads of a GPU see it: several of them work on it together.
namespace duet::device::cuda {

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
/// run. Unit i, `Width` neighbours that may be loaded as a vector, belongs to thread i % members, so what one function
/// has written the next one can read.
template <class T, int Width>
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
    map_units(
        to, f, [](T) {}, x...);
  }
  template <class F, class... X>
  __device__ T map_sum(T* to, const F& f, const X*... x) const {
    T sum = 0;
    map_units(
        to, f, [&](T y) { sum += y; }, x...);
    return combined(sum, T(0), Plus{});
  }
  /// Lines that the threads' registers hold are written once.
  template <class F>
  __device__ void map_shares(T* to, T whole, const F& f, const T* x) const {
    constexpr int most = Width == 1 ? 16 : 32 / Width;
    const std::size_t units = size / Width;
    if (units > most * members_) {
      const T scale = whole / map_sum(to, f, x);
      return map(
          to, [&](T y) { return y * scale; }, to);
    }
    Vector<T, Width> y[most];
    T sum = 0;
#pragma unroll
    for (int k = 0; k < most; ++k) {
      if (k * members_ >= units) break;
      const std::size_t u = rank_ + k * members_;
      if (u >= units) continue;
      y[k] = applied(f, place(u), x);
#pragma unroll
      for (int v = 0; v < Width; ++v) sum += y[k].lane[v];
    }
    const T scale = whole / combined(sum, T(0), Plus{});
#pragma unroll
    for (int k = 0; k < most; ++k) {
      if (k * members_ >= units) break;
      const std::size_t u = rank_ + k * members_;
      if (u >= units) continue;
#pragma unroll
      for (int v = 0; v < Width; ++v) y[k].lane[v] *= scale;
      put(to, place(u), y[k]);
    }
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
    if (is_there_ && i / Width % members_ == rank_) x[at(i)] += y;
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
  /// Tile by tile, of a few neighbours for each thread.
  __device__ void running_sum(T* to, tensor::Direction direction, const T* x) const {
    const bool up = direction == tensor::Direction::up;
    T before = 0;
    for (std::size_t first = 0; first < size; first += std::size_t{neighbours} * crew_.members) {
      const std::size_t begin = first + std::size_t{neighbours} * row_;
      T y[neighbours];
      load_neighbours(y, up, begin, x);
#pragma unroll
      for (int k = 1; k < neighbours; ++k) y[k] += y[k - 1];
      T total;
      const T left = before + sum_before(y[neighbours - 1], total);
#pragma unroll
      for (int k = 0; k < neighbours; ++k) {
        if (is_there_ && begin + k < size) to[at(up ? begin + k : size - 1 - begin - k)] = left + y[k];
      }
      before += total;
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
  static constexpr int at_once = Width == 2 ? 2 : 4;  ///< units that a thread works on before it goes on
  static constexpr int neighbours = 4;                ///< elements that a thread adds up by itself in a running sum

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

  /// Where unit `u` begins.
  __device__ std::size_t place(std::size_t u) const { return Width == 1 ? at(u) : u * Width; }
  /// Calls `f` with the places of several units of this thread, and then of one for those that are left. All places
  /// are known before anything is read, so that nothing waits for a read but what needs it.
  template <class F>
  __device__ void for_units(const F& f) const {
    const std::size_t units = size / Width;
    std::size_t u = rank_;
    for (; u + (at_once - 1) * members_ < units; u += at_once * members_) {
      std::size_t at[at_once];
#pragma unroll
      for (int k = 0; k < at_once; ++k) at[k] = place(u + k * members_);
      f(at);
    }
    for (; u < units; u += members_) {
      const std::size_t at[1] = {place(u)};
      f(at);
    }
  }
  template <class F, class... X>
  static __device__ Vector<T, Width> applied(const F& f, std::size_t place, const X*... x) {
    const auto apply = [&](const auto&... from) {
      Vector<T, Width> y;
#pragma unroll
      for (int v = 0; v < Width; ++v) y.lane[v] = f(from.lane[v]...);
      return y;
    };
    return apply(*reinterpret_cast<const Vector<X, Width>*>(x + place)...);
  }
  __device__ void put(T* to, std::size_t place, const Vector<T, Width>& y) const {
    if (is_there_) *reinterpret_cast<Vector<T, Width>*>(to + place) = y;
  }

  template <class Combine, class F, class... X>
  __device__ T folded(T start, const Combine& combine, const F& f, const X*... x) const {
    T parts[at_once][Width];
#pragma unroll
    for (int k = 0; k < at_once; ++k) {
#pragma unroll
      for (int v = 0; v < Width; ++v) parts[k][v] = start;
    }
    for_units([&](const auto& at) {
      constexpr int count = sizeof(at) / sizeof(at[0]);
      Vector<T, Width> y[count];
#pragma unroll
      for (int k = 0; k < count; ++k) y[k] = applied(f, at[k], x...);
#pragma unroll
      for (int k = 0; k < count; ++k) {
#pragma unroll
        for (int v = 0; v < Width; ++v) parts[k][v] = combine(parts[k][v], y[k].lane[v]);
      }
    });
    T all = start;
#pragma unroll
    for (int v = 0; v < Width; ++v) {
#pragma unroll
      for (int k = 0; k < at_once; ++k) all = combine(all, parts[k][v]);
    }
    return combined(all, start, combine);
  }

  /// Writes `f(elements)` and tells `note` of each. Some units are read before the first of them is written, which the
  /// compiler would not dare.
  template <class F, class Note, class... X>
  __device__ void map_units(T* to, const F& f, const Note& note, const X*... x) const {
    for_units([&](const auto& at) {
      constexpr int count = sizeof(at) / sizeof(at[0]);
      Vector<T, Width> y[count];
#pragma unroll
      for (int k = 0; k < count; ++k) y[k] = applied(f, at[k], x...);
#pragma unroll
      for (int k = 0; k < count; ++k) {
        put(to, at[k], y[k]);
#pragma unroll
        for (int v = 0; v < Width; ++v) note(y[k].lane[v]);
      }
    });
  }

  /// Elements from number `begin` on, counted from the end if not `up`; zeros beyond the line.
  __device__ void load_neighbours(T (&y)[neighbours], bool up, std::size_t begin, const T* x) const {
    if (Width > 1 && begin + neighbours <= size) {
      const T* const from = x + (up ? begin : size - begin - neighbours);
      T there[neighbours];
#pragma unroll
      for (int k = 0; k < neighbours; k += Width) {
        *reinterpret_cast<Vector<T, Width>*>(there + k) = *reinterpret_cast<const Vector<T, Width>*>(from + k);
      }
#pragma unroll
      for (int k = 0; k < neighbours; ++k) y[k] = up ? there[k] : there[neighbours - 1 - k];
      return;
    }
#pragma unroll
    for (int k = 0; k < neighbours; ++k) {
      y[k] = begin + k < size ? x[at(up ? begin + k : size - 1 - begin - k)] : T(0);
    }
  }

  /// The sum of `x` over the threads of the line before this one, and over all of them.
  __device__ T sum_before(T x, T& total) const {
    if (crew_.across) return sum_before_across(x, total);
    const unsigned width = crew_.members < 32 ? crew_.members : 32, lane = row_ % width;
    T sum = x;
    for (unsigned step = 1; step < width; step *= 2) {
      const T other = __shfl_up_sync(whole_warp, sum, step, width);
      if (lane >= step) sum += other;
    }
    total = __shfl_sync(whole_warp, sum, width - 1, width);
    T left = __shfl_up_sync(whole_warp, sum, 1, width);
    if (lane == 0) left = 0;
    if (crew_.members <= 32) return left;
    T* const sums = reinterpret_cast<T*>(shared_);
    __syncthreads();
    if (lane == 0) sums[threadIdx.x / 32] = total;
    __syncthreads();
    const unsigned first = column_ * crew_.members / 32, warps = crew_.members / 32;
    T before = 0;
    total = 0;
    for (unsigned k = 0; k < warps; ++k) {
      if (k == row_ / 32) before = total;
      total += sums[first + k];
    }
    return before + left;
  }
  __device__ T sum_before_across(T x, T& total) const {
    T* const sums = reinterpret_cast<T*>(shared_);
    T sum = x;
    __syncthreads();
    sums[threadIdx.x] = sum;
    for (unsigned step = 1; step < crew_.members; step *= 2) {
      __syncthreads();
      const T other = row_ >= step ? sums[threadIdx.x - step * crew_.lines] : T(0);
      __syncthreads();
      sums[threadIdx.x] = sum += other;
    }
    __syncthreads();
    total = sums[(crew_.members - 1) * crew_.lines + column_];
    return row_ > 0 ? sums[threadIdx.x - crew_.lines] : T(0);
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

}  // namespace duet::device::cuda
