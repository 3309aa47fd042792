// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include <duet/graph/list.hpp>

/// Who depends on whom: from the dependences of single operations to the pattern of a Jacobian, for graphs of the
/// compiler and for tapes of millions of records alike.
namespace duet::graph {

/// Where a matrix may have entries that are not zero: row by row the columns, in ascending order (compressed rows).
struct Pattern {
  int width;
  List<int> offsets;
  List<int> places;

  constexpr explicit Pattern(std::size_t columns = 0) : width(static_cast<int>(columns)), offsets(1, 0) {}

  constexpr std::size_t rows() const { return offsets.size() - 1; }
  constexpr std::size_t cols() const { return static_cast<std::size_t>(width); }
  constexpr std::size_t nonzeros() const { return places.size(); }
  /// The entries of row i are those from number row_offsets()[i] up to row_offsets()[i + 1].
  constexpr const List<int>& row_offsets() const { return offsets; }
  /// The column of each entry.
  constexpr const List<int>& columns() const { return places; }
  constexpr bool operator==(const Pattern&) const = default;
};

/// The pattern of the transposed matrix. Its rows are in order even if those of `p` are not.
constexpr Pattern transposed(const Pattern& p) {
  Pattern t(p.rows());
  t.offsets.assign(p.cols() + 1, 0);
  t.places.resize(p.nonzeros());
  for (int j : p.places) ++t.offsets[j + 1];
  for (std::size_t j = 0; j < p.cols(); ++j) t.offsets[j + 1] += t.offsets[j];
  List<int> next = t.offsets;
  for (std::size_t i = 0; i < p.rows(); ++i) {
    for (int k = p.offsets[i]; k < p.offsets[i + 1]; ++k) t.places[next[p.places[k]]++] = static_cast<int>(i);
  }
  return t;
}

/// The pattern that has the entries of both `p` and its transpose.
constexpr Pattern symmetric(const Pattern& p) {
  const Pattern t = transposed(p);
  Pattern both(p.cols());
  for (std::size_t i = 0; i < p.rows(); ++i) {
    int a = p.offsets[i], b = t.offsets[i];
    while (a < p.offsets[i + 1] || b < t.offsets[i + 1]) {
      const bool first = b == t.offsets[i + 1] || (a < p.offsets[i + 1] && p.places[a] <= t.places[b]);
      const int j = first ? p.places[a] : t.places[b];
      both.places.push_back(j);
      a += a < p.offsets[i + 1] && p.places[a] == j;
      b += b < t.offsets[i + 1] && t.places[b] == j;
    }
    both.offsets.push_back(static_cast<int>(both.places.size()));
  }
  return both;
}

/// Of which nodes each node was made; operands come before their users.
struct Dag {
  List<std::size_t> offsets;
  List<int> operands;

  constexpr Dag() : offsets(1, 0) {}

  constexpr int size() const { return static_cast<int>(offsets.size()) - 1; }
  constexpr const int* begin(int node) const { return operands.begin() + offsets[node]; }
  constexpr const int* end(int node) const { return operands.begin() + offsets[node + 1]; }

  /// Appends a node.
  constexpr void add(const int* made_of, std::size_t count) {
    for (std::size_t k = 0; k < count; ++k) operands.push_back(made_of[k]);
    offsets.push_back(operands.size());
  }
};

/// Patterns by sets of 64 rows or columns as the bits of a number: one sweep through all nodes for each 64 of them.
class BitSweeps {
 public:
  /// Inputs are the columns, outputs the rows; an output below zero is an empty row.
  constexpr BitSweeps(const Dag& dag, const List<int>& inputs, const List<int>& outputs)
      : dag_(dag), inputs_(inputs), outputs_(outputs) {}

  /// From the inputs to the outputs: the bits are columns.
  constexpr Pattern forward() {
    Pattern by_columns(outputs_.size());
    for (std::size_t first = 0; first < inputs_.size(); first += 64) {
      bits_.assign(static_cast<std::size_t>(dag_.size()), 0);
      const std::size_t count = inputs_.size() - first < 64 ? inputs_.size() - first : 64;
      for (std::size_t k = 0; k < count; ++k) bits_[inputs_[first + k]] = std::uint64_t{1} << k;
      for (int i = 0; i < dag_.size(); ++i) {
        std::uint64_t bits = bits_[i];
        for (const int* p = dag_.begin(i); p != dag_.end(i); ++p) bits |= bits_[*p];
        bits_[i] = bits;
      }
      take(by_columns, outputs_, count);
    }
    return transposed(by_columns);
  }

  /// From the outputs to the inputs: the bits are rows.
  constexpr Pattern backward() {
    Pattern by_rows(inputs_.size());
    for (std::size_t first = 0; first < outputs_.size(); first += 64) {
      bits_.assign(static_cast<std::size_t>(dag_.size()), 0);
      const std::size_t count = outputs_.size() - first < 64 ? outputs_.size() - first : 64;
      for (std::size_t k = 0; k < count; ++k) {
        if (outputs_[first + k] >= 0) bits_[outputs_[first + k]] |= std::uint64_t{1} << k;
      }
      for (int i = dag_.size() - 1; i >= 0; --i) {
        const std::uint64_t bits = bits_[i];
        if (bits == 0) continue;
        for (const int* p = dag_.begin(i); p != dag_.end(i); ++p) bits_[*p] |= bits;
      }
      take(by_rows, inputs_, count);
    }
    return by_rows;
  }

