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
template <class T, class P>
Tensor<T, P> sum_to(const Tensor<T, P>& x, const Shape& shape);

/// `graph` (one output) on the elements of tensors, which broadcast to shape `whole`. Recorded.
template <class T, class P>
Tensor<T, P> elementwise(std::shared_ptr<const graph::Graph> graph, const Tensors<T, P>& inputs, const Shape& whole);

/// The arrays of a graph that is known at run time only: `from[k]`, of shape `*shapes[k]`, is input k; the output
/// goes to `to`, of shape `*whole`.
template <class T>
struct GraphPass {
  const graph::Graph& graph;
  const Shape* whole;
  std::vector<const T*> from;
  std::vector<const Shape*> shapes;
  T* to;
};

/// How a place carries that out. A place specialises this.
template <class P>
struct Interpreter;

template <>
struct Interpreter<Host> {
  template <class T>
  static void run(const GraphPass<T>& pass) {
    const graph::Graph& g = pass.graph;
    std::vector<const Shape*> shapes{pass.whole};
    shapes.insert(shapes.end(), pass.shapes.begin(), pass.shapes.end());
    const Walk walk(*pass.whole, shapes);

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
        T* const to = pass.to + offsets[0] + first;
        for (int i = 0; i <= result; ++i) {
          const graph::Node& n = g[i];
          T* const own = memory.data() + static_cast<std::size_t>(i) * piece;
          if (n.op == graph::Node::input) {
            const auto k = static_cast<std::size_t>(n.a);
            const T* const from = pass.from[k] + offsets[k + 1];
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
  }
};

/// The values of a graph on tensors of shape `whole` or smaller.
template <class T, class P>
Tensor<T, P> evaluate(const graph::Graph& g, const Tensors<T, P>& inputs, const Shape& whole) {
  auto y = Tensor<T, P>::uninitialized(whole);
  GraphPass<T> pass{g, &whole, {}, {}, y.data()};
  for (const Tensor<T, P>& x : inputs) {
    pass.from.push_back(x.data());
    pass.shapes.push_back(&x.shape());
  }
  Interpreter<P>::run(pass);
  return y;
}

template <class T, class P>
class Elementwise final : public Node<T, P> {
 public:
  Elementwise(std::shared_ptr<const graph::Graph> graph, const Tensors<T, P>& inputs, const Shape& whole)
      : graph_(std::move(graph)), whole_(whole) {
    for (const Tensor<T, P>& x : inputs) saved_.emplace_back(x.state(), edge(x));
  }

  std::string name() const override { return node_name(*graph_); }
  void release() override {
    Node<T, P>::release();
    saved_.clear();
  }

  Tensors<T, P> pullback(const Tensors<T, P>& cotangents) override {
    Tensors<T, P> inputs;
    for (const Saved<T, P>& x : saved_) inputs.push_back(Tensor<T, P>(x.unpack(*this)));
    inputs.push_back(cotangents[0]);
    return pulled_back(*graph_, inputs, whole_,
                       [&](std::size_t k) { return this->needs(k) ? &saved_[k].shape() : nullptr; });
  }

  /// The cotangents of the inputs of `g`; `inputs` are those and the cotangent of its output. `wanted(k)` is the shape
  /// of input `k`, or null if its cotangent is not wanted.
  static Tensors<T, P> pulled_back(const graph::Graph& g, const Tensors<T, P>& inputs, const Shape& whole,
                                   const auto& wanted) {
    graph::Recorder r(g, 0);
    const graph::List<int> w = graph::inputs(r, 1);
    graph::PartialsOf partial(r);
    const graph::List<int> nodes = graph::reverse(partial, graph::first_inputs(g.inputs), graph::outputs_of(g), w);
    Tensors<T, P> result(inputs.size() - 1);
    for (std::size_t k = 0; k + 1 < inputs.size(); ++k) {
      if (!wanted(k) || nodes[k] < 0) continue;
      const auto one = std::make_shared<const graph::Graph>(graph::extract(r, {nodes[k]}));
      result[k] = sum_to(elementwise<T, P>(one, inputs, whole), *wanted(k));
    }
    return result;
  }

 private:
  std::shared_ptr<const graph::Graph> graph_;
  Shape whole_;
  std::vector<Saved<T, P>> saved_;
};

template <class T, class P>
Tensor<T, P> elementwise(std::shared_ptr<const graph::Graph> graph, const Tensors<T, P>& inputs, const Shape& whole) {
  const Tensor<T, P> y =
      observed([&] { return node_name(*graph); }, Phase::forward, {}, [&] { return evaluate(*graph, inputs, whole); });
  if (is_recorded(inputs)) record(y, std::make_shared<Elementwise<T, P>>(std::move(graph), inputs, whole), inputs);
  return y;
}

/// Row `Op` on the elements of tensors (and numbers), recorded. It is compiled once for all programs' statements, so
/// the rules of operations are written with it.
template <class Op, class T, class P, class... X>
Tensor<T, P> apply(const Tensor<T, P>& x, const X&... more) {
  static const auto graph = [] {
    graph::Recorder r;
    const graph::List<int> inputs = graph::inputs(r, Op::arity);
    const int y = r.emit(op::code<Op>, inputs[0], Op::arity > 1 ? inputs[1] : graph::none,
                         Op::arity > 2 ? inputs[2] : graph::none);
    return std::make_shared<const graph::Graph>(graph::extract(r, {y}));
  }();
  const Tensors<T, P> inputs{x, Tensor<T, P>(more)...};
  Shape whole;
  for (const Tensor<T, P>& input : inputs) whole = broadcast(node_name(*graph), whole, input.shape());
  return elementwise<T, P>(graph, inputs, whole);
}

template <class T, class P, class Y>
Tensor<T, P> add(const Tensor<T, P>& x, const Y& y) {
  return apply<op::Add>(x, y);
}
template <class T, class P, class Y>
Tensor<T, P> sub(const Tensor<T, P>& x, const Y& y) {
  return apply<op::Subtract>(x, y);
}
template <class T, class P, class Y>
Tensor<T, P> mul(const Tensor<T, P>& x, const Y& y) {
  return apply<op::Multiply>(x, y);
}
template <class T, class P, class Y>
Tensor<T, P> div(const Tensor<T, P>& x, const Y& y) {
  return apply<op::Divide>(x, y);
}
template <class T, class P>
Tensor<T, P> neg(const Tensor<T, P>& x) {
  return apply<op::Negate>(x);
}

template <class T, class P>
Tensor<T, P> add_recorded(const Tensor<T, P>& a, const Tensor<T, P>& b) {
  return add(a, b);
}

}  // namespace duet::tensor
