// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Long and irregular recordings: what a tape shares between statements must never mix them up.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

#include <duet/forward/forward.hpp>
#include <duet/tape/record.hpp>

namespace {

using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;
constexpr int directions = 8;
using Dual = duet::Dual<double, directions>;

/// One of many statements, of one to six operands, cheap and dear, with and without plain numbers; bounded.
template <class T>
T statement(int which, const std::array<const T*, 6>& p, double c) {
  using std::sin, std::cos, std::exp;
  const T &a = *p[0], &b = *p[1], &d = *p[2], &e = *p[3], &f = *p[4], &g = *p[5];
  switch (which) {
    case 0:
      return a * 0.5 + b * 0.5;
    case 1:
      return sin(a * b);
    case 2:
      return (a + b + d) / 3;
    case 3:
      return a * c + d * (1 - c);
    case 4:
      return cos(a + c * b) * d;
    case 5:
      return a / (2 + b * b);
    case 6:
      return exp(-a * a) * b;
    case 7:
      return 0.25 * (a * b / (1 + a * a) + d * e / (1 + d * d) + f + g * c);
    case 8:
      return max(a, b) - c;
    case 9:
      return -a;
    case 10:
      return a < b ? T(a * 0.9) : T(b + 0.1 * a);
    case 11:
      return (a * b + b * d) * c / (1 + a * a + b * b) * 0.5 + e * 0.1;
    default:
      return 0.1 * a + sin(b) * 0.1 + c * d * 0.1 - e * 0.1;
  }
}
constexpr int statements = 13;

/// Inputs and results side by side, as duals with known derivatives and as variables of the tape.
struct Both {
  std::vector<Dual> dual;
  std::vector<Number> number;

  std::size_t size() const { return dual.size(); }
  void add(const Dual& d, const Number& n) {
    dual.push_back(d);
    number.push_back(n);
  }
  void resize(std::size_t n) {
    dual.resize(n);
    number.resize(n);
  }
  void record(int which, const std::array<std::size_t, 6>& from, double c) {
    std::array<const Dual*, 6> d;
    std::array<const Number*, 6> v;
    for (std::size_t k = 0; k < 6; ++k) d[k] = &dual[from[k]], v[k] = &number[from[k]];
    const Dual y = statement<Dual>(which, d, c);
    const Number z = statement<Number>(which, v, c);
    add(y, z);
  }
};

class Programs {
 public:
  explicit Programs(unsigned seed) : random_(seed) {}

  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
  double number() { return std::uniform_real_distribution<double>(-1, 1)(random_); }

  /// `n` new variables for all directions, and a passive number.
  void inputs(Tape& tape, Both& v) {
    for (int k = 0; k < directions; ++k) {
      const double x = number();
      v.add(Dual::variable(x, k), tape.variable(x));
    }
    v.add(Dual(0.5), Number(0.5));
  }

  /// Statements on operands anywhere.
  void irregular(Both& v, int count) {
    for (int i = 0; i < count; ++i) {
      std::array<std::size_t, 6> from;
      for (auto& one : from) one = static_cast<std::size_t>(below(static_cast<int>(v.size())));
      v.record(below(statements), from, number());
    }
  }

  /// A loop whose body reads from fixed distances, now and then from elsewhere, with changing passive numbers.
  void regular(Both& v, int rounds) {
    struct Line {
      int which;
      std::array<std::size_t, 6> back;
      double c;
      bool constant;
    };
    std::vector<Line> body(static_cast<std::size_t>(1 + below(4)));
    for (Line& line : body) {
      line.which = below(statements);
      for (auto& one : line.back) one = static_cast<std::size_t>(1 + below(6));
      line.c = number();
      line.constant = below(2);
    }
    for (int i = 0; i < rounds; ++i) {
      for (Line& line : body) {
        std::array<std::size_t, 6> from;
        for (std::size_t k = 0; k < 6; ++k) from[k] = v.size() - line.back[k];
        if (below(16) == 0) from[0] = static_cast<std::size_t>(below(static_cast<int>(v.size())));
        v.record(line.which, from, line.constant ? line.c : number());
      }
    }
  }

