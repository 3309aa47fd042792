// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <cstdio>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <duet/tool/columns.hpp>
#include <duet/tool/differences.hpp>

/// What a check of derivatives found.
namespace duet {

/// A derivative that is not what differences say.
struct Disagreement {
  std::string what;  // "jvp", "vjp", ...
  std::string of;    // the derivative of what, by what: names of leaves
  double derivative;
  check::Difference difference;
};

/// The outcome of a check, true if nothing disagreed: `CHECK(duet::check_grads(f, x))` in a test, which prints it if it
/// is false.
class Checked {
 public:
  explicit operator bool() const { return disagreements_.empty(); }
  std::size_t comparisons() const { return comparisons_; }
  const std::vector<Disagreement>& disagreements() const { return disagreements_; }

  void add_comparison() { ++comparisons_; }
  void add(Disagreement d) { disagreements_.push_back(std::move(d)); }
  /// The same as derivatives of what is a derivative itself, by `what`.
  Checked of_derivative(const std::string& what) const {
    Checked all = *this;
    for (Disagreement& d : all.disagreements_) d.what += " of " + what;
    return all;
  }
  Checked& operator+=(const Checked& other) {
    comparisons_ += other.comparisons_;
    disagreements_.insert(disagreements_.end(), other.disagreements_.begin(), other.disagreements_.end());
    return *this;
  }

 private:
  std::size_t comparisons_ = 0;
  std::vector<Disagreement> disagreements_;
};

/// A sentence, and a table of what disagrees.
inline std::string to_string(const Checked& checked) {
  const std::size_t wrong = checked.disagreements().size();
  if (wrong == 0) return std::to_string(checked.comparisons()) + " derivatives agree with differences\n";
  const auto number = [](double x) {
    char text[32];
    std::snprintf(text, sizeof text, "%.10g", x);
    return std::string(text);
  };
  std::string text = std::to_string(wrong) + " of " + std::to_string(checked.comparisons()) +
                     " derivatives disagree with differences\n";
  std::vector<std::vector<std::string>> rows{{"by", "derivative of", "derivative", "difference", "+-", "step"}};
  for (const Disagreement& d : checked.disagreements()) {
    rows.push_back({d.what, d.of, number(d.derivative), number(d.difference.value), number(d.difference.uncertainty),
                    number(d.difference.step)});
  }
  return text + tool::columns(rows, 4);
}

inline std::ostream& operator<<(std::ostream& out, const Checked& checked) { return out << to_string(checked); }

}  // namespace duet
