// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/rule/arguments.hpp>
#include <duet/tensor/elementwise.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/rearrange.hpp>
#include <duet/tensor/statement.hpp>

/// Derivatives of functions of tensors, with PyTorch's names. `primals` is one tensor for a function of one argument, a
/// std::tuple of tensors for one of several; other structures of tensors (vectors, structs) are one argument. What
/// comes back has the same structure. The function returns one tensor or formula. It is called once, with other tensors
/// than those given, so `grad()` of these does not change.
namespace duet {

namespace tensor {

/// The type of the tensors of some primals.
template <class Primals>
using LeaderOf = TensorOf<rule::leader<Primals>>;

/// A function called at a point, so that its derivatives there can be asked for.
template <class F, class Primals>
class Called {
 public:
  using T = typename rule::leader<Primals>::value_type;
  using P = typename rule::leader<Primals>::place_type;

  /// `create_graph`: derivatives by the primals are recorded, as far as these are parts of a graph.
  Called(const F& f, const Primals& primals, bool create_graph) : create_graph_(create_graph) {
    const EnableGrad guard;
    const Primals inputs = tree::map_leaves<Tensor<T, P>>(primals, [&](const Tensor<T, P>& x) {
      leaves.push_back(create_graph && x.needs_grad() ? reshape(x, x.shape()) : x.detach().requires_grad());
      return leaves.back();
    });
    value = Tensor<T, P>(called(f, inputs));
  }

  /// The cotangents of the primals, zeros where the value does not depend on them.
  Tensors<T, P> pulled(const Tensor<T, P>& cotangent, bool retain_graph, bool create_graph) const {
    const Tensors<T, P> given = cotangent.defined() ? Tensors<T, P>{cotangent} : Tensors<T, P>{};
    return gradients({value}, given, leaves, retain_graph, create_graph);
  }

  /// Those of several results at once, by any tensors.
  static Tensors<T, P> gradients(const Tensors<T, P>& results, const Tensors<T, P>& cotangents,
                                 const Tensors<T, P>& inputs, bool retain_graph, bool create_graph) {
    Tensors<T, P> outputs, given, all(inputs.size());
    for (std::size_t k = 0; k < results.size(); ++k) {
      if (!results[k].needs_grad()) continue;
      outputs.push_back(results[k]);
      if (!cotangents.empty()) given.push_back(cotangents[k]);
    }
    if (!outputs.empty()) {
      all = autograd::grad<T, P>(
          outputs, inputs,
          {.grad_outputs = given, .retain_graph = retain_graph, .create_graph = create_graph, .allow_unused = true});
    }
    for (std::size_t k = 0; k < all.size(); ++k) {
      if (!all[k].defined()) all[k] = Tensor<T, P>::full(inputs[k].shape(), 0);
    }
    return all;
  }

  /// Tensors in the structure of the primals.
  template <class S = Tensor<T, P>>
  static auto structured(const Primals& primals, const std::vector<S>& all) {
    auto next = all.begin();
    return tree::map_leaves<S>(primals, [&](const auto&) { return *next++; });
  }

  /// The value for the caller.
  Tensor<T, P> result() const { return create_graph_ ? value : value.detach(); }

  Tensors<T, P> leaves;
  Tensor<T, P> value;

 private:
  static auto called(const F& f, const Primals& x) {
    if constexpr (requires { std::tuple_size<Primals>::value; } && !std::invocable<const F&, const Primals&>) {
      return std::apply(f, x);
    } else {
      return f(x);
    }
  }
  bool create_graph_;
};

/// The shape of the derivatives of something of shape `a` by something of shape `b`.
inline Shape joined(const Shape& a, const Shape& b) {
  Shape both = a;
  both.insert(both.end(), b.begin(), b.end());
  return both;
}

/// Calls `use(i, unit)` for each element: the tensor of shape `shape` with a one there and zeros elsewhere.
template <class T, class P>
void for_each_unit(const Shape& shape, const auto& use) {
  for (std::size_t i = 0; i < size_of(shape); ++i) {
    Tensor<T, P> unit = Tensor<T, P>::full(shape, 0);
    Memory<P>::fill(unit.data() + i, 1, T(1));
    use(i, unit);
  }
}

/// Writes row `i` of a matrix whose rows are tensors.
template <class T, class P>
void set_row(Tensor<T, P>& matrix, std::size_t i, const Tensor<T, P>& row) {
  Memory<P>::copy(row.data(), row.size(), matrix.data() + i * row.size());
}

/// The derivatives of `result` by the primals at which a function was called, row by row.
template <class Point, class T, class P>
Tensors<T, P> rows_of(const Point& at, const Tensor<T, P>& result) {
  Tensors<T, P> all;
  for (const Tensor<T, P>& x : at.leaves) all.push_back(Tensor<T, P>::full(joined(result.shape(), x.shape()), 0));
  if (!result.needs_grad()) return all;
  for_each_unit<T, P>(result.shape(), [&](std::size_t i, const Tensor<T, P>& unit) {
    const Tensors<T, P> row = Point::gradients({result}, {unit}, at.leaves, true, false);
    for (std::size_t k = 0; k < row.size(); ++k) set_row(all[k], i, row[k]);
  });
  return all;
}

/// The transposed product with the Jacobian as a function of the cotangent, which is linear: its derivatives are the
/// tangents of the value (the double backward trick).
template <class Point>
class Pushforward {
  using T = typename Point::T;
  using P = typename Point::P;

