// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Random programs that the compiler writes and differentiates: on the static tape, as kernels and as maps.
#include <duet/duet.hpp>
#include <duet/tape/map.hpp>

#include "written.hpp"

namespace {

using namespace property;
using Var = duet::Var<double>;

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

/// A record for each point; arguments that the program doesn't use are plain numbers.
template <int Index>
void kernel(const Subject& s, std::uint64_t, Answers& answers) {
  constexpr std::size_t inputs = static_cast<std::size_t>(program<Index>.inputs);
  duet::DynamicTape<double> tape;
  for (std::size_t k = 0; k < points; ++k) {
    std::array<Var, inputs> x;
    for (std::size_t i = 0; i < inputs; ++i) x[i] = tape.variable(s.x[k][i]);
    const auto argument = [&](auto i) {
      if constexpr (i < inputs) {
        return x[i];
      } else {
        return 0.0;
      }
    };
    const Var y = [&]<std::size_t... I>(std::index_sequence<I...>) {
      return duet::kernel(OfFour<Index>{})(argument(std::integral_constant<std::size_t, I>{})...);
    }
    (std::make_index_sequence<4>{});
    tape.backward(y);
    answers.push_back({k, 0, y.primal()});
    for (std::size_t i = 0; i < inputs; ++i) answers.push_back({k, gradient + static_cast<int>(i), x[i].grad()});
  }
}

/// A map over the points, whose sum has the gradients of all of them.
template <int Index>
void map_over_points(const Subject& s, std::uint64_t, Answers& answers) {
  duet::DynamicTape<double> tape;
  std::array<std::vector<Var>, 4> x;
  for (std::size_t k = 0; k < points; ++k) {
    const auto point = padded(s.x[k]);
    for (std::size_t i = 0; i < 4; ++i) x[i].push_back(tape.variable(point[i]));
  }
  using duet::each;
  const auto y = duet::map(OfFour<Index>{}, each(x[0]), each(x[1]), each(x[2]), each(x[3]));
  Var sum = 0;
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
  const Path paths[] = {
      {"the static tape", &static_tape<Index>}, {"a kernel", &kernel<Index>}, {"a map", map_path<Index>(), 32}};
  check_written(Index, paths, counts);
}

}  // namespace

TEST_CASE("programs written by the compiler have the same derivatives on the static tape, as kernels and as maps") {
  Counts counts;
  [&]<int... Index>(std::integer_sequence<int, Index...>) { (check<Index>(counts), ...); }
  (std::make_integer_sequence<int, 32>{});
  tell(counts, 3);
}
