// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Random programs that the compiler writes and differentiates: on the static tape, as kernels and as maps.
#include <duet/duet.hpp>
#include <duet/tape/map.hpp>

#include "engine.hpp"

namespace {

using namespace property;

/// A program in constants, as the compiler should write it but once.
struct Written {
  Instruction code[128];
  std::size_t size;
  int inputs, registers, output;
};
template <int Index>
constexpr Written written_program() {
  const Subject s = subject(2, Index);
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

std::array<double, 4> padded(const std::vector<double>& x) {
  std::array<double, 4> all{};
  std::copy(x.begin(), x.end(), all.begin());
  return all;
}

template <int Index>
void static_tape(const Subject& s, std::uint64_t, Answers& answers) {
  for (std::size_t k = 0; k < points; ++k) {
    const auto [y, slopes] = duet::value_and_grad(Compiled<Index>{})(padded(s.x[k]));
    answers.push_back({k, 0, y});
    for (int i = 0; i < s.program.inputs; ++i) {
      answers.push_back({k, gradient + i, slopes[static_cast<std::size_t>(i)]});
    }
  }
}

/// A map over the points, whose sum has the gradients of all of them.
template <int Index>
void map_over_points(const Subject& s, std::uint64_t, Answers& answers) {
  duet::DynamicTape<double> tape;
  std::array<std::vector<duet::Var<double>>, 4> x;
  for (std::size_t k = 0; k < points; ++k) {
    const auto point = padded(s.x[k]);
    for (std::size_t i = 0; i < 4; ++i) x[i].push_back(tape.variable(point[i]));
  }
  using duet::each;
  const auto y = duet::map(OfFour<Index>{}, each(x[0]), each(x[1]), each(x[2]), each(x[3]));
  duet::Var<double> sum = 0;
  for (const auto& one : y) sum += one;
  tape.backward(sum);
  for (std::size_t k = 0; k < points; ++k) {
    answers.push_back({k, 0, y[k].primal()});
    for (int i = 0; i < s.program.inputs; ++i) {
      answers.push_back({k, gradient + i, x[static_cast<std::size_t>(i)][k].grad()});
    }
  }
}

/// Maps take the compiler longest, so they are made of one program in four.
template <int Index>
constexpr auto map_path() -> decltype(Path::run) {
  if constexpr (Index % 4 == 3) {
    return &map_over_points<Index>;
  } else {
    return nullptr;
  }
}

template <int Index>
void check(Counts& counts) {
  const Subject s = subject(2, Index);
  References<long double> reference(s);
  const Path paths[] = {{"the static tape", &static_tape<Index>}, {"a map", map_path<Index>(), 32}};
  ++counts.programs;
  for (const Path& path : paths) {
    if (!path.run) continue;
    Answers answers;
    path.run(s, Index, answers);
    const auto wrong = wrong_answer(path, answers, reference, counts);
    INFO(path.name << " of program " << Index << " of seed 2:\n" << AsCode::function(s.program));
    CHECK(!wrong.has_value());
  }
}

}  // namespace

TEST_CASE("programs written by the compiler have the same derivatives on the static tape and as maps") {
  Counts counts;
  [&]<int... Index>(std::integer_sequence<int, Index...>) { (check<Index>(counts), ...); }
  (std::make_integer_sequence<int, 60>{});
  MESSAGE(counts.programs << " programs, " << points << " points each, 2 paths: " << counts.comparisons
                          << " comparisons, " << counts.disagreements << " disagreements");
}