 public:
  explicit Pushforward(const Point& at) : at_(at), dummy_(Tensor<T, P>::full(at.value.shape(), 0).requires_grad()) {
    const EnableGrad guard;
    pulled_ = at.pulled(dummy_, true, true);
  }
  Tensor<T, P> operator()(const Tensors<T, P>& tangents, bool create_graph) const {
    const EnableGrad guard;
    return Point::gradients(pulled_, tangents, {dummy_}, true, create_graph)[0];
  }

 private:
  const Point& at_;
  Tensor<T, P> dummy_;
  Tensors<T, P> pulled_;
};

/// The tensors of a structure that has to be like another. Throws ShapeError.
template <class T, class P, class Directions>
Tensors<T, P> directions_for(const char* operation, const Tensors<T, P>& leaves, const Directions& directions) {
  Tensors<T, P> all = tree::leaves_as<Tensor<T, P>>(directions);
  if (all.size() != leaves.size())
    throw ShapeError(std::string(operation) + ": there are " + std::to_string(leaves.size()) + " primals and " +
                     std::to_string(all.size()) + " directions");
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (all[k].shape() != leaves[k].shape())
      throw shape_error(operation, all[k].shape(), leaves[k].shape(), "of a direction and its primal must be the same");
  }
  return all;
}

}  // namespace tensor

namespace autograd::functional {

struct Options {
  bool create_graph = false;  ///< records the derivatives, where the primals are parts of a graph
};

/// The value and the product of `cotangent` and the Jacobian; without a cotangent the gradient, of a single number.
template <class F, class Primals>
auto vjp(const F& f, const Primals& primals, const tensor::LeaderOf<Primals>& cotangent = {},
         const Options& options = {}) {
  using Point = tensor::Called<F, Primals>;
  const Point at(f, primals, options.create_graph);
  return std::pair(at.result(),
                   Point::structured(primals, at.pulled(cotangent, options.create_graph, options.create_graph)));
}

/// The value and the product of the Jacobian and `tangents`, which has the structure of the primals. Cost: a recorded
/// backward sweep, and one through that.
template <class F, class Primals>
auto jvp(const F& f, const Primals& primals, const Primals& tangents, const Options& options = {}) {
  const tensor::Called<F, Primals> at(f, primals, options.create_graph);
  const auto directions = tensor::directions_for("jvp", at.leaves, tangents);
  return std::pair(at.result(), tensor::Pushforward(at)(directions, options.create_graph));
}

/// The Jacobian: for each primal a tensor whose shape is that of the value followed by that of the primal. Cost: a
/// backward sweep for each element of the value, or, if there are much fewer elements in the primals, two for each of
/// these.
template <class F, class Primals>
auto jacobian(const F& f, const Primals& primals) {
  using Point = tensor::Called<F, Primals>;
  using T = typename Point::T;
  using P = typename Point::P;
  const Point at(f, primals, false);
  const std::size_t outputs = at.value.size();
  std::size_t inputs = 0;
  for (const Tensor<T, P>& x : at.leaves) inputs += x.size();
  if (2 * inputs >= outputs) return Point::structured(primals, tensor::rows_of(at, at.value));

  const tensor::Pushforward push(at);
  tensor::Tensors<T, P> all, tangents;
  for (const Tensor<T, P>& x : at.leaves) tangents.push_back(Tensor<T, P>::full(x.shape(), 0));
  for (std::size_t k = 0; k < at.leaves.size(); ++k) {
    const Shape& shape = at.leaves[k].shape();
    const Tensor<T, P> zero = tangents[k];
    Tensor<T, P> columns = Tensor<T, P>::uninitialized({zero.size(), outputs});
    tensor::for_each_unit<T, P>(shape, [&](std::size_t j, const Tensor<T, P>& unit) {
      tangents[k] = unit;
      tensor::set_row(columns, j, push(tangents, false));
    });
    tangents[k] = zero;
    all.push_back(reshape(transpose(columns), tensor::joined(at.value.shape(), shape)));
  }
  return Point::structured(primals, all);
}

/// The second derivatives of a function whose value is one number: in the place of each primal a structure like
/// `primals`, whose tensors have the shapes of the two primals one after the other. Throws ShapeError for other values.
/// Cost: a backward sweep through the gradient for each element of the primals.
template <class F, class Primals>
auto hessian(const F& f, const Primals& primals) {
  using Point = tensor::Called<F, Primals>;
  using T = typename Point::T;
  using P = typename Point::P;
  const Point at(f, primals, false);
  const tensor::Tensors<T, P> gradient = at.pulled({}, true, true);
  std::vector<Primals> blocks;
  for (const Tensor<T, P>& g : gradient) blocks.push_back(Point::structured(primals, tensor::rows_of(at, g)));
  return Point::structured(primals, blocks);
}

/// The value, which is one number, and the product of `v` (in the structure of the primals) and the Hessian. Cost: a
/// recorded backward sweep, and one through that.
template <class F, class Primals>
auto vhp(const F& f, const Primals& primals, const Primals& v, const Options& options = {}) {
  using Point = tensor::Called<F, Primals>;
  const Point at(f, primals, options.create_graph);
  const auto directions = tensor::directions_for("vhp", at.leaves, v);
  const EnableGrad guard;
  const auto gradient = at.pulled({}, true, true);
  return std::pair(at.result(),
                   Point::structured(primals, Point::gradients(gradient, directions, at.leaves, options.create_graph,
                                                               options.create_graph)));
}

/// The value and the product of the Hessian and `v`: the same as `vhp`, since Hessians are symmetric.
template <class F, class Primals>
auto hvp(const F& f, const Primals& primals, const Primals& v, const Options& options = {}) {
  return vhp(f, primals, v, options);
}

}  // namespace autograd::functional

}  // namespace duet
