// Patterns of graphs, and their colourings.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include <duet/graph/pattern.hpp>
#include <duet/graph/star_colouring.hpp>

#include "../property/generator.hpp"
#include "../property/graphs.hpp"

namespace {

using duet::graph::Colouring, duet::graph::Dag, duet::graph::List, duet::graph::Pattern;
using Entries = std::set<std::pair<int, int>>;

Pattern pattern(int rows, int columns, const Entries& entries) {
  Pattern p(static_cast<std::size_t>(columns));
  auto entry = entries.begin();
  for (int i = 0; i < rows; ++i) {
    for (; entry != entries.end() && entry->first == i; ++entry) p.places.push_back(entry->second);
    p.offsets.push_back(static_cast<int>(p.places.size()));
  }
  return p;
}
Entries entries(const Pattern& p) {
  Entries result;
  for (int i = 0; i < static_cast<int>(p.rows()); ++i) {
    for (int k = p.offsets[i]; k < p.offsets[i + 1]; ++k) result.insert({i, p.places[k]});
  }
  return result;
}

class Random {
 public:
  explicit Random(unsigned seed) : random_(seed) {}
  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }

  Pattern matrix(int rows, int columns, int count) {
    Entries entries;
    for (int k = 0; k < count; ++k) entries.insert({below(rows), below(columns)});
    return pattern(rows, columns, entries);
  }
  Pattern symmetric(int size, int count) {
    Entries entries;
    for (int k = 0; k < count; ++k) {
      const int i = below(size), j = below(size);
      entries.insert({{i, j}, {j, i}});
    }
    for (int i = 0; i < size; ++i) {
      if (below(4) > 0) entries.insert({i, i});
    }
    return pattern(size, size, entries);
  }
  Dag dag(int size, int inputs) {
    Dag dag;
    for (int node = 0; node < size; ++node) {
      std::set<int> operands;
      for (int k = node < inputs ? 0 : 1 + below(3); k > 0; --k) {
        operands.insert(below(2) ? below(node) : node - 1 - below(std::min(node, 3)));
      }
      const std::vector<int> list(operands.begin(), operands.end());
      dag.add(list.data(), list.size());
    }
    return dag;
  }

 private:
  std::mt19937 random_;
};

/// Whether columns of one colour have no row in common.
bool separates(const Colouring& c, const Pattern& p) {
  for (int i = 0; i < static_cast<int>(p.rows()); ++i) {
    std::set<int> seen;
    for (int k = p.offsets[i]; k < p.offsets[i + 1]; ++k) {
      if (!seen.insert(c.of[p.places[k]]).second) return false;
    }
  }
  return true;
}

/// Whether neighbours differ, and paths of four vertices have three colours.
bool is_star_colouring(const Colouring& c, const Pattern& p) {
  const auto neighbours = [&](int v) {
    std::vector<int> result;
    for (int k = p.offsets[v]; k < p.offsets[v + 1]; ++k) {
      if (p.places[k] != v) result.push_back(p.places[k]);
    }
    return result;
  };
  for (int a = 0; a < p.width; ++a) {
    for (int b : neighbours(a)) {
      if (c.of[a] == c.of[b]) return false;
      for (int x : neighbours(b)) {
        for (int y : neighbours(x)) {
          if (x != a && y != b && c.of[a] == c.of[x] && c.of[b] == c.of[y]) return false;
        }
      }
    }
  }
  return true;
}

/// A symmetric matrix with this pattern, computed from its columns' sums by colour.
bool recovers(const Pattern& p, const Colouring& c) {
  const auto element = [](int i, int j) { return 1 + std::min(i, j) * 1000 + std::max(i, j); };
  const auto recovery = duet::graph::recovery(p, c);
  std::vector<int> values(p.nonzeros(), -1);
  for (int i = 0; i < p.width; ++i) {
    std::vector<int> sums(static_cast<std::size_t>(c.count), 0);
    for (int k = p.offsets[i]; k < p.offsets[i + 1]; ++k) {
      sums[static_cast<std::size_t>(c.of[p.places[k]])] += element(i, p.places[k]);
    }
    for (int k = recovery.offsets[i]; k < recovery.offsets[i + 1]; ++k) {
      const auto& read = recovery.reads[k];
      values[static_cast<std::size_t>(read.entry)] = values[static_cast<std::size_t>(read.mate)] =
          sums[static_cast<std::size_t>(read.colour)];
    }
  }
  for (int i = 0; i < p.width; ++i) {
    for (int k = p.offsets[i]; k < p.offsets[i + 1]; ++k) {
      if (values[static_cast<std::size_t>(k)] != element(i, p.places[k])) return false;
    }
  }
  return true;
}

