// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <map>

#include <duet/device/buffer.hpp>
#include <duet/device/cuda/launch.hpp>
#include <duet/device/cuda/layout.hpp>
#include <duet/device/cuda/schedule.hpp>
#include <duet/graph/fold.hpp>
#include <duet/tensor/elementwise.hpp>

/// Graphs that are known at run time only, by a kernel that goes through them node by node for each element: the values
/// in between stay on the chip, and one kernel is compiled for all graphs.
namespace duet::device::cuda {

/// What the kernel is given.
template <class T>
struct Script {
  static constexpr Limits limits{256, 32, 16, 64};
  static constexpr int V = 16 / sizeof(T);

  Instruction instructions[limits.instructions];
  int length;
  T constants[limits.constants];
  const T* from[limits.arrays];
  T* to[limits.arrays];
  Axes<limits.arrays> axes;
  std::size_t size;
  bool small;    ///< whether there are less than 2^31 elements
  bool vectors;  ///< whether vectors may be loaded and stored
};

/// Rows of more than a few instructions, which are better compiled once than for each lane.
template <class Op, class T>
__device__ __noinline__ T row_apart(T a, T b, T c) {
  return graph::evaluate_row<Op, T>(a, b, c);
}

/// Row number `code` on a vector.
template <class T, int V, class... Op>
__device__ __forceinline__ Vector<T, V> on_lanes(int code, const Vector<T, V>& a, const Vector<T, V>& b,
                                                 const Vector<T, V>& c, op::Rows<Op...>) {
  // comparisons, arithmetic and functions with kinks come first in the table
  constexpr int short_rows = op::code<op::Exp>;
  Vector<T, V> y;
  const auto carry_out = [&]<class One>(std::type_identity<One>) {
#pragma unroll
    for (int v = 0; v < V; ++v) {
      if constexpr (op::code<One> < short_rows && !std::same_as<One, op::Fmod>) {
        y.lane[v] = graph::evaluate_row<One, T>(a.lane[v], b.lane[v], c.lane[v]);
      } else {
        y.lane[v] = row_apart<One, T>(a.lane[v], b.lane[v], c.lane[v]);
      }
    }
    return true;
  };
  // compilers make a jump table of it
  ((code == op::code<Op> && carry_out(std::type_identity<Op>())) || ...);
  return y;
}

template <class T>
__global__ void __launch_bounds__(threads) interpret_kernel(const __grid_constant__ Script<T> p) {
  constexpr int V = Script<T>::V;
  const std::size_t whole_vectors = p.vectors ? p.size / V : 0, vectors = (p.size + V - 1) / V;
  Vector<T, V> slots[Script<T>::limits.slots];
  const Vector<T, V>* const values = slots;
  const auto operand = [&](int i) {
    if (i >= 0) return values[i];
    Vector<T, V> same;
#pragma unroll
    for (int v = 0; v < V; ++v) same.lane[v] = p.constants[-1 - i];
    return same;
  };
  for (std::size_t at = blockIdx.x * std::size_t{threads} + threadIdx.x; at < vectors; at += gridDim.x * threads) {
    const std::size_t first = at * V;
    const bool whole = at < whole_vectors;
#pragma unroll 1
    for (int i = 0; i < p.length; ++i) {
      const Instruction n = p.instructions[i];
      Vector<T, V> y;
      if (n.op == Instruction::load) {
        const T* const from = p.from[n.a];
        if (whole && p.axes.step[0][n.a] != 0) {
          y = *reinterpret_cast<const Vector<T, V>*>(from + p.axes.locate(first, p.small, n.a));
        } else {
#pragma unroll
          for (int v = 0; v < V; ++v) {
            y.lane[v] = from[p.axes.locate(first + v < p.size ? first + v : p.size - 1, p.small, n.a)];
          }
        }
        slots[n.slot] = y;
        continue;
      }
      const Vector<T, V> a = operand(n.a);
      if (n.op == Instruction::store) {
        T* const to = p.to[n.slot] + first;
        if (whole) {
          *reinterpret_cast<Vector<T, V>*>(to) = a;
        } else {
#pragma unroll
          for (int v = 0; v < V; ++v) {
            if (first + v < p.size) to[v] = a.lane[v];
          }
        }
        continue;
      }
      const Vector<T, V> b = n.b == Instruction::none ? a : operand(n.b),
                         c = n.c == Instruction::none ? a : operand(n.c);
      slots[n.slot] = on_lanes(n.op, a, b, c, op::Table());
    }
  }
}

/// Carries a graph out, one kernel for each piece, which is one but for huge graphs. Throws Error.
template <class T>
class Interpretation {
 public:
  explicit Interpretation(const tensor::GraphPass<T>& pass)
      : pass_(pass), g_(graph::plain(pass.graph)), size_(tensor::size_of(*pass.whole)) {
    if (size_ == 0) return;
    for (const Piece& piece : pieces_of(g_, Script<T>::limits)) run(piece);
  }

 private:
  void run(const Piece& piece) {
    Script<T> p{};
    p.length = static_cast<int>(piece.instructions.size());
    std::copy(piece.instructions.begin(), piece.instructions.end(), p.instructions);
    std::transform(piece.constants.begin(), piece.constants.end(), p.constants,
                   [](double value) { return static_cast<T>(value); });
    const auto is_input = [&](std::size_t k) {
      return k < piece.from.size() && g_[piece.from[k]].op == graph::Node::input;
    };
    p.axes = decltype(p.axes)::of(*pass_.whole, [&](std::size_t k) {
      return is_input(k) ? pass_.shapes[static_cast<std::size_t>(g_[piece.from[k]].a)] : pass_.whole;
    });
    p.size = size_;
    p.small = size_ < std::size_t{1} << 31;
    p.vectors = p.axes.count <= 1 || p.axes.size[0].value % Script<T>::V == 0;
    for (std::size_t k = 0; k < piece.from.size(); ++k) {
      p.from[k] = is_input(k) ? pass_.from[static_cast<std::size_t>(g_[piece.from[k]].a)] : array(piece.from[k]);
      p.vectors = p.vectors && (p.axes.step[0][k] == 0 || is_aligned<Script<T>::V>(p.from[k]));
    }
    for (std::size_t k = 0; k < piece.to.size(); ++k) {
      p.to[k] = array(piece.to[k]);
      p.vectors = p.vectors && is_aligned<Script<T>::V>(p.to[k]);
    }
    const std::size_t vectors = (size_ + Script<T>::V - 1) / Script<T>::V;
    const auto blocks = static_cast<unsigned>(
        std::min<std::size_t>((vectors + threads - 1) / threads, resident_blocks<&interpret_kernel<T>>()));
    interpret_kernel<T><<<blocks, threads, 0, current_stream()>>>(p);
    check(cudaGetLastError(), "the kernel of a graph");
  }

  /// Where the values of a node go.
  T* array(int node) {
    if (node == g_.outputs[0]) return pass_.to;
    return between_.try_emplace(node, size_).first->second.data();
  }

  const tensor::GraphPass<T>& pass_;
  graph::Graph g_;
  std::size_t size_;
  std::map<int, Buffer<T>> between_;
};

}  // namespace duet::device::cuda
