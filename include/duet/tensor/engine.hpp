// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <map>
#include <set>

#include <duet/tensor/hook.hpp>
#include <duet/tensor/observe.hpp>

/// Backward sweeps.
namespace duet {

/// How a backward sweep goes: `y.backward({.gradient = v, .retain_graph = true})`.
template <class T, class P>
struct BackwardOptions {
  Tensor<T, P> gradient{};             ///< the cotangent of the result; one, if that is a number
  std::optional<bool> retain_graph{};  ///< keeps what was saved, for another sweep; by default as `create_graph`
  bool create_graph = false;           ///< records the sweep itself, for higher derivatives
  std::vector<Tensor<T, P>> inputs{};  ///< only these accumulate; all leaves, if empty
};

namespace tensor {

/// One backward sweep: cotangents go from the results down to the leaves, later operations first. It is a loop over a
/// list of what is under way, so a graph may be as deep as memory allows. Leaves come last: where an operation or a
/// hook throws, no gradient of a leaf has changed, and what the sweep has freed so far stays freed.
template <class T, class P>
class Sweep {
 public:
  Sweep(bool retain_graph, bool create_graph) : retain_(retain_graph), create_(create_graph) {}

  /// Where a cotangent is asked for: output `output` of a node.
  using Place = std::pair<const Node<T, P>*, std::size_t>;

  /// Restricts the sweep to what leads to `places`, whose cotangents are kept instead of accumulated.
  void keep(const std::vector<Place>& places, const std::vector<Edge<T, P>>& from) {
    restricted_ = true;
    for (const Place& place : places) kept_[place];
    mark(from);
  }

  void add(const Edge<T, P>& to, Tensor<T, P> cotangent) {
    if (!to.node || !cotangent.defined() || (restricted_ && !leading_.contains(to.node.get()))) return;
    Task& task = tasks_[{to.node->sequence(), to.node.get()}];
    if (!task.node) {
      task.node = to.node;
      task.cotangents.resize(to.node->outputs());
    }
    Tensor<T, P>& sum = task.cotangents[to.output];
    sum = sum.defined() ? added(std::move(sum), cotangent) : std::move(cotangent);
  }

  void run() {
    const GradMode mode(create_);
    while (!tasks_.empty()) {
      auto first = tasks_.extract(tasks_.begin());
      Task& task = first.mapped();
      visit(*task.node, task.cotangents);
      dispose(std::move(task.node));
    }
  }

  /// The cotangent that was kept for a place; undefined if nothing leads there.
  Tensor<T, P> kept(const Place& place) const { return kept_.at(place); }

 private:
  struct Task {
    std::shared_ptr<Node<T, P>> node;
    Tensors<T, P> cotangents;
  };

  void visit(Node<T, P>& node, Tensors<T, P>& cotangents) {
    if (node.watch()) watch(node, cotangents, !restricted_);
    bool goes_on = !restricted_;
    if (restricted_) {
      for (std::size_t k = 0; k < cotangents.size(); ++k) {
        const auto place = kept_.find({&node, k});
        if (place != kept_.end()) place->second = cotangents[k];
      }
      for (const Edge<T, P>& edge : node.edges()) goes_on = goes_on || leading_.contains(edge.node.get());
      if (node.is_accumulator()) return;
    }
    if (!goes_on) return;
    if (node.released()) {
      throw GraphFreedError(node.name() +
                            ": a backward sweep has been here and has freed the values that it needs; "
                            "call the first backward with {.retain_graph = true} to sweep twice");
    }
    Tensors<T, P> results =
        observed([&] { return node.name(); }, Phase::backward, node.where,
                 [&] { return retain_ ? node.pullback(cotangents) : node.last_pullback(cotangents); });
    for (std::size_t k = 0; k < results.size(); ++k) add(node.edges()[k], std::move(results[k]));
  }

  /// The sum of two cotangents; in the memory of the first if nobody else has it.
  Tensor<T, P> added(Tensor<T, P> sum, const Tensor<T, P>& term) {
    if (create_) return add_recorded(sum, term);
    if (sum.state().use_count() > 1 || sum.state()->storage.use_count() > 1) sum = sum.copy();
    add_in_place(sum, term);
    return sum;
  }

  /// Marks the nodes from which a place that is asked for can be reached.
  void mark(const std::vector<Edge<T, P>>& from) {
    struct Visit {
      const Node<T, P>* node;
      std::size_t next = 0;
    };
    std::set<const Node<T, P>*> seen;
    for (const Edge<T, P>& edge : from) {
      if (!edge.node || !seen.insert(edge.node.get()).second) continue;
      std::vector<Visit> path{{edge.node.get()}};
      while (!path.empty()) {
        Visit& visit = path.back();
        const Node<T, P>* const node = visit.node;
        if (visit.next == 0 && wanted(node)) leading_.insert(node);
        if (visit.next < node->edges().size()) {
          const Node<T, P>* const next = node->edges()[visit.next++].node.get();
          if (next && seen.insert(next).second) path.push_back({next});
          continue;
        }
        for (const Edge<T, P>& down : node->edges()) {
          if (leading_.contains(down.node.get())) leading_.insert(node);
        }
        path.pop_back();
      }
    }
  }
  bool wanted(const Node<T, P>* node) const {
    const auto place = kept_.lower_bound({node, 0});
    return place != kept_.end() && place->first.first == node;
  }

