// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/colouring.hpp>

/// Colourings of symmetric patterns, which need less colours since half of the entries tell the other half.
namespace duet::graph {

/// Colours the columns of a symmetric pattern such that each entry can be read from a sum of columns, directly: either
/// in row i, where no other column of j's colour has an entry, or in row j likewise. That is a star colouring of the
/// graph whose edges are the entries: neighbours differ, and every path of four vertices has three colours (Coleman,
/// Moré, 1984).
class StarColouring {
 public:
  constexpr explicit StarColouring(const Pattern& p)
      : p_(p), same_(p.nonzeros(), 0), mates_(p.nonzeros(), -1), colours_(p.cols()) {
    find_mates();
    colour_hubs();
    for (int v = 0; v < size(); ++v) {
      if (colours_[v] >= 0) continue;
      forbid_neighbours(v);
      colours_.colour(v);
      count(v);
    }
  }
  constexpr const Colouring& result() const { return colours_.result(); }

 private:
  constexpr int size() const { return static_cast<int>(p_.cols()); }
  constexpr int degree(int v) const { return p_.offsets[v + 1] - p_.offsets[v]; }

  /// The place of (j, i) for each (i, j).
  constexpr void find_mates() {
    List<int> next = p_.offsets;  // rows are in order, so (j, i) come up in the order of i
    for (int i = 0; i < size(); ++i) {
      for (int k = p_.offsets[i]; k < p_.offsets[i + 1]; ++k) mates_[k] = next[p_.places[k]]++;
    }
  }

  /// Vertices with edges to a good part of all others get colours of their own. Nothing can go wrong with these any
  /// more, and so nobody has to go through all their neighbours for each neighbour.
  constexpr void colour_hubs() {
    for (int v = 0; v < size(); ++v) {
      if (degree(v) > 64 && degree(v) > size() / 8) colours_.colour_apart(v);
    }
  }

  constexpr void forbid_neighbours(int v) {
    for (int k = p_.offsets[v]; k < p_.offsets[v + 1]; ++k) {
      const int w = p_.places[k];
      if (w == v || colours_[w] < 0) continue;
      colours_.forbid(colours_[w], v);
      if (colours_.is_apart(w)) continue;
      const bool twice = same_[k] > 1;  // v lies between w and another one of w's colour
      for (int l = p_.offsets[w]; l < p_.offsets[w + 1]; ++l) {
        const int x = p_.places[l];
        // or v, w, x are followed by another one of w's colour
        if (x != v && x != w && (twice || same_[mates_[l]] > 1)) colours_.forbid(colours_[x], v);
      }
    }
  }

  /// Notes for the neighbours of v how many of theirs have v's colour.
  constexpr void count(int v) {
    for (int k = p_.offsets[v]; k < p_.offsets[v + 1]; ++k) {
      const int w = p_.places[k];
      if (w == v || colours_.is_apart(w)) continue;
      int known = 0;
      for (int l = p_.offsets[w]; l < p_.offsets[w + 1]; ++l) {
        const int x = p_.places[l];
        if (x == w || colours_[x] != colours_[v]) continue;
        if (x != v) known = same_[l];
      }
      for (int l = p_.offsets[w]; l < p_.offsets[w + 1]; ++l) {
        if (p_.places[l] != w && colours_[p_.places[l]] == colours_[v]) same_[l] = known + 1;
      }
    }
  }

  const Pattern& p_;
  List<int> same_;  // of entry (w, x): how many neighbours of w have x's colour, x included
  List<int> mates_;
  FirstFit colours_;
};

/// A star colouring of a symmetric pattern. Cost: for each vertex the neighbours of its neighbours.
constexpr Colouring colour_symmetric(const Pattern& p) { return StarColouring(p).result(); }

/// How the entries of a symmetric matrix are read from its columns' sums by colour: for each row of these the colour
/// that is read there, and the entries, one in each triangle, that it is.
struct Recovery {
  struct Read {
    int colour = 0, entry = 0, mate = 0;
  };
  List<int> offsets;  ///< of each row's reads
  List<Read> reads;

  constexpr Recovery() : offsets(1, 0) {}
};

/// The recovery after a star colouring of `p`: entry (i, j) is read in row i if no other column of j's colour has an
/// entry there, else in row j. Cost: linear in the entries.
constexpr Recovery recovery(const Pattern& p, const Colouring& c) {
  List<int> only(static_cast<std::size_t>(c.count), -1), row(static_cast<std::size_t>(c.count), -1);
  List<int> next = p.offsets;
  List<int> mates(p.nonzeros());
  List<char> reads_here(p.nonzeros(), 0);
  for (std::size_t i = 0; i < p.rows(); ++i) {
    for (int k = p.offsets[i]; k < p.offsets[i + 1]; ++k) {
      const int j = p.places[k], colour = c.of[j];
      mates[k] = next[j]++;  // rows are in order, so (j, i) come up in the order of i
      reads_here[k] = row[colour] != static_cast<int>(i);
      if (!reads_here[k]) reads_here[only[colour]] = 0;
      row[colour] = static_cast<int>(i);
      only[colour] = k;
    }
  }
  Recovery result;
  for (std::size_t i = 0; i < p.rows(); ++i) {
    for (int k = p.offsets[i]; k < p.offsets[i + 1]; ++k) {
      const bool lower = p.places[k] <= static_cast<int>(i);  // of two places to read it, the one in this triangle
      if (reads_here[k] && (lower || !reads_here[mates[k]])) result.reads.push_back({c.of[p.places[k]], k, mates[k]});
    }
    result.offsets.push_back(static_cast<int>(result.reads.size()));
  }
  return result;
}

}  // namespace duet::graph
