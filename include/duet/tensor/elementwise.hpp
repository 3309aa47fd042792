// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/pass.hpp>
#include <duet/tensor/observe.hpp>
#include <duet/tensor/recording.hpp>
#include <duet/tensor/walk.hpp>

/// Functions of single elements whose graph is known at run time only: what derivatives of derivatives are made of, and
/// what the rules of other operations use. They go through their graph operation by operation, on stretches of elements
/// that stay in the cache; statements (statement.hpp) are compiled instead.
namespace duet::tensor {

/// How many elements an operation is carried out on before the next one.
inline constexpr std::size_t stretch = 256;

/// Row `Op` on a stretch of elements. Truth values are 1 and 0.
template <class T, class Op>
void run_row(const T* const* x, T* y, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    if constexpr (std::same_as<Op, op::Where>) {
      y[i] = x[0][i] != 0 ? x[1][i] : x[2][i];
    } else if constexpr (std::same_as<Op, op::And> || std::same_as<Op, op::Or>) {
      y[i] = static_cast<T>(Op::value(x[0][i] != 0, x[1][i] != 0));
    } else if constexpr (std::same_as<Op, op::Not>) {
      y[i] = static_cast<T>(x[0][i] == 0);
    } else if constexpr (Op::arity == 1) {
      y[i] = static_cast<T>(Op::value(x[0][i]));
    } else if constexpr (Op::arity == 2) {
      y[i] = static_cast<T>(Op::value(x[0][i], x[1][i]));
    } else {
      y[i] = static_cast<T>(Op::value(x[0][i], x[1][i], x[2][i]));
    }
  }
}

template <class T, class List>
struct RowFunctions;
template <class T, class... Ops>
struct RowFunctions<T, op::Rows<Ops...>> {
  static constexpr void (*rows[sizeof...(Ops)])(const T* const*, T*, std::size_t) = {&run_row<T, Ops>...};
};

/// The name of an operation in the graph of tensors: "Add", "Sin".
inline std::string node_name(op::Code code) {
  const op::Info& row = op::info(code);
  const std::string name = row.name;
  if (name == "+") return "Add";
  if (name == "-") return row.arity == 1 ? "Neg" : "Sub";
  if (name == "*") return "Mul";
  if (name == "/") return "Div";
  if (name[0] < 'a' || name[0] > 'z') return "Compare";
  return static_cast<char>(name[0] - 'a' + 'A') + name.substr(1);
}
/// That of the operation that gives a graph's only output.
inline std::string node_name(const graph::Graph& g) {
  const graph::Node& last = g[g.outputs[0]];
  return last.op < 0 ? "Copy" : node_name(last.op);
}

/// Sums a tensor over the axes on which `shape` was broadcast to its shape, recorded (reduce.hpp).
template <class T>
Tensor<T> sum_to(const Tensor<T>& x, const Shape& shape);

/// `graph` (one output) on the elements of tensors, which broadcast to shape `whole`. Recorded.
template <class T>
Tensor<T> elementwise(std::shared_ptr<const graph::Graph> graph, const Tensors<T>& inputs, const Shape& whole);

/// The values of a graph on tensors of shape `whole` or smaller.
template <class T>
Tensor<T> evaluate(const graph::Graph& g, const Tensors<T>& inputs, const Shape& whole) {
  Tensor<T> y = Tensor<T>::uninitialized(whole);
  std::vector<const Shape*> shapes{&whole};
  for (const Tensor<T>& x : inputs) shapes.push_back(&x.shape());
  const Walk walk(whole, shapes);

  const std::size_t piece = std::min(stretch, walk.row());
  std::vector<T> memory(g.size() * piece);
  std::vector<const T*> at(g.size());
  for (std::size_t i = 0; i < g.size(); ++i) {
    T* const own = memory.data() + i * piece;
    at[i] = own;
    if (g.nodes[i].op == graph::Node::constant) std::fill_n(own, piece, static_cast<T>(g.nodes[i].value));
  }
  const int result = g.outputs[0];
  walk([&](const auto& offsets) {
    for (std::size_t first = 0; first < walk.row(); first += piece) {
      const std::size_t size = std::min(piece, walk.row() - first);
      T* const to = y.data() + offsets[0] + first;
      for (int i = 0; i <= result; ++i) {
        const graph::Node& n = g[i];
        T* const own = memory.data() + static_cast<std::size_t>(i) * piece;
        if (n.op == graph::Node::input) {
          const auto k = static_cast<std::size_t>(n.a);
          const T* const from = inputs[k].data() + offsets[k + 1];
          if (walk.moves(k + 1)) {
            at[static_cast<std::size_t>(i)] = from + first;
          } else if (first == 0) {
            std::fill_n(own, piece, *from);
          }
        } else if (n.op >= 0) {
          const T* x[3];
          for (int k = 0; k < n.arity(); ++k) x[k] = at[static_cast<std::size_t>(n.operand(k))];
          RowFunctions<T, op::Table>::rows[n.op](x, i == result ? to : own, size);
        }
      }
      if (g[result].op < 0) std::copy_n(at[static_cast<std::size_t>(result)], size, to);
    }
  });
  return y;
}

