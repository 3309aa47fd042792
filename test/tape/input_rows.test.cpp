// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The rows that records read: a row that was found is the one that was looked for, and stays it; a pattern is found
// where there is one.
#include <doctest/doctest.h>

#include <cstddef>
#include <random>
#include <span>
#include <vector>

#include <duet/duet.hpp>

namespace {

using duet::tape::Key;
using duet::tape::Word;
using Var = duet::Var<double>;
using Dual = duet::Dual<double, 1>;

/// A tape without records, on which some variables have been made.
class Recording {
 public:
  explicit Recording(Word made) : made_(made) { era_.renew(); }
  Key next() const { return duet::tape::key(era_.now(), made_); }
  const duet::tape::Era& era() const { return era_; }
  std::span<const duet::tape::Record<double>> records() const { return {}; }
  const duet::tape::Record<double>* record_before(std::size_t) const { return nullptr; }

 private:
  duet::tape::Era era_;
  Word made_;
};

/// A graph without a pattern: the two neighbours of each node.
struct Mesh {
  std::vector<std::size_t> first, second;

  explicit Mesh(std::size_t nodes) {
    std::mt19937 random(2026);
    std::uniform_int_distribution<std::size_t> node(0, nodes - 1);
    for (std::size_t i = 0; i < nodes; ++i) {
      first.push_back(node(random));
      second.push_back(node(random));
    }
  }

  /// What a step makes of the numbers at the nodes, by one statement for each or by several.
  template <class T>
  std::vector<T> step(const std::vector<T>& x, bool at_once) const {
    std::vector<T> result;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (at_once) {
        result.push_back(x[i] + 0.1 * (x[first[i]] - x[second[i]]) * x[i]);
      } else {
        const T difference = x[first[i]] - x[second[i]];
        const T product = difference * x[i];
        result.push_back(x[i] + 0.1 * product);
      }
    }
    return result;
  }
};

/// Numbers at the nodes of a mesh.
template <class T>
std::vector<T> start(std::size_t nodes, auto make) {
  std::vector<T> result;
  for (std::size_t i = 0; i < nodes; ++i) result.push_back(make(1 + 0.5 * static_cast<double>(i % 7)));
  return result;
}

}  // namespace

TEST_CASE("a loop over data without a pattern writes hardly any rows once it has come again, however long it is") {
  for (std::size_t nodes : {20, 21, 300, 301, 1500, 1501, 5000, 5001, 30000, 30001}) {
    CAPTURE(nodes);
    const bool at_once = nodes % 2 == 0;
    const Mesh mesh(nodes);
    duet::DynamicTape<double> tape;
    std::vector<Var> x = start<Var>(nodes, [&](double value) { return tape.variable(value); });
    const std::vector<Var> inputs = x;
    std::size_t bytes = 0;
    for (int step = 0; step < 6; ++step) {
      bytes = tape.input_rows().bytes();
      x = mesh.step(x, at_once);
    }
    // rows that occur twice may be followed by others than the last time
    CHECK(2 * (tape.input_rows().bytes() - bytes) <= nodes);

    std::vector<Dual> y = start<Dual>(nodes, [](double value) { return Dual(value, {value}); });
    for (int step = 0; step < 6; ++step) y = mesh.step(y, at_once);
    const std::vector<double> seeds(nodes, 1.0);
    tape.backward(x, seeds);
    double by_gradient = 0, by_tangents = 0;
    for (std::size_t i = 0; i < nodes; ++i) {
      CHECK(x[i].primal() == y[i].primal());
      by_gradient += inputs[i].grad() * inputs[i].primal();
      by_tangents += y[i].tangent(0);
    }
    CHECK(by_gradient == doctest::Approx(by_tangents).epsilon(1e-12));
  }
}

TEST_CASE("a row that was written without what goes before it gets that when it comes again") {
  const Recording recording(500'000);
  const Key made = recording.next();
  duet::tape::InputRows<double> rows;
  for (Key k = 1; k < 20'000; ++k) {
    const Key any[] = {made - k, made - 2 * k, made - 3 * k};
    rows.find(recording, any, 3);
  }
  const Key before[] = {made - 7, made - 8, made - 9}, row[] = {made - 2, made - 1, made - 3};
  rows.find(recording, before, 3);
  const Key repeats = rows.rows()[rows.size().rows - 2];  // what stands before the row might be taken for its repeats
  const Word bare = rows.find(recording, row, 3, repeats);
  CHECK(rows.size().rows == bare + 3);
  const Word whole = rows.find(recording, row, 3, repeats);
  CHECK(whole != bare);
  CHECK(rows.rows()[whole - 2] == repeats);
  for (Word k = 0; k < 3; ++k) CHECK(rows.rows()[whole + k] == row[k] - made);
  CHECK(rows.find(recording, row, 3, repeats) == whole);
}

TEST_CASE("where no pattern comes again, a variable that a statement reads takes eight bytes") {
  duet::DynamicTape<double> tape;
  std::mt19937 random(2026);
  std::vector<Var> row;
  for (int i = 0; i < 100; ++i) row.push_back(tape.variable(1.0));
  constexpr std::size_t statements = 200'000;
  for (std::size_t i = 0; i < statements; ++i) {
    const auto any = [&]() -> const Var& { return row[random() % row.size()]; };
    row.push_back(0.5 * (any() + any()) * any());
  }
  CHECK(static_cast<double>(tape.input_rows().bytes()) < 1.05 * 3 * sizeof(Key) * statements);
}

TEST_CASE("a row is not found in what memory holds behind the last row, where it happens to go on like it") {
  const Recording recording(5000);
  const Key made = recording.next();
  int found = 0;
  const auto try_row = [&](Key near, Key far) {
    duet::tape::InputRows<double> rows;
    const auto before = rows.size();
    const Key both[] = {made - near, made - far}, other[] = {made - 1};
    rows.find(recording, both, 2);
    rows.write(std::vector<Key>(40'000, 0));
    rows.forget(before);  // so much that it is dropped; the memory stays as it is
    const Word alone = rows.find(recording, both, 1);
    const Word pair = rows.find(recording, both, 2);
    rows.find(recording, other, 1);
    found += alone == pair;
    return rows.rows()[pair] == both[0] - made && rows.rows()[pair + 1] == both[1] - made;
  };
  // rows are found by seven bits of a hash, so among a thousand pairs some are looked for where the single one stands
  bool right = true;
  for (Key near = 2; near < 34; ++near) {
    for (Key far = 100; far < 164; ++far) right = right && try_row(near, far);
  }
  CHECK(right);
  CHECK(found == 0);
}
