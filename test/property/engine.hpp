// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "as_code.hpp"
#include "derivatives.hpp"
#include "shrink.hpp"

/// Runs random programs on all paths and compares what they say.
namespace property {

/// A way to differentiate: adds what it finds at the points of a subject.
struct Path {
  const char* name;
  void (*run)(const Subject& s, std::uint64_t index, Answers& answers);
  /// How many times the bound an error may be. The bound counts the operations of duals; other paths carry them out in
  /// orders of their own.
  double slack = 4;
  /// An error that it has besides.
  double own_error = 0;

  double allowed(const Expected& e) const { return slack * e.bound + own_error; }
};

/// A comparison says nothing where the bound is this large compared with the number and with 1.
constexpr double largest_bound = 1e-3;

struct Counts {
  std::uint64_t programs = 0, comparisons = 0, loose = 0, disagreements = 0;
  /// The largest error, compared with what was allowed.
  double worst = 0;
};

/// The references of a subject's points.
template <class V>
class References {
 public:
  explicit References(const Subject& s) {
    for (const auto& x : s.x) of_.emplace_back(s.program, x);
  }
  Expected operator()(const Answer& a) { return of_[a.point](a.which); }

 private:
  std::vector<Reference<V>> of_;
};

/// The first answer that is wrong, if there is one.
template <class V>
std::optional<Answer> wrong_answer(const Path& path, const Answers& answers, References<V>& reference, Counts& counts) {
  std::optional<Answer> wrong;
  for (const Answer& a : answers) {
    const Expected e = reference(a);
    if (!(e.bound <= largest_bound * (1 + std::abs(e.value)))) {
      ++counts.loose;
      continue;
    }
    ++counts.comparisons;
    const double error = std::abs(a.value - e.value);
    if (error <= path.allowed(e)) {
      if (error > 0) counts.worst = std::max(counts.worst, error / path.allowed(e));
      continue;
    }
    ++counts.disagreements;
    if (!wrong) wrong = a;
  }
  return wrong;
}

inline Subject at_one_point(const Case& c) {
  Subject s{c.program, {}};
  s.x.assign(points, c.x);
  return s;
}

/// The smallest case found in which a path is wrong, starting from a wrong answer.
template <class V>
Case smallest_failure(const Path& path, const Subject& s, std::uint64_t index, const Answer& wrong) {
  const auto fails = [&](const Case& c) {
    const Subject one = at_one_point(c);
    Answers answers;
    path.run(one, index, answers);
    References<V> reference(one);
    Counts ignored;
    return wrong_answer(path, answers, reference, ignored).has_value();
  };
  const Case start{s.program, s.x[wrong.point]};
  return fails(start) ? Shrinker(start, fails).smallest() : start;
}

inline std::string name_of(Which which) {
  if (which == 0) return "value";
  if (which >= gradient) return "derivative with respect to x[" + std::to_string(which - gradient) + "]";
  std::string along;
  for (int k = 0; k < 3; ++k) {
    if (which & 1 << k) along += (along.empty() ? "" : ", ") + std::to_string(k);
  }
  return "derivative along directions " + along;
}

/// What to know of a failure.
template <class V>
std::string report(const Path& path, const Case& c, std::uint64_t index) {
  std::ostringstream out;
  out.precision(17);
  const Subject one = at_one_point(c);
  Answers answers;
  path.run(one, index, answers);
  References<V> reference(one);
  Counts ignored;
  out << path.name << ":\n";
  if (const auto wrong = wrong_answer(path, answers, reference, ignored)) {
    const Expected e = reference(*wrong);
    out << name_of(wrong->which) << ": " << wrong->value << ", expected " << e.value << " within " << path.allowed(e)
        << '\n';
  }
  out << AsCode::function(c.program) << "at x = {";
  for (std::size_t k = 0; k < c.x.size(); ++k) out << (k ? ", " : "") << as_number(c.x[k]);
  out << "}\n";
  return out.str();
}

/// The number that an environment variable holds.
inline std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// Compares all paths on `count` programs; DUET_PROPERTY_TIMES multiplies that, DUET_PROPERTY_SEED chooses others, and
/// DUET_PROPERTY_PROGRAM one of them alone. Every failure is printed with what it takes to run it again, the first of
/// each path as a small program.
template <class V, std::size_t N>
Counts compare(const Path (&paths)[N], std::uint64_t count) {
  const std::uint64_t seed = setting("DUET_PROPERTY_SEED", 1),
                      one = setting("DUET_PROPERTY_PROGRAM", ~std::uint64_t{0});
  count *= setting("DUET_PROPERTY_TIMES", 1);
#ifndef __OPTIMIZE__
  count /= 10;  // as many as take the same time
#endif
  const std::uint64_t first = ~one ? one : 0, end = ~one ? one + 1 : count;
  Counts counts;
  bool shown[N]{};
  Answers answers;
  for (std::uint64_t index = first; index < end; ++index) {
    const Subject s = subject(seed, index);
    References<V> reference(s);
    ++counts.programs;
    for (std::size_t k = 0; k < N; ++k) {
      answers.clear();
      paths[k].run(s, index, answers);
      const auto wrong = wrong_answer(paths[k], answers, reference, counts);
      if (!wrong) continue;
      const Expected e = reference(*wrong);
      MESSAGE(std::string(paths[k].name) << ": DUET_PROPERTY_SEED=" << seed << " DUET_PROPERTY_PROGRAM=" << index
                                         << ", " << name_of(wrong->which) << ": " << wrong->value << ", expected "
                                         << e.value << " within " << paths[k].allowed(e));
      if (!shown[k]) MESSAGE(report<V>(paths[k], smallest_failure<V>(paths[k], s, index, *wrong), index));
      shown[k] = true;
    }
  }
  MESSAGE(counts.programs << " programs, " << points << " points each, " << N << " paths: " << counts.comparisons
                          << " comparisons, " << counts.disagreements << " disagreements; largest error "
                          << counts.worst << " bounds, " << counts.loose << " bounds too large to compare");
  CHECK(counts.disagreements == 0);
  return counts;
}

}  // namespace property