  /// Whether a sweep gives what the duals say, for some of the results.
  bool agree(Tape& tape, const Both& v) {
    const std::size_t n = v.size();
    bool same = true;
    for (const std::size_t output : {n - 1, n / 2, static_cast<std::size_t>(below(static_cast<int>(n)))}) {
      tape.zero_grad();
      tape.backward(v.number[output]);
      double scale = 1;
      for (double t : v.dual[output].tangents()) scale = std::max(scale, std::abs(t));
      for (int k = 0; k < directions; ++k) {
        const double expected = v.dual[output].tangent(k), got = v.number[static_cast<std::size_t>(k)].grad();
        same = same && std::abs(got - expected) <= 1e-11 * scale;
      }
      same = same && v.number[output].primal() == v.dual[output].primal();
    }
    return same;
  }

 private:
  std::mt19937 random_;
};

}  // namespace

TEST_CASE("programs of thousands of statements on operands anywhere have the gradients that duals have") {
  Programs random(1);
  for (int program = 0; program < 20; ++program) {
    Tape tape;
    Both v;
    random.inputs(tape, v);
    random.irregular(v, 3000);
    CHECK(random.agree(tape, v));
  }
}

TEST_CASE("loops that alternate between patterns, with irregular parts between them") {
  Programs random(2);
  for (int program = 0; program < 100; ++program) {
    Tape tape;
    Both v;
    random.inputs(tape, v);
    for (int part = 0; part < 6; ++part) {
      random.regular(v, 1 + random.below(60));
      random.irregular(v, random.below(10));
    }
    CHECK(random.agree(tape, v));
  }
}

TEST_CASE("rewinding in the middle and going on differently, on one tape that is cleared between programs") {
  Programs random(3);
  Tape tape;
  for (int program = 0; program < 200; ++program) {
    Both v;
    random.inputs(tape, v);
    struct Place {
      Tape::Position position;
      std::size_t size;
    };
    std::vector<Place> places;
    for (int part = 0; part < 12; ++part) {
      places.push_back({tape.position(), v.size()});
      random.below(2) ? random.regular(v, 1 + random.below(20)) : random.irregular(v, random.below(20));
      if (random.below(3) == 0) {
        places.resize(1 + static_cast<std::size_t>(random.below(static_cast<int>(places.size()))));
        tape.rewind(places.back().position);
        v.resize(places.back().size);
      }
    }
    CHECK(random.agree(tape, v));
    tape.clear();
  }
}

TEST_CASE("rows that are dropped when there are many leave nothing behind that is mistaken for others") {
  Programs random(4);
  Tape tape;
  Both v;
  random.inputs(tape, v);
  for (int round = 0; round < 8; ++round) {
    const auto here = tape.position();
    const std::size_t size = v.size();
    random.irregular(v, 12'000);  // more rows than are kept for the next time
    CHECK(random.agree(tape, v));
    tape.rewind(here);
    v.resize(size);
    random.regular(v, 20);
    random.irregular(v, 5);
    CHECK(random.agree(tape, v));
  }
}

TEST_CASE("inner tapes in the middle of an outer recording do not disturb it") {
  Programs random(5);
  Tape tape;
  Both v;
  random.inputs(tape, v);
  for (int part = 0; part < 30; ++part) {
    random.regular(v, 5);
    Tape inner;
    Both w;
    random.inputs(inner, w);
    random.regular(w, 20);
    random.irregular(w, 20);
    CHECK(random.agree(inner, w));
  }
  CHECK(random.agree(tape, v));
}

TEST_CASE("chains of a million statements need no recursion") {
  Tape tape;
  const Number x = tape.variable(0.5);
  Number y = x;
  for (int i = 0; i < 1'000'000; ++i) y = sin(y) * 0.5 + x;
  CHECK(std::isfinite(y.primal()));
  tape.backward(y);
  // the fixed point y = sin(y) / 2 + x: dy/dx = 1 / (1 - cos(y) / 2)
  CHECK(x.grad() == doctest::Approx(1 / (1 - std::cos(y.primal()) / 2)));
}

TEST_CASE("ten million statements take memory in proportion, and no more when recorded again") {
  Tape tape;
  const auto record = [&](int count) {
    const Number x = tape.variable(0.5), w = tape.variable(2);
    Number a = x, b = w;
    for (int i = 0; i < count; i += 2) {
      a = a * 0.5 + b * 0.25;
      b = b * 0.5 + a * 0.25 + x * 0.125;
    }
    return std::array{x, b};
  };
  record(1'000'000);
  const double once = static_cast<double>(tape.memory());
  tape.clear();
  const auto [x, y] = record(10'000'000);
  const double ten = static_cast<double>(tape.memory());
  CHECK(ten / once == doctest::Approx(10).epsilon(0.01));
  tape.backward(y);
  CHECK(std::isfinite(x.grad()));
}
