// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// What a tape drops is gone for good: positions, rewinding, clearing, and what becomes of variables then.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "slope.hpp"

namespace {

using duet::TapeError;
using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;

}  // namespace

TEST_CASE("rewinding drops what came later and keeps what came before") {
  Tape tape;
  const Number x = tape.variable(3);
  const Number kept = x * x;
  const auto here = tape.position();
  const std::size_t memory = tape.memory();
  const Number dropped = sin(kept) * kept;
  CHECK(tape.memory() > memory);
  tape.rewind(here);
  CHECK(tape.owns(x));
  CHECK(tape.owns(kept));
  CHECK(!tape.owns(dropped));
  const Number y = kept * x;
  CHECK(slope(tape, y, x) == 27);
  CHECK(kept.grad() == 3);
}

TEST_CASE("a dropped variable is an error in every use, also when its place has been taken by another") {
  Tape tape;
  const Number x = tape.variable(3);
  const auto here = tape.position();
  const Number dropped = x * x;
  for (int taken = 0; taken < 3; ++taken) {
    tape.rewind(here);
    Number another = x;
    for (int i = 0; i < taken; ++i) another = another + x;
    CHECK_THROWS_AS(Number(dropped * 2), TapeError);
    CHECK_THROWS_AS(Number(x + dropped), TapeError);
    CHECK_THROWS_AS(Number(sin(dropped)), TapeError);
    CHECK_THROWS_AS(tape.backward(dropped), TapeError);
    CHECK_THROWS_AS(dropped.grad(), TapeError);
    CHECK_THROWS_AS(tape.grad(dropped), TapeError);
    CHECK(dropped.primal() == 9);
    CHECK(slope(tape, another, x) == taken + 1);
  }
}

TEST_CASE("every use of a dropped variable is found out, whatever was recorded before and after in whatever order") {
  // random programs over: make a variable, add one to a recent number, dead or alive, remember a place, rewind, clear
  std::mt19937 random(1);
  const auto below = [&](int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); };
  int wrong = 0, dead_uses = 0;
  for (int program = 0; program < 30'000; ++program) {
    Tape tape;
    struct Made {
      Number x;
      bool alive;
    };
    std::vector<Made> all;
    std::vector<std::size_t> alive;  // places in `all`
    const auto add = [&](const Number& x) {
      alive.push_back(all.size());
      all.push_back({x, true});
    };
    struct Place {
      Tape::Position position;
      std::size_t alive;
    };
    std::vector<Place> places{{tape.position(), 0}};
    for (int step = 0; step < 24; ++step) {
      switch (below(8)) {
        case 0:
          add(tape.variable(1));
          break;
        case 1:
          places.push_back({tape.position(), alive.size()});
          break;
        case 2: {
          places.resize(static_cast<std::size_t>(1 + below(static_cast<int>(places.size()))));
          tape.rewind(places.back().position);
          for (; alive.size() > places.back().alive; alive.pop_back()) all[alive.back()].alive = false;
          break;
        }
        default: {
          if (all.empty()) break;
          const Made from = all[all.size() - 1 - static_cast<std::size_t>(below(std::min(4, int(all.size()))))];
          dead_uses += !from.alive;
          try {
            const Number y = from.x + 1.0;
            wrong += !from.alive;
            add(y);
          } catch (const TapeError&) {
            wrong += from.alive;
          }
        }
      }
    }
    for (const Made& m : all) wrong += tape.owns(m.x) != m.alive;
  }
  CHECK(wrong == 0);
  CHECK(dead_uses > 10'000);
}

TEST_CASE("the same differences of places and eras do not make a dropped variable look alive") {
  for (bool in_a_later_era : {false, true}) {
    Tape tape;
    const auto begin = tape.position();
    const Number x = tape.variable(1);
    const Number y = x + 1.0;
    const auto here = tape.position();
    const Number dropped = y + 1.0;
    tape.rewind(here);
    const Number once = y + 1.0;      // one variable and one era back
    const Number twice = once + 1.0;  // one variable back
    if (in_a_later_era) {
      tape.rewind(begin);
      const Number other = tape.variable(1), z = other + 1.0;
      CHECK(slope(tape, z, other) == 1);
      CHECK_THROWS_AS(Number(once + 1.0), TapeError);
    } else {
      CHECK(slope(tape, twice, x) == 1);
      CHECK_THROWS_AS(Number(dropped + 1.0), TapeError);
    }
  }
}

