// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "protocol.hpp"

namespace bench {

/// The numbers of a matrix that JSON holds row by row.
inline std::vector<double> joined_rows(const json& rows) {
  std::vector<double> numbers;
  for (const json& row : rows) {
    for (const json& number : row) {
      numbers.push_back(number);
    }
  }
  return numbers;
}

/// Numbers as so many rows of equal length, in JSON.
inline json rows_of(std::span<const double> numbers, std::size_t count) {
  json rows = json::array();
  const std::size_t length = count == 0 ? 0 : numbers.size() / count;
  for (std::size_t i = 0; i < count; ++i) {
    rows.push_back(numbers.subspan(i * length, length));
  }
  return rows;
}

}  // namespace bench
