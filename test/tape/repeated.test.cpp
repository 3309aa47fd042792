// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Long statements that a loop repeats, of which the sweep takes several at once, give the derivatives that they give
// one by one. Compiled once more for registers that hold several doubles.

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <duet/duet.hpp>

namespace {

using duet::DynamicTape;
using duet::Var;

/// How many records a sweep takes at once.
template <class T>
constexpr std::size_t at_once = 2 * duet::tape::Several<T>::size;

/// A loop that appends to a row of numbers, in turn for each of `fields`, a number made of earlier ones, none of which
/// is nearer than `distance`, or `last_distance` for the last field.
struct Loop {
  std::size_t fields;
  std::size_t distance;
  std::size_t steps;
  std::size_t last_distance = distance;
  std::size_t inputs() const { return distance + 40; }
};

template <class N, class T>
N next(const N& a, const N& b, const N& c, T factor) {
  return T(0.9) * (a + factor * (a * b - b * c + a * c) + T(0.25) * ((c - a) * (b + a) / (T(4) + b)));
}
/// Another statement, which keeps the ones around it apart.
template <class T>
Var<T> other(const Var<T>& a, const Var<T>& b) {
  return a * b + a * a - b * b + (a + b) * (a - b) + T(2) * b + a * b;
}

/// The row after a loop. What `between` does after each step leaves the numbers as they are.
template <class T>
std::vector<Var<T>> row_of(const Loop& loop, std::vector<Var<T>> row, auto between) {
  for (std::size_t step = 0; step < loop.steps; ++step) {
    for (std::size_t field = 0; field < loop.fields; ++field) {
      const std::size_t end = row.size() - (field + 1 < loop.fields ? loop.distance : loop.last_distance);
      row.push_back(next(row[end], row[end - 2 - field], row[end - 7 + field], T(0.1)));
    }
    between(row);
  }
  return row;
}

/// The gradient of the last elements, where every third weight is `weight`.
template <class T>
std::vector<T> gradient(const Loop& loop, T weight, auto between) {
  DynamicTape<T> tape;
  std::vector<Var<T>> x;
  for (std::size_t k = 0; k < loop.inputs(); ++k) x.push_back(tape.variable(T(0.3) + T(0.01) * static_cast<T>(k % 13)));
  const std::vector<Var<T>> row = row_of<T>(loop, x, between);
  const std::vector<Var<T>> ends(row.end() - 40, row.end());
  std::vector<T> seeds;
  for (std::size_t k = 0; k < ends.size(); ++k)
    seeds.push_back(k % 3 == 0 ? weight : T(0.5) + T(0.1) * static_cast<T>(k));
  tape.backward(ends, seeds);
  std::vector<T> result;
  for (const Var<T>& one : x) result.push_back(one.grad());
  return result;
}

const auto nothing = [](const auto&) {};
const auto statement = [](const auto& row) { other(row[row.size() - 39], row[row.size() - 40]); };
template <class T>
const auto variable = [](const auto&) { DynamicTape<T>::active()->variable(T(1)); };

template <class T>
void check_close(const std::vector<T>& a, const std::vector<T>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t k = 0; k < a.size(); ++k) {
    CHECK(a[k] == doctest::Approx(b[k]).epsilon(200 * std::numeric_limits<T>::epsilon()));
  }
}

}  // namespace

TEST_CASE_TEMPLATE("loops of one field and more have the gradient of statements that are swept one by one", T, double,
                   float) {
  const std::size_t count = at_once<T>;
  for (std::size_t fields : {1, 2, 3}) {
    for (std::size_t distance : {std::size_t{1}, count - 1, count, count + 1, 3 * count}) {
      for (std::size_t steps : {std::size_t{1}, count - 1, count, 5 * count + 3, 6 * count - 1}) {
        for (std::size_t last_distance : {distance, std::size_t{1}}) {
          CAPTURE(fields);
          CAPTURE(distance);
          CAPTURE(steps);
          CAPTURE(last_distance);
          const Loop loop{fields, distance, steps, last_distance};
          const T weight = steps % 2 == 0 ? T(0) : T(1);
          const std::vector<T> alone = gradient<T>(loop, weight, [](const auto& row) {
            other(row.back(), row.back());
            other(Var<T>(row.front() + row.back()), row.front());
          });
          check_close(gradient<T>(loop, weight, nothing), alone);
          check_close(gradient<T>(loop, weight, statement), alone);
          check_close(gradient<T>(loop, weight, variable<T>), alone);
        }
      }
    }
  }
}