Pattern band(int size, int half) {
  Entries entries;
  for (int i = 0; i < size; ++i) {
    for (int j = std::max(0, i - half); j <= std::min(size - 1, i + half); ++j) entries.insert({i, j});
  }
  return pattern(size, size, entries);
}
Pattern arrowhead(int size, int head) {
  Entries entries;
  for (int i = 0; i < size; ++i) entries.insert({{i, i}, {head, i}, {i, head}});
  return pattern(size, size, entries);
}

}  // namespace

TEST_CASE("all ways to find a pattern agree with paths through the graph") {
  Random random(1);
  for (int round = 0; round < 1000; ++round) {
    const int size = 2 + random.below(150), count = 1 + random.below(std::min(size, 90));
    const Dag dag = random.dag(size, count);
    List<int> inputs, outputs;
    for (int k = 0; k < count; ++k) inputs.push_back(k);
    for (int k = random.below(90); k > 0; --k) outputs.push_back(random.below(size + 1) - 1);
    Entries paths;
    for (int i = 0; i < static_cast<int>(outputs.size()); ++i) {
      std::set<int> reached, waiting;
      if (outputs[i] >= 0) waiting.insert(outputs[i]);
      while (!waiting.empty()) {
        const int node = *waiting.begin();
        waiting.erase(waiting.begin());
        if (!reached.insert(node).second) continue;
        if (node < count) paths.insert({i, node});
        waiting.insert(dag.begin(node), dag.end(node));
      }
    }
    CHECK(entries(duet::graph::BitSweeps(dag, inputs, outputs).forward()) == paths);
    CHECK(entries(duet::graph::BitSweeps(dag, inputs, outputs).backward()) == paths);
    CHECK(entries(duet::graph::SetSweep(dag, inputs, outputs).pattern()) == paths);
    CHECK(entries(duet::graph::pattern_of(dag, inputs, outputs)) == paths);
  }
}

TEST_CASE("transposing twice gives the pattern, and its rows in order") {
  Random random(2);
  for (int round = 0; round < 300; ++round) {
    const Pattern p = random.matrix(1 + random.below(20), 1 + random.below(20), random.below(100));
    Entries turned;
    for (const auto& [i, j] : entries(p)) turned.insert({j, i});
    CHECK(duet::graph::transposed(p) == pattern(p.width, static_cast<int>(p.rows()), turned));
    CHECK(duet::graph::transposed(duet::graph::transposed(p)) == p);
  }
}

TEST_CASE("the symmetric pattern has the entries of both halves") {
  Random random(3);
  for (int round = 0; round < 300; ++round) {
    const int size = 1 + random.below(20);
    const Pattern p = random.matrix(size, size, random.below(100));
    Entries both = entries(p);
    for (const auto& [i, j] : entries(p)) both.insert({j, i});
    CHECK(duet::graph::symmetric(p) == pattern(size, size, both));
  }
}

TEST_CASE("columns of one colour never share a row") {
  Random random(4);
  for (int round = 0; round < 1000; ++round) {
    const int columns = 1 + random.below(90);
    const Pattern p = random.matrix(1 + random.below(60), columns, random.below(4 * columns));
    const Colouring c = duet::graph::colour_columns(p);
    CHECK(separates(c, p));
    CHECK(c.count >= duet::graph::longest_row(p));
    const Pattern t = duet::graph::transposed(p);
    const auto order = duet::graph::SmallestLast(p, t).order();
    CHECK(std::set<int>(order.begin(), order.end()).size() == p.cols());
    CHECK(separates(duet::graph::colour_columns(p, t, order), p));
  }
}

TEST_CASE("star colourings have three colours on every path, and tell every entry") {
  Random random(5);
  for (int round = 0; round < 1000; ++round) {
    const int size = 1 + random.below(40);
    const Pattern p = random.symmetric(size, random.below(3 * size));
    const Colouring c = duet::graph::colour_symmetric(p);
    CHECK(is_star_colouring(c, p));
    CHECK(recovers(p, c));
  }
}