template <class T>
class Elementwise final : public Node<T> {
 public:
  Elementwise(std::shared_ptr<const graph::Graph> graph, const Tensors<T>& inputs, const Shape& whole)
      : graph_(std::move(graph)), whole_(whole) {
    for (const Tensor<T>& x : inputs) saved_.emplace_back(x.state(), edge(x));
  }

  std::string name() const override { return node_name(*graph_); }
  void release() override {
    Node<T>::release();
    saved_.clear();
  }

  Tensors<T> pullback(const Tensors<T>& cotangents) override {
    Tensors<T> inputs;
    for (const Saved<T>& x : saved_) inputs.push_back(Tensor<T>(x.unpack(*this)));
    inputs.push_back(cotangents[0]);
    return pulled_back(*graph_, inputs, whole_,
                       [&](std::size_t k) { return this->needs(k) ? &saved_[k].shape() : nullptr; });
  }

  /// The cotangents of the inputs of `g`; `inputs` are those and the cotangent of its output. `wanted(k)` is the shape
  /// of input `k`, or null if its cotangent is not wanted.
  static Tensors<T> pulled_back(const graph::Graph& g, const Tensors<T>& inputs, const Shape& whole,
                                const auto& wanted) {
    graph::Recorder r(g, 0);
    const graph::List<int> w = graph::inputs(r, 1);
    graph::PartialsOf partial(r);
    const graph::List<int> nodes = graph::reverse(partial, graph::first_inputs(g.inputs), graph::outputs_of(g), w);
    Tensors<T> result(inputs.size() - 1);
    for (std::size_t k = 0; k + 1 < inputs.size(); ++k) {
      if (!wanted(k) || nodes[k] < 0) continue;
      const auto one = std::make_shared<const graph::Graph>(graph::extract(r, {nodes[k]}));
      result[k] = sum_to(elementwise<T>(one, inputs, whole), *wanted(k));
    }
    return result;
  }

 private:
  std::shared_ptr<const graph::Graph> graph_;
  Shape whole_;
  std::vector<Saved<T>> saved_;
};

template <class T>
Tensor<T> elementwise(std::shared_ptr<const graph::Graph> graph, const Tensors<T>& inputs, const Shape& whole) {
  const Tensor<T> y =
      observed([&] { return node_name(*graph); }, Phase::forward, {}, [&] { return evaluate(*graph, inputs, whole); });
  if (is_recorded(inputs)) record(y, std::make_shared<Elementwise<T>>(std::move(graph), inputs, whole), inputs);
  return y;
}

/// Row `Op` on the elements of tensors (and numbers), recorded. It is compiled once for all programs' statements, so
/// the rules of operations are written with it.
template <class Op, class T, class... X>
Tensor<T> apply(const Tensor<T>& x, const X&... more) {
  static const auto graph = [] {
    graph::Recorder r;
    const graph::List<int> inputs = graph::inputs(r, Op::arity);
    const int y = r.emit(op::code<Op>, inputs[0], Op::arity > 1 ? inputs[1] : graph::none,
                         Op::arity > 2 ? inputs[2] : graph::none);
    return std::make_shared<const graph::Graph>(graph::extract(r, {y}));
  }();
  const Tensors<T> inputs{x, Tensor<T>(more)...};
  Shape whole;
  for (const Tensor<T>& input : inputs) whole = broadcast(node_name(*graph), whole, input.shape());
  return elementwise<T>(graph, inputs, whole);
}

template <class T, class Y>
Tensor<T> add(const Tensor<T>& x, const Y& y) {
  return apply<op::Add>(x, y);
}
template <class T, class Y>
Tensor<T> sub(const Tensor<T>& x, const Y& y) {
  return apply<op::Subtract>(x, y);
}
template <class T, class Y>
Tensor<T> mul(const Tensor<T>& x, const Y& y) {
  return apply<op::Multiply>(x, y);
}
template <class T, class Y>
Tensor<T> div(const Tensor<T>& x, const Y& y) {
  return apply<op::Divide>(x, y);
}
template <class T>
Tensor<T> neg(const Tensor<T>& x) {
  return apply<op::Negate>(x);
}

template <class T>
Tensor<T> add_recorded(const Tensor<T>& a, const Tensor<T>& b) {
  return add(a, b);
}

}  // namespace duet::tensor
