// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <bit>
#include <cstdint>

#include <duet/graph/differentiate.hpp>
#include <duet/op/mode.hpp>

/// Jacobians by elimination of vertices: neither row by row nor column by column, but across.
namespace duet::graph {

/// The linearised computational graph of a function. Its vertices are the results that lie between variables and
/// outputs; its edges carry partial derivatives. A vertex is eliminated by joining every edge to it with every edge
/// from it: the product is added to the edge that leads past it. When only variables and outputs are left, the edges
/// are the Jacobian. In the order of the results this is forward mode, in the reverse order reverse mode, for all
/// columns or rows at once; the order that takes fewest operations is hard to find (Naumann, Optimal Jacobian
/// accumulation is NP-complete, 2008), so vertices are chosen by what is around them, one after the other (Griewank and
/// Walther, Evaluating Derivatives, chapters 9 and 10).
class Elimination {
 public:
  constexpr Elimination(PartialsOf& partial, const List<int>& variables, const List<int>& outputs)
      : r_(partial.recorder()), variables_(variables), outputs_(outputs) {
    connect(partial);
    count_ends();
  }

  /// The nodes of the Jacobian, row by row (`none` for zero), by elimination in the order of `mode`. It is given up,
  /// and the result is empty, if that records more than `most` nodes.
  constexpr List<int> jacobian(Mode mode, int most) {
    const int recorded = r_.size();
    for (Vertex& vertex : vertices_) rate(mode, vertex);
    for (int v = next(); v >= 0; v = next()) {
      eliminate(v);
      if (r_.size() - recorded > most) return {};
      for (int e : before_) rate(mode, vertices_[edges_[e].from]);
      for (int e : behind_) rate(mode, vertices_[edges_[e].to]);
    }
    List<int> result;
    for (int sink : sinks_) {
      if (sink >= 0) mark(sink);
      for (int v : variables_) {
        const int e = sink < 0 ? -1 : past_[vertex_of_[v]];
        result.push_back(e < 0 ? none : settled(r_, edges_[e].value));
      }
      if (sink >= 0) unmark(sink);
    }
    return result;
  }

 private:
  struct Vertex {
    bool interior = true;      ///< neither variable nor output, and not yet eliminated
    int in = -1, out = -1;     ///< the first edges to it and from it
    int ins = 0, outs = 0;     ///< how many there are
    int below = 0, above = 0;  ///< how many variables it depends on, and how many outputs on it
    double rank = 0;
  };
  /// The derivative of vertex `to` by vertex `from`.
  struct Edge {
    int from, to;
    Sensitivity value;
    int next_in, next_out;  ///< the next edge to `to`, and the next one from `from`
    bool gone;
  };

  constexpr int size() const { return static_cast<int>(vertices_.size()); }

  /// A result that is an output and used besides gets a vertex of its own as an output.
  constexpr void connect(PartialsOf& partial) {
    const List<char> depends = dependents(r_, variables_, outputs_);
    List<char> used(depends.size(), 0), is_output(depends.size(), 0);
    for (int y : outputs_) is_output[y] = depends[y];
    for (int i = static_cast<int>(depends.size()) - 1; i >= 0; --i) {
      if (!depends[i] || !(used[i] || is_output[i])) continue;
      for (int k = 0; k < r_[i].arity(); ++k) used[r_[i].operand(k)] = 1;
    }
    vertex_of_.assign(depends.size(), -1);
    for (int v : variables_) {
      if (vertex_of_[v] < 0) vertex_of_[v] = add_vertex(false);
    }
    const Sensitivity one{r_.constant(1)};
    for (int i = 0; i < static_cast<int>(depends.size()); ++i) {
      if (!depends[i] || !(used[i] || is_output[i]) || vertex_of_[i] >= 0) continue;
      const int v = vertex_of_[i] = add_vertex(used[i]);
      const Node n = r_[i];
      mark(v);
      for (int k = 0; k < n.arity(); ++k) {
        if (!depends[n.operand(k)]) continue;
        const Sensitivity s = carried(r_, one, op::info(n.op), partial(i, k));
        if (s.node != none) join(vertex_of_[n.operand(k)], v, {s.node, s.gate, s.exposed, false, s.scale});
      }
      unmark(v);
    }
    for (int y : outputs_) {
      int sink = depends[y] ? vertex_of_[y] : -1;
      if (sink >= 0 && (used[y] || !r_[y].arity())) {
        const int v = sink;
        sink = add_vertex(false);
        join(v, sink, one);
        past_[v] = -1;
      }
      sinks_.push_back(sink);
    }
  }

  constexpr int add_vertex(bool interior) {
    vertices_.push_back(Vertex{interior});
    past_.push_back(-1);
    return size() - 1;
  }