 private:
  /// Appends a row for each of the bits: which of `nodes` have it.
  constexpr void take(Pattern& p, const List<int>& nodes, std::size_t count) const {
    List<int> next(count, 0);
    for (int node : nodes) {
      for (std::uint64_t bits = node < 0 ? 0 : bits_[node]; bits != 0; bits &= bits - 1) ++next[std::countr_zero(bits)];
    }
    int place = static_cast<int>(p.places.size());
    for (int& entries : next) {
      const int first = place;
      place += entries;
      entries = first;
      p.offsets.push_back(place);
    }
    p.places.resize(static_cast<std::size_t>(place));
    for (std::size_t k = 0; k < nodes.size(); ++k) {
      for (std::uint64_t bits = nodes[k] < 0 ? 0 : bits_[nodes[k]]; bits != 0; bits &= bits - 1) {
        p.places[next[std::countr_zero(bits)]++] = static_cast<int>(k);
      }
    }
  }

  const Dag& dag_;
  const List<int>&inputs_, &outputs_;
  List<std::uint64_t> bits_;
};

/// Patterns by sets of columns as lists: one sweep from the inputs to the outputs, for functions with many of both.
///
/// A node that is read once keeps no set: whoever reads it goes on to its operands, which is done only once. So a sum
/// over all inputs costs no more than it has terms. Sets that nobody will read any more make room for others.
class SetSweep {
 public:
  constexpr SetSweep(const Dag& dag, const List<int>& inputs, const List<int>& outputs)
      : dag_(dag), nodes_(static_cast<std::size_t>(dag.size())), stamps_(inputs.size(), -1), rows_(inputs.size()) {
    for (std::size_t j = 0; j < inputs.size(); ++j) nodes_[inputs[j]].column = static_cast<int>(j);
    for (int output : outputs) {
      if (output >= 0) ++nodes_[output].readers;
    }
    for (int i = dag.size() - 1; i >= 0; --i) {
      if (nodes_[i].readers == 0) continue;
      for (const int* p = dag.begin(i); p != dag.end(i); ++p) ++nodes_[*p].readers;
    }
    for (int i = 0; i < dag.size(); ++i) {
      if (nodes_[i].readers > 1 && nodes_[i].column < 0) keep(i);
    }
    for (int output : outputs) {
      if (output >= 0) collect(output, rows_.places);
      rows_.offsets.push_back(static_cast<int>(rows_.places.size()));
    }
  }

  constexpr Pattern pattern() const { return transposed(transposed(rows_)); }

 private:
  struct Set {
    std::size_t first = 0;
    int readers = 0;  ///< that are still to come
    int column = -1;  ///< of an input
    int size = -1;    ///< of the set, if it is kept
  };

  constexpr void keep(int node) {
    if (kept_.size() > 2 * live_ + 65536) compact();
    const std::size_t first = kept_.size();
    for (const int* p = dag_.begin(node); p != dag_.end(node); ++p) waiting_.push_back(*p);
    gather(kept_);
    nodes_[node].first = first;
    nodes_[node].size = static_cast<int>(kept_.size() - first);
    live_ += kept_.size() - first;
    owners_.push_back(node);
  }
  constexpr void collect(int node, List<int>& to) {
    waiting_.push_back(node);
    gather(to);
  }

  /// Appends the columns that those who wait depend on, each once.
  constexpr void gather(List<int>& to) {
    ++stamp_;
    while (!waiting_.empty()) {
      const int node = waiting_[waiting_.size() - 1];
      waiting_.resize(waiting_.size() - 1);
      Set& set = nodes_[node];
      if (set.column >= 0) {
        note(set.column, to);
      } else if (set.size >= 0) {
        for (int k = 0; k < set.size; ++k) note(kept_[set.first + static_cast<std::size_t>(k)], to);
        if (--set.readers == 0) live_ -= static_cast<std::size_t>(set.size);
      } else {
        for (const int* p = dag_.begin(node); p != dag_.end(node); ++p) waiting_.push_back(*p);
      }
    }
  }
  constexpr void note(int column, List<int>& to) {
    if (stamps_[column] == stamp_) return;
    stamps_[column] = stamp_;
    to.push_back(column);
  }

  constexpr void compact() {
    std::size_t to = 0, owners = 0;
    for (int owner : owners_) {
      Set& set = nodes_[owner];
      if (set.readers == 0) continue;
      const std::size_t first = to;
      for (int k = 0; k < set.size; ++k) kept_[to++] = kept_[set.first + static_cast<std::size_t>(k)];
      set.first = first;
      owners_[owners++] = owner;
    }
    kept_.resize(to);
    owners_.resize(owners);
  }

  const Dag& dag_;
  List<Set> nodes_;
  List<int> stamps_;  // of each column: the last set that it went to
  int stamp_ = -1;
  List<int> kept_, owners_, waiting_;
  std::size_t live_ = 0;
  Pattern rows_;
};

/// Which outputs depend on which inputs, a row for each output (none for one below zero) and a column for each input.
///
/// Cost: where there are few inputs or few outputs, a sweep through the nodes for each 64 of them; else one, which
/// takes time for each column that an operand of a node depends on, if that node is read more than once.
constexpr Pattern pattern_of(const Dag& dag, const List<int>& inputs, const List<int>& outputs) {
  const bool wide = inputs.size() > outputs.size();
  if (!__builtin_is_constant_evaluated() && (wide ? outputs : inputs).size() > 256) {
    return SetSweep(dag, inputs, outputs).pattern();
  }
  BitSweeps sweeps(dag, inputs, outputs);
  if (wide) return sweeps.backward();  // in constants, g++ 12 would free what an expression b ? p : q makes twice
  return sweeps.forward();
}

}  // namespace duet::graph