TEST_CASE("a band takes as many colours as it is wide") {
  for (int half = 0; half < 5; ++half) {
    CHECK(duet::graph::colour_columns(band(200, half)).count == 2 * half + 1);
    CHECK(recovers(band(200, half), duet::graph::colour_symmetric(band(200, half))));
  }
  CHECK(duet::graph::colour_symmetric(band(200, 1)).count == 3);
}

TEST_CASE("the columns of an arrowhead all differ, but a star colouring has two colours") {
  for (const int size : {5, 200, 3000}) {
    for (const int head : {0, size / 2, size - 1}) {
      const Pattern p = arrowhead(size, head);
      CHECK(duet::graph::colour_columns(p).count == size);
      CHECK(duet::graph::colour_symmetric(p).count == 2);
      if (size < 1000) CHECK(recovers(p, duet::graph::colour_symmetric(p)));
    }
  }
}

TEST_CASE("blocks need the colours of one block") {
  Entries entries;
  for (int i = 0; i < 60; ++i) {
    for (int j = i / 4 * 4; j < i / 4 * 4 + 4; ++j) entries.insert({i, j});
  }
  const Pattern p = pattern(60, 60, entries);
  CHECK(duet::graph::colour_columns(p).count == 4);
  CHECK(duet::graph::colour_symmetric(p).count == 4);
}

TEST_CASE("a long sum takes time in proportion to its terms, and so does an arrowhead") {
  // s = s + x[k] over all k, once upwards and once downwards, beside a row for each x[k]
  constexpr int size = 100000;
  for (const bool upwards : {true, false}) {
    Dag dag;
    List<int> inputs, outputs;
    for (int k = 0; k < size; ++k) {
      dag.add(nullptr, 0);
      inputs.push_back(k);
      outputs.push_back(k);
    }
    for (int k = 0; k < size; ++k) {
      const int operands[] = {upwards ? k : size - 1 - k, dag.size() - 1};
      dag.add(operands, k == 0 ? 1 : 2);
    }
    outputs.push_back(dag.size() - 1);
    const Pattern p = duet::graph::pattern_of(dag, inputs, outputs);
    CHECK(p.nonzeros() == 2 * size);
    CHECK(duet::graph::longest_row(p) == size);
  }
  const Colouring c = duet::graph::colour_symmetric(arrowhead(size, size / 2));
  CHECK(c.count == 2);
}

TEST_CASE("sets that are read often are dropped when nobody needs them any more") {
  // s = s * x[k] + x[k], in two statements that both read s
  constexpr int size = 3000;
  Dag dag;
  List<int> inputs, outputs;
  for (int k = 0; k < size; ++k) {
    dag.add(nullptr, 0);
    inputs.push_back(k);
    outputs.push_back(k);
  }
  int sum = 0;
  for (int k = 1; k < size; ++k) {
    const int product[] = {sum, k}, both[] = {dag.size(), sum};
    dag.add(product, 2);
    dag.add(both, 2);
    sum = dag.size() - 1;
  }
  outputs.push_back(sum);
  CHECK(duet::graph::pattern_of(dag, inputs, outputs).nonzeros() == 2 * size);
}

TEST_CASE("the Jacobian of a random program is zero outside of its pattern") {
  int elements = 0, empty = 0, zeros = 0;
  for (std::uint64_t round = 0; round < 2000; ++round) {
    const property::Subject s = property::subject(6, round);
    const duet::graph::Graph g = property::recorded(s.program, ~duet::graph::RuleSet{});
    const int n = g.inputs, m = static_cast<int>(g.outputs.size());
    const Entries found = entries(duet::graph::jacobian_pattern(g, n));
    const auto all = property::folded(duet::graph::with_jacobian(g, n, duet::Mode::reverse), s.x[0]);
    for (int i = 0; i < m; ++i) {
      for (int j = 0; j < n; ++j) {
        const double derivative = all[static_cast<std::size_t>(m + i * n + j)];
        const bool inside = found.count({i, j}) > 0;
        if (!inside) CHECK(derivative == 0);
        ++elements;
        empty += !inside;
        zeros += inside && derivative == 0;
      }
    }
  }
  CHECK(empty > elements / 10);  // there was something to find out
  CHECK(zeros < elements / 4);   // entries that are zero: choices, products that cancel
}
