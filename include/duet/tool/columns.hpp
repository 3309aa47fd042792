// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <string>
#include <vector>

namespace duet::tool {

/// Lines in columns, of which the last `right` are flush right.
inline std::string columns(const std::vector<std::vector<std::string>>& lines, std::size_t right) {
  std::vector<std::size_t> width;
  for (const auto& line : lines) {
    width.resize(line.size(), 0);
    for (std::size_t c = 0; c < line.size(); ++c) width[c] = width[c] > line[c].size() ? width[c] : line[c].size();
  }
  std::string text;
  for (const auto& line : lines) {
    std::string row;
    for (std::size_t c = 0; c < line.size(); ++c) {
      const std::string space(width[c] - line[c].size(), ' ');
      row += (c > 0 ? "  " : "") + (c + right >= line.size() ? space + line[c] : line[c] + space);
    }
    text += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

}  // namespace duet::tool