  std::map<std::pair<std::uint64_t, Node<T, P>*>, Task, std::greater<>> tasks_;
  std::map<Place, Tensor<T, P>> kept_;
  std::set<const Node<T, P>*> leading_;
  bool restricted_ = false, retain_, create_;
};

/// The cotangent a sweep from `y` begins with.
template <class T, class P>
Tensor<T, P> seed(const Tensor<T, P>& y, const Tensor<T, P>& given) {
  if (!y.needs_grad()) throw Error("backward: nothing that this tensor was computed from requires a gradient");
  if (!given.defined()) {
    if (y.size() != 1) {
      throw ShapeError("backward: a result of shape " + to_string(y.shape()) +
                       " is not one number, so say what its gradient is: backward({.gradient = v})");
    }
    return Tensor<T, P>::full_when_read(y.shape(), 1);
  }
  if (given.shape() != y.shape())
    throw shape_error("backward", given.shape(), y.shape(), "of the gradient and the result must be the same");
  return given;
}

}  // namespace tensor

/// Derivatives of several results at once.
namespace autograd {

template <class T, class P = DefaultPlace>
struct GradOptions {
  std::vector<Tensor<T, P>> grad_outputs{};  ///< a cotangent for each result; ones, if those are numbers
  std::optional<bool> retain_graph{};
  bool create_graph = false;
  bool allow_unused = false;  ///< undefined tensors for inputs that the results do not depend on
};

/// The sum of the gradients of `outputs` with respect to `inputs`, which may be any tensors of the graph. Nothing is
/// accumulated. Throws Error if the outputs do not depend on an input.
template <class T, class P = DefaultPlace>
std::vector<Tensor<T, P>> grad(const std::vector<Tensor<T, P>>& outputs, const std::vector<Tensor<T, P>>& inputs,
                               const GradOptions<T, P>& options = {}) {
  tensor::Sweep<T, P> sweep(options.retain_graph.value_or(options.create_graph), options.create_graph);
  if (!options.grad_outputs.empty() && options.grad_outputs.size() != outputs.size()) {
    throw ShapeError("grad: there are " + std::to_string(outputs.size()) + " outputs and " +
                     std::to_string(options.grad_outputs.size()) + " cotangents");
  }
  std::vector<tensor::Edge<T, P>> from, to;
  std::vector<typename tensor::Sweep<T, P>::Place> places;
  for (const Tensor<T, P>& output : outputs) from.push_back(tensor::edge(output));
  for (const Tensor<T, P>& input : inputs) {
    to.push_back(tensor::edge(input));
    if (!to.back().node)
      throw Error("grad: an input does not require a gradient; call requires_grad() before it is used");
    places.push_back({to.back().node.get(), to.back().output});
  }
  sweep.keep(places, from);
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    sweep.add(from[k],
              tensor::seed(outputs[k], options.grad_outputs.empty() ? Tensor<T, P>() : options.grad_outputs[k]));
  }
  sweep.run();
  std::vector<Tensor<T, P>> result;
  for (const auto& place : places) {
    result.push_back(sweep.kept(place));
    if (!result.back().defined() && !options.allow_unused) {
      throw Error("grad: the outputs do not depend on input " + std::to_string(result.size() - 1) +
                  "; with {.allow_unused = true} its gradient is undefined instead");
    }
  }
  return result;
}

/// Adds the gradients of `outputs` to those of the leaves, or of `inputs` only.
template <class T, class P = DefaultPlace>
void backward(const std::vector<Tensor<T, P>>& outputs, const std::vector<Tensor<T, P>>& grad_tensors = {},
              const BackwardOptions<T, P>& options = {}) {
  const bool retain = options.retain_graph.value_or(options.create_graph);
  if (!options.inputs.empty()) {
    auto inputs = options.inputs;
    std::sort(inputs.begin(), inputs.end(), [](const auto& a, const auto& b) { return a.state() < b.state(); });
    const auto is_same = [](const Tensor<T, P>& a, const Tensor<T, P>& b) { return a.state() == b.state(); };
    inputs.erase(std::unique(inputs.begin(), inputs.end(), is_same), inputs.end());
    auto gradients = grad<T, P>(outputs, inputs,
                                {.grad_outputs = grad_tensors,
                                 .retain_graph = retain,
                                 .create_graph = options.create_graph,
                                 .allow_unused = true});
    const GradMode mode(options.create_graph);
    for (std::size_t k = 0; k < gradients.size(); ++k) {
      tensor::accumulate(*inputs[k].state(), std::exchange(gradients[k], Tensor<T, P>()));
    }
    return;
  }
  if (!grad_tensors.empty() && grad_tensors.size() != outputs.size()) {
    throw ShapeError("backward: there are " + std::to_string(outputs.size()) + " outputs and " +
                     std::to_string(grad_tensors.size()) + " cotangents");
  }
  tensor::Sweep<T, P> sweep(retain, options.create_graph);
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    sweep.add(tensor::edge(outputs[k]),
              tensor::seed(outputs[k], grad_tensors.empty() ? Tensor<T, P>() : grad_tensors[k]));
  }
  sweep.run();
}

}  // namespace autograd

template <class T, class P>
void Tensor<T, P>::backward(const BackwardOptions<T, P>& options) const {
  std::vector<Tensor> seeds;
  if (options.gradient.defined()) seeds.push_back(options.gradient);
  autograd::backward<T, P>({*this}, seeds, options);
}
template <class T, class P>
void Tensor<T, P>::backward() const {
  backward(BackwardOptions<T, P>{});
}

}  // namespace duet
