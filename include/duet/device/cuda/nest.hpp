// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/device/cuda/layout.hpp>
#include <duet/device/cuda/table.hpp>

/// The loops of a move as kernels go through them.
namespace duet::device::cuda {

/// Loops, the innermost first, of which each thread works out where its element lies.
struct Nest {
  static constexpr int most = 8;

  int count = 0;
  bool small = true;  ///< whether there are less than 2^31 elements
  Divisor size[most];
  Integer a[most]{}, b[most]{};
  int table_at = -1;  ///< the loop that has a table, which is not part of the sums
  const Integer* table = nullptr;

  /// Offsets in both arrays, and the position in the table.
  struct At {
    Integer a = 0, b = 0, position = 0;
  };

  void add(const tensor::Loops::Loop& loop) {
    if (loop.table) {
      table_at = count;
      table = loop.whole->elsewhere<DeviceTable>().places();
    } else if (loop.size == 1) {
      return;
    }
    size[count] = Divisor(loop.size);
    a[count] = loop.a;
    b[count] = loop.b;
    ++count;
  }

  /// Where element `e` is, without what the table says.
  constexpr At locate(std::uint64_t e) const {
    At at;
    for (int k = 0; k < count; ++k) {
      const std::uint64_t rest = k + 1 < count ? size[k].quotient(e, small) : 0;
      const auto i = static_cast<Integer>(e - rest * size[k].value);
      if (k == table_at) {
        at.position = i;
      } else {
        at.a += i * a[k];
        at.b += i * b[k];
      }
      e = rest;
    }
    return at;
  }
  /// The same with the table's place number `at.position`, which may be counted in vectors of `2^shift` elements.
  constexpr At with_table(At at, int shift = 0) const {
    if (table_at >= 0) {
      at.a += table[at.position] >> shift;
      at.b += at.position * b[table_at];
    }
    return at;
  }
};

}  // namespace duet::device::cuda