TEST_CASE_TEMPLATE("records are swept at once if there are enough that read from afar, in one field or two", T, double,
                   float) {
  const std::size_t count = at_once<T>;
  const auto together = [&](const Loop& loop, auto between) {
    DynamicTape<T> tape;
    std::vector<Var<T>> x;
    for (std::size_t k = 0; k < loop.inputs(); ++k) x.push_back(tape.variable(T(0.5)));
    row_of<T>(loop, x, between);
    const auto records = tape.records();
    return duet::tape::alike_up_to(&records.back(), &records.front(), tape.input_rows().rows(),
                                   records.back().kind->inputs, static_cast<int>(count))
        .together;
  };
  CHECK(together({1, count, count}, nothing));
  CHECK(together({2, count, count / 2}, nothing));
  CHECK_FALSE(together({3, count, count}, nothing));
  CHECK_FALSE(together({2, count, count, 1}, nothing));
  CHECK_FALSE(together({2, 1, count, count}, nothing));
  CHECK_FALSE(together({1, count - 1, count}, nothing));
  CHECK_FALSE(together({1, count, count - 1}, nothing));
  CHECK_FALSE(together({1, count, count}, statement));
  CHECK_FALSE(together({1, count, count}, variable<T>));
}

TEST_CASE_TEMPLATE("numbers that change from step to step keep records apart", T, double, float) {
  DynamicTape<T> tape;
  const std::size_t steps = 4 * at_once<T>;
  std::vector<Var<T>> row;
  for (std::size_t k = 0; k < 60; ++k) row.push_back(tape.variable(T(0.25)));
  std::vector<Var<T>> ends;
  for (std::size_t step = 0; step < steps; ++step) {
    const Var<T>&a = row[step % 20], &b = row[20 + step % 20], &c = row[40 + step % 20];
    ends.push_back(next(a, b, c, static_cast<T>(step)));
  }
  tape.backward(ends, {});
  // the derivative by a, at equal numbers, is 0.9 (1 + factor (b + c) - (b + a) / (4 + b) / 4)
  for (std::size_t k = 0; k < 20; ++k) {
    T expected = 0;
    for (std::size_t step = k; step < steps; step += 20) {
      expected += T(0.9) * (T(1) + static_cast<T>(step) * T(0.5) - T(0.25) * (T(0.5) / T(4.25)));
    }
    CHECK(row[k].grad() == doctest::Approx(expected).epsilon(100 * std::numeric_limits<T>::epsilon()));
  }
}

TEST_CASE_TEMPLATE("a derivative of zero stays zero beside others, whatever it is multiplied by", T, double, float) {
  DynamicTape<T> tape;
  const std::size_t steps = 3 * at_once<T>;
  std::vector<Var<T>> a, b;
  for (std::size_t k = 0; k < steps; ++k) a.push_back(tape.variable(T(2)));
  for (std::size_t k = 0; k < steps; ++k) b.push_back(tape.variable(k % 5 == 0 ? T(0) : T(4)));
  std::vector<Var<T>> ends;
  for (std::size_t k = 0; k < steps; ++k) {
    ends.push_back(a[k] / b[k] + a[k] * b[k] - a[k] * a[k] + b[k] * b[k] + (a[k] + b[k]));
  }
  std::vector<T> seeds;
  for (std::size_t k = 0; k < steps; ++k) seeds.push_back(k % 5 == 0 ? T(0) : T(1));
  tape.backward(ends, seeds);
  for (std::size_t k = 0; k < steps; ++k) {
    CHECK(a[k].grad() == (k % 5 == 0 ? T(0) : T(1.25)));
    CHECK(b[k].grad() == (k % 5 == 0 ? T(0) : T(10.875)));
  }
}

TEST_CASE_TEMPLATE("a factor of zero makes a constant of what is infinite, at once as one by one", T, double, float) {
  DynamicTape<T> tape;
  const std::size_t steps = 5 * at_once<T>;
  std::vector<Var<T>> a, b, c, ends;
  for (std::size_t k = 0; k < steps; ++k) a.push_back(tape.variable(T(2)));
  for (std::size_t k = 0; k < steps; ++k) b.push_back(tape.variable(T(k % 2)));
  for (std::size_t k = 0; k < steps; ++k) c.push_back(tape.variable(T(0)));
  const T none = 0;
  for (std::size_t k = 0; k < steps; ++k) {
    ends.push_back(none * (a[k] / b[k]) + (none * a[k]) / c[k] + a[k] * a[k] + fma(a[k], b[k], a[k]) + square(b[k]) -
                   (-a[k] + b[k]));
  }
  tape.backward(ends, {});
  for (std::size_t k = 0; k < steps; ++k) {
    CHECK(a[k].grad() == T(6) + static_cast<T>(k % 2));
    CHECK(b[k].grad() == T(1) + T(2) * static_cast<T>(k % 2));
  }
}
