// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <map>

#include <duet/graph/print.hpp>
#include <duet/tensor/recording.hpp>

/// Pictures of the graphs that tensors leave behind.
namespace duet {

/// A tensor and what to call it in a picture.
template <class T, class P = DefaultPlace>
struct NamedTensor {
  std::string name;
  Tensor<T, P> tensor;
};

/// The graph of the operations that `y` was computed by, in Graphviz' language: boxes for leaves that require gradients
/// and for the result, a node per operation, each with its shape; constants are left out. `names` are those of leaves
/// and of other tensors of the graph. `dot -Tsvg` draws it.
template <class T, class P>
std::string to_dot(const Tensor<T, P>& y, const std::vector<NamedTensor<T, P>>& names = {}) {
  using Node = tensor::Node<T, P>;
  const tensor::Edge<T, P> result = tensor::edge(y);
  std::vector<const Node*> nodes, open;
  std::map<const Node*, std::size_t> number;
  const auto reach = [&](const Node* node) {
    if (node && number.try_emplace(node, 0).second) open.push_back(node);
  };
  reach(result.node.get());
  while (!open.empty()) {
    nodes.push_back(open.back());
    open.pop_back();
    for (const tensor::Edge<T, P>& edge : nodes.back()->edges()) reach(edge.node.get());
  }
  // in the order in which they were recorded, leaves first, in the order in which they are met
  std::stable_sort(nodes.begin(), nodes.end(),
                   [](const Node* a, const Node* b) { return a->sequence() < b->sequence(); });
  for (std::size_t i = 0; i < nodes.size(); ++i) number[nodes[i]] = i;

  std::map<const Node*, std::string> called;
  for (const auto& [name, x] : names) {
    if (const auto node = tensor::edge(x).node) called[node.get()] = name;
  }
  std::string text = "digraph {\n  rankdir=LR;\n  ordering=in;\n  node [shape=ellipse, fontname=\"sans-serif\"];\n";
  const auto line = [&](const std::string& node, const std::string& label, const char* look) {
    text += "  " + node + " [label=" + graph::notation::quoted(label) + look + "];\n";
  };
  const auto id = [&](const Node* node) { return "n" + std::to_string(number[node]); };
  for (const Node* node : nodes) {
    const auto name = called.find(node);
    const std::string shape = to_string(node->shape());
    if (node->is_accumulator()) {
      line(id(node), (name == called.end() ? "leaf" : name->second) + " " + shape,
           ", shape=box, style=filled, fillcolor=lightblue");
    } else {
      line(id(node), (name == called.end() ? "" : name->second + " = ") + node->name() + " " + shape, "");
    }
    for (const tensor::Edge<T, P>& edge : node->edges()) {
      if (edge.node) text += "  " + id(edge.node.get()) + " -> " + id(node) + ";\n";
    }
  }
  line("y", "result " + to_string(y.shape()), ", shape=box, style=filled, fillcolor=lightgreen");
  if (result.node) text += "  " + id(result.node.get()) + " -> y;\n";
  return text + "}\n";
}

}  // namespace duet