TEST_CASE("a position serves any number of times, also one that was taken right after rewinding") {
  Tape tape;
  const Number x = tape.variable(2);
  const auto first = tape.position();
  Number y = x * x;
  tape.rewind(first);
  const auto second = tape.position();
  for (int i = 0; i < 3; ++i) {
    y = x * x * x;
    CHECK(slope(tape, y, x) == 12);
    tape.rewind(second);
    y = x + x;
    tape.rewind(first);
  }
  tape.clear();
  const auto empty = tape.position();
  for (int i = 0; i < 3; ++i) {
    const Number z = tape.variable(5);
    y = z * z;
    CHECK(slope(tape, y, z) == 10);
    tape.rewind(empty);
    CHECK(!tape.owns(z));
  }
}

TEST_CASE("a position in what has been dropped, or of another tape, is an error") {
  Tape tape;
  const Number x = tape.variable(2);
  const auto early = tape.position();
  Number y = x * x;
  const auto late = tape.position();
  tape.rewind(early);
  CHECK_THROWS_AS(tape.rewind(late), TapeError);
  y = x + x;
  CHECK_THROWS_AS(tape.rewind(late), TapeError);  // something else stands there
  CHECK(slope(tape, y, x) == 2);
  CHECK_THROWS_AS(tape.rewind(Tape::Position{}), TapeError);
  {
    Tape other;
    CHECK_THROWS_AS(other.rewind(early), TapeError);
  }
  tape.clear();
  CHECK_THROWS_AS(tape.rewind(early), TapeError);
}

TEST_CASE("clearing drops all, keeps nothing in memory() that grows, and the tape works as a new one does") {
  Tape tape;
  std::size_t memory = 0;
  for (int i = 0; i < 5; ++i) {
    const Number x = tape.variable(i), w = tape.variable(1);
    Number y = x;
    for (int k = 0; k < 100; ++k) y = sin(y) + w * x;
    const double first = slope(tape, y, w);
    CHECK(std::isfinite(first));
    if (i == 1) memory = tape.memory();
    if (i > 1) CHECK(tape.memory() == memory);
    tape.clear();
    CHECK(!tape.owns(x));
    CHECK_THROWS_AS(x.grad(), TapeError);
    CHECK_THROWS_AS(Number(x * w), TapeError);
  }
}

TEST_CASE("rewinding over and over, keeping a little each time, takes no longer the more has been kept") {
  // 200,000 eras with something left of each: a search through all of them would take minutes
  Tape tape;
  const Number x = tape.variable(1);
  Number y = x;
  for (int i = 0; i < 200'000; ++i) {
    y = y + x;
    const auto here = tape.position();
    Number tried = y * y;
    tried = tried + x;
    tape.rewind(here);
  }
  CHECK(slope(tape, y, x) == 200'001);
}

TEST_CASE("gradients of what is kept survive rewinding") {
  Tape tape;
  const Number x = tape.variable(2);
  const auto here = tape.position();
  for (int i = 1; i <= 3; ++i) {
    const Number y = x * x;
    tape.backward(y);
    tape.rewind(here);
    CHECK(x.grad() == 4 * i);
  }
}

TEST_CASE("variables made between statements may be rewound one by one") {
  Tape tape;
  std::vector<Tape::Position> positions;
  std::vector<Number> x;
  for (int i = 0; i < 20; ++i) {
    positions.push_back(tape.position());
    x.push_back(tape.variable(i));
    if (i % 3 == 0) x.back() = x.back() * 2;
  }
  Number sum = 0;
  for (const Number& one : x) sum += one;
  tape.backward(sum);
  for (int i = 19; i >= 0; --i) {
    CHECK(x[static_cast<std::size_t>(i)].grad() == 1);
    tape.rewind(positions[static_cast<std::size_t>(i)]);
    CHECK_THROWS_AS(x[static_cast<std::size_t>(i)].grad(), TapeError);
    // a sweep over what is left
    if (i > 1) {
      tape.zero_grad();
      tape.backward(Number(x[0] * x[1]));
      CHECK(x[1].grad() == 0);
      tape.backward(Number(x[0] + x[1]));
      CHECK(x[1].grad() == 1);
    }
    if (i > 1) {
      Number rest = 0;
      for (int k = 0; k < i; ++k) rest += x[static_cast<std::size_t>(k)];
      tape.zero_grad();
      tape.backward(rest);
    }
  }
}
