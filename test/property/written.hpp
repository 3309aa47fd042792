// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "engine.hpp"

/// Random programs that the compiler writes.
namespace property {

/// Programs that the compiler writes take it long, so each compiler has its own.
#ifdef __clang__
inline constexpr std::uint64_t written_seed = 3;
#else
inline constexpr std::uint64_t written_seed = 2;
#endif

/// A program in constants, as the compiler should write it but once.
struct Written {
  Instruction code[128];
  std::size_t size;
  int inputs, registers, output;
};
template <int Index>
constexpr Written written_program() {
  const Subject s = subject(written_seed, Index);
  Written w{{}, s.program.code.size(), s.program.inputs, s.program.registers, s.program.outputs[0]};
  for (std::size_t i = 0; i < w.size; ++i) w.code[i] = s.program.code[i];
  return w;
}
template <int Index>
inline constexpr Written program = written_program<Index>();

/// Program number `Index` as a function of an array of four, of which it may use fewer.
template <int Index>
struct Compiled {
  template <class T>
  constexpr T operator()(const std::array<T, 4>& x) const {
    constexpr const Written& p = program<Index>;
    std::vector<T> v(static_cast<std::size_t>(p.registers), T(0));
    for (int i = 0; i < p.inputs; ++i) v[static_cast<std::size_t>(i)] = x[static_cast<std::size_t>(i)];
    execute<T>(Code(p.code, p.size), v);
    return v[static_cast<std::size_t>(p.output)];
  }
};
/// The same of four numbers.
template <int Index>
struct OfFour {
  template <class T>
  constexpr T operator()(const T& a, const T& b, const T& c, const T& d) const {
    return Compiled<Index>{}(std::array<T, 4>{a, b, c, d});
  }
};

inline std::array<double, 4> padded(const std::vector<double>& x) {
  std::array<double, 4> all{};
  std::copy(x.begin(), x.end(), all.begin());
  return all;
}

/// Compares the paths that a program has with what it should give; a path that it doesn't have is null.
template <std::size_t N>
void check_written(std::uint64_t index, const Path (&paths)[N], Counts& counts) {
  const Subject s = subject(written_seed, index);
  References<long double> reference(s);
  ++counts.programs;
  for (const Path& path : paths) {
    if (!path.run) continue;
    Answers answers;
    path.run(s, index, answers);
    const auto wrong = wrong_answer(path, answers, reference, counts);
    INFO(path.name << " of program " << index << " of seed " << written_seed << ":\n" << AsCode::function(s.program));
    CHECK(!wrong.has_value());
  }
}

inline void tell(const Counts& counts, int paths) {
  MESSAGE(counts.programs << " programs, " << points << " points each, " << paths << " paths: " << counts.comparisons
                          << " comparisons, " << counts.disagreements << " disagreements");
}

}  // namespace property
