// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/dependence.hpp>

/// Colourings of patterns: which columns of a matrix can be computed together, as their sum. The least number of
/// colours is hard to find, so these are heuristics. Terms and algorithms: Gebremedhin, Manne, Pothen, "What color is
/// your Jacobian? Graph coloring for computing derivatives", SIAM Review 47 (2005).
namespace duet::graph {

/// A colour for each column.
struct Colouring {
  int count = 0;
  List<int> of;
};

/// Gives vertices, one after the other, the first colours that are not forbidden to them.
class FirstFit {
 public:
  constexpr explicit FirstFit(std::size_t vertices) { result_.of.assign(vertices, -1); }

  constexpr int operator[](int vertex) const { return result_.of[vertex]; }
  constexpr void forbid(int colour, int vertex) {
    if (colour >= 0) forbidden_[colour] = vertex;
  }
  constexpr void colour(int vertex) {
    int colour = own_;
    while (colour < result_.count && forbidden_[colour] == vertex) ++colour;
    if (colour == result_.count) add();
    result_.of[vertex] = colour;
  }
  /// Gives a vertex a colour that no other one gets; these come first.
  constexpr void colour_apart(int vertex) {
    result_.of[vertex] = own_++;
    add();
  }
  constexpr bool is_apart(int vertex) const { return result_.of[vertex] >= 0 && result_.of[vertex] < own_; }
  constexpr const Colouring& result() const { return result_; }

 private:
  constexpr void add() {
    forbidden_.push_back(-1);
    ++result_.count;
  }

  Colouring result_;
  List<int> forbidden_;  // the last vertex that must not have the colour
  int own_ = 0;
};

/// Puts columns into the order of Matula and Beck (1983): last the one with the fewest neighbours, which are columns
/// that it shares a row with; before it the one with the fewest of those that are left; and so on. `t` is the transpose
/// of `p`.
class SmallestLast {
 public:
  constexpr SmallestLast(const Pattern& p, const Pattern& t)
      : order_(p.cols()), degree_(p.cols(), 0), next_(p.cols()), before_(p.cols()) {
    int most = 0;
    for (int j = 0; j < size(); ++j) {
      for (int k = t.offsets[j]; k < t.offsets[j + 1]; ++k) degree_[j] += length(p, t.places[k]) - 1;
      most = degree_[j] > most ? degree_[j] : most;
    }
    first_.assign(static_cast<std::size_t>(most) + 1, -1);
    for (int j = size() - 1; j >= 0; --j) put(j);
    for (int left = size(); left > 0;) {
      while (first_[least_] < 0) ++least_;
      const int j = first_[least_];
      take(j);
      degree_[j] = -1;
      order_[--left] = j;
      for (int k = t.offsets[j]; k < t.offsets[j + 1]; ++k) {
        const int row = t.places[k];
        for (int l = p.offsets[row]; l < p.offsets[row + 1]; ++l) lower(p.places[l]);
      }
    }
  }
  constexpr const List<int>& order() const { return order_; }

 private:
  constexpr int size() const { return static_cast<int>(order_.size()); }
  static constexpr int length(const Pattern& p, int row) { return p.offsets[row + 1] - p.offsets[row]; }

  constexpr void lower(int j) {
    if (degree_[j] < 0) return;
    take(j);
    --degree_[j];
    put(j);
    least_ = degree_[j] < least_ ? degree_[j] : least_;
  }
  constexpr void put(int j) {
    int& first = first_[degree_[j]];
    before_[j] = -1;
    next_[j] = first;
    if (first >= 0) before_[first] = j;
    first = j;
  }
  constexpr void take(int j) {
    (before_[j] < 0 ? first_[degree_[j]] : next_[before_[j]]) = next_[j];
    if (next_[j] >= 0) before_[next_[j]] = before_[j];
  }

  List<int> order_;
  List<int> degree_;                 // a neighbour counts once for each row that is shared
  List<int> first_, next_, before_;  // columns of each degree
  int least_ = 0;
};

/// The length of the longest row; no colouring of the columns has less colours.
constexpr int longest_row(const Pattern& p) {
  int longest = 0;
  for (std::size_t i = 0; i < p.rows(); ++i) {
    const int length = p.offsets[i + 1] - p.offsets[i];
    longest = length > longest ? length : longest;
  }
  return longest;
}

constexpr List<int> natural_order(std::size_t count) {
  List<int> order(count);
  for (std::size_t j = 0; j < count; ++j) order[j] = static_cast<int>(j);
  return order;
}

/// Colours the columns in an order such that those of one colour have no row in common.
constexpr Colouring colour_columns(const Pattern& p, const Pattern& t, const List<int>& order) {
  FirstFit colours(p.cols());
  for (int j : order) {
    for (int k = t.offsets[j]; k < t.offsets[j + 1]; ++k) {
      const int row = t.places[k];
      for (int l = p.offsets[row]; l < p.offsets[row + 1]; ++l) colours.forbid(colours[p.places[l]], j);
    }
    colours.colour(j);
  }
  return colours.result();
}

/// Colours the columns such that those of one colour have no row in common (Curtis, Powell, Reid, 1974: a partial
/// distance-2 colouring of the graph of rows and columns), first in their natural order, which is best for bands, and
/// if that is not known to be optimal in that of `SmallestLast`. Cost: the sum of the squares of the rows' lengths.
/// Where a row has half of all columns there is little to be won, and every column has a colour of its own.
constexpr Colouring colour_columns(const Pattern& p) {
  const int longest = longest_row(p), columns = static_cast<int>(p.cols());
  if (2 * longest >= columns && columns > 64) return {columns, natural_order(p.cols())};
  const Pattern t = transposed(p);
  const Colouring natural = colour_columns(p, t, natural_order(p.cols()));
  if (natural.count <= longest) return natural;
  const Colouring other = colour_columns(p, t, SmallestLast(p, t).order());
  return other.count < natural.count ? other : natural;
}

}  // namespace duet::graph