  /// Counts variables and outputs at the ends of each vertex's paths, 64 at a time. Eliminations don't change that.
  constexpr void count_ends() {
    const Edge* const edges = edges_.data();
    List<std::uint64_t> seen;
    for (std::size_t first = 0; first < variables_.size(); first += 64) {
      seen.assign(vertices_.size(), 0);
      for (std::size_t k = first; k < variables_.size() && k < first + 64; ++k) {
        seen[vertex_of_[variables_[k]]] |= std::uint64_t(1) << (k - first);
      }
      for (int v = 0; v < size(); ++v) {
        std::uint64_t& mine = seen[v];
        for (int e = vertices_[v].in; e >= 0; e = edges[e].next_in) mine |= seen[edges[e].from];
        vertices_[v].below += std::popcount(mine);
      }
    }
    for (std::size_t first = 0; first < sinks_.size(); first += 64) {
      seen.assign(vertices_.size(), 0);
      for (std::size_t k = first; k < sinks_.size() && k < first + 64; ++k) {
        if (sinks_[k] >= 0) seen[sinks_[k]] |= std::uint64_t(1) << (k - first);
      }
      for (int v = size() - 1; v >= 0; --v) {
        std::uint64_t& mine = seen[v];
        for (int e = vertices_[v].out; e >= 0; e = edges[e].next_out) mine |= seen[edges[e].to];
        vertices_[v].above += std::popcount(mine);
      }
    }
  }

  /// The Markowitz degree of a vertex is the number of products that its elimination takes. Its relative degree is the
  /// share of this in the number of products if the vertex is eliminated at last, when its neighbours are the variables
  /// below it and the outputs above it.
  constexpr void rate(Mode mode, Vertex& vertex) {
    if (!vertex.interior) return;
    const int ends = vertex.below * vertex.above;  // none where a partial derivative is zero by its form
    vertex.rank = ends == 0 ? 0 : vertex.ins * vertex.outs;
    if (mode == Mode::relative_markowitz && ends > 0) vertex.rank /= ends;
  }

  /// The interior vertex of lowest rank, the last of them if there are several; -1 if none is left.
  constexpr int next() const {
    const Vertex* const vertices = vertices_.data();
    int best = -1;
    for (int v = size() - 1; v >= 0; --v) {
      if (vertices[v].interior && (best < 0 || vertices[v].rank < vertices[best].rank)) best = v;
    }
    return best;
  }

  constexpr void eliminate(int v) {
    before_.resize(0), behind_.resize(0);
    for (int e = vertices_[v].in; e >= 0;) {
      const Edge& edge = edges_[e];
      if (!edge.gone) before_.push_back(e);
      e = edge.next_in;
    }
    for (int e = vertices_[v].out; e >= 0;) {
      const Edge& edge = edges_[e];
      if (!edge.gone) behind_.push_back(e);
      e = edge.next_out;
    }
    if (behind_.size() > 1) spread_all(before_);
    if (before_.size() > 1) spread_all(behind_);
    const bool leads_on = vertices_[v].below > 0 && vertices_[v].above > 0;
    for (int behind : behind_) {
      if (!leads_on) break;
      const int to = edges_[behind].to;
      mark(to);
      for (int before : before_) {
        join(edges_[before].from, to, chained(r_, edges_[behind].value, edges_[before].value));
      }
      unmark(to);
    }
    Edge* const edges = edges_.data();
    Vertex* const vertices = vertices_.data();
    for (int e : before_) edges[e].gone = true, --vertices[edges[e].from].outs;
    for (int e : behind_) edges[e].gone = true, --vertices[edges[e].to].ins;
    vertices_[v].interior = false;
  }

  constexpr void spread_all(const List<int>& edges) {
    for (int e : edges) edges_[e].value = spread(r_, edges_[e].value);
  }

  /// Notes the edges to vertex `to` at the vertices where they begin, for `join`.
  constexpr void mark(int to) {
    const Edge* const edges = edges_.data();
    int* const past = past_.data();
    for (int e = vertices_[to].in; e >= 0; e = edges[e].next_in) {
      if (!edges[e].gone) past[edges[e].from] = e;
    }
  }
  constexpr void unmark(int to) {
    const Edge* const edges = edges_.data();
    int* const past = past_.data();
    for (int e = vertices_[to].in; e >= 0; e = edges[e].next_in) past[edges[e].from] = -1;
  }

  /// Adds to the edge between two vertices, and makes one if there is none. The edges to `to` are marked.
  constexpr void join(int from, int to, const Sensitivity& value) {
    int& past = past_[from];
    if (past >= 0) {
      add(r_, edges_[past].value, value);
      return;
    }
    past = static_cast<int>(edges_.size());
    Vertex &begin = vertices_[from], &end = vertices_[to];
    edges_.push_back(Edge{from, to, value, end.in, begin.out, false});
    end.in = begin.out = past;
    ++end.ins, ++begin.outs;
  }

  Recorder& r_;
  const List<int>& variables_;
  const List<int>& outputs_;
  List<Vertex> vertices_;
  List<Edge> edges_;
  List<int> vertex_of_;        ///< of a node
  List<int> sinks_;            ///< the vertices of the outputs, -1 for one that depends on no variable
  List<int> past_;             ///< see `mark`
  List<int> before_, behind_;  ///< the edges to and from the vertex that is eliminated
};

}  // namespace duet::graph
