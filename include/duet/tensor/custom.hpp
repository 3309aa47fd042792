// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/rule/custom.hpp>
#include <duet/tensor/elementwise.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/statement.hpp>

/// Functions of tensors with rules of their own: `custom_vjp` and `custom_jvp` (rule/custom.hpp) called with tensors,
/// or structures of them. A call is one operation of the graph. An argument without tensors stays what it is, and its
/// cotangent, which the rule gives as for all others, is not used.
///
/// Derivatives of higher order are those of the rule. For them a `custom_vjp` calls its forward function once more and
/// records it, so that what the residuals depend on is known; where the forward function is not made of recorded
/// operations, this is an Error. Tensors among the residuals must not change in place before the sweep (InplaceError).
namespace duet::rule {

/// What both kinds of rules have in common. `Arguments` is a tuple.
template <class T, class P, class Self, class Arguments, class Value>
class TensorRule : public tensor::Node<T, P> {
 protected:
  using Tensors = tensor::Tensors<T, P>;
  template <class X>
  static constexpr bool is_active = !std::same_as<engine_for<X>, op::Plain>;

 public:
  TensorRule(const Self& self, const Arguments& arguments, const Value& value)
      : self_(self), arguments_(without_tensors(arguments)), value_(emptied(value)) {}

  /// The tensors of a structure, or of the arguments that have any.
  template <class X>
  static Tensors leaves(const X& x) {
    return tree::leaves_as<Tensor<T, P>>(x);
  }
  static Tensors inputs(const Arguments& arguments) {
    Tensors all;
    for_each_active(arguments, [&](const Tensor<T, P>& one) { all.push_back(one); });
    return all;
  }

  /// Call it when the operation has been recorded.
  void save(const Tensors& inputs, const Tensors& outputs) {
    for (std::size_t k = 0; k < inputs.size(); ++k) saved_.emplace_back(inputs[k].state(), this->edges()[k]);
    for (const Tensor<T, P>& y : outputs) shapes_.push_back(y.shape());
  }
  void release() override {
    tensor::Node<T, P>::release();
    saved_.clear();
  }

 protected:
  /// Calls `f` with the leaves of arguments that have tensors, in the places of `x`.
  template <class Places, class F>
  static void for_each_active(const Places& x, const F& f) {
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      const auto visit = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
        if constexpr (is_active<std::tuple_element_t<I, Arguments>>) tree::for_each_leaf(std::get<I>(x), f);
      };
      (visit(std::integral_constant<std::size_t, K>{}), ...);
    }
    (std::make_index_sequence<std::tuple_size_v<Arguments>>{});
  }

  /// The arguments as they were; constants if they are not to be differentiated.
  Arguments unpacked(bool recorded) const {
    std::size_t k = 0;
    return mapped(arguments_, [&](const Tensor<T, P>&) {
      const Tensor<T, P> x(saved_[k++].unpack(*this));
      return recorded ? x : x.detach();
    });
  }
  template <class F>
  static Arguments mapped(const Arguments& arguments, const F& f) {
    return std::apply(
        [&](const auto&... x) {
          const auto one = [&]<class X>(const X& argument) -> X {
            if constexpr (is_active<X>) {
              return tree::map_leaves<Tensor<T, P>>(argument, f);
            } else {
              return argument;
            }
          };
          return Arguments{one(x)...};  // braces: in this order
        },
        arguments);
  }

  const Self self_;
  const Arguments arguments_;  // for its structure: the tensors are in `saved_`
  const Value value_;          // for its structure
  std::vector<tensor::Saved<T, P>> saved_;
  std::vector<Shape> shapes_;

 private:
  static Value emptied(const Value& value) {
    return tree::map_leaves<Tensor<T, P>>(value, [](const Tensor<T, P>&) { return Tensor<T, P>(); });
  }
  static Arguments without_tensors(const Arguments& arguments) {
    return mapped(arguments, [](const Tensor<T, P>&) { return Tensor<T, P>(); });
  }
};

/// The tensors that a thing refers to: those of residuals, also as parts of formulas.
template <class X, class F>
void for_each_tensor(const X& x, const F& f) {
  if constexpr (tensor::is_tensor<X>) {
    if (x.defined()) f(x);
  } else if constexpr (tensor::lazy<X>) {
    std::apply([&](const auto&... slot) { (for_each_tensor(slot, f), ...); }, x.values.all);
  } else if constexpr (tree::is_container<X>) {
    tree::for_each_leaf(x, [&](const auto& leaf) { for_each_tensor(leaf, f); });
  }
}

/// A call of a `custom_vjp`.
template <class T, class P, class Self, class Arguments, class Value, class Residuals>
class TensorVjp final : public TensorRule<T, P, Self, Arguments, Value> {
  using Base = TensorRule<T, P, Self, Arguments, Value>;
  using typename Base::Tensors;

 public:
  TensorVjp(const Self& self, const Arguments& arguments, const Value& value, const Residuals& residuals)
      : Base(self, arguments, value), residuals_(residuals) {
    for_each_tensor(*residuals_, [&](const auto& x) { versions_.push_back(x.version()); });
  }

  std::string name() const override { return "CustomVjp"; }
  void release() override {
    Base::release();
    residuals_.reset();
  }

  Tensors pullback(const Tensors& cotangents) override {
    if (!tensor::recording) {
      check_residuals();
      return pulled(*residuals_, cotangents);
    }
    const auto result = std::apply(
        [&](const auto&... x) { return call_forward(this->self_.forward, this->self_, x...); }, this->unpacked(true));
    if (!tensor::is_recorded(Base::leaves(std::get<0>(result)))) {
      throw Error(
          "custom_vjp: a derivative of higher order needs a forward function that is made of recorded operations on "
          "its arguments; this one has only first derivatives");
    }
    return pulled(std::get<1>(result), cotangents);
  }

 private:
  void check_residuals() const {
    auto version = versions_.begin();
    for_each_tensor(*residuals_, [&](const auto& x) {
      if (x.version() == *version++) return;
      throw InplaceError("custom_vjp: a residual of shape " + to_string(x.shape()) +
                         " was changed in place before the sweep; change a copy");
    });
  }

  Tensors pulled(const auto& residuals, const Tensors& cotangents) const {
    std::size_t k = 0;
    const auto cotangent = tree::map_leaves<Tensor<T, P>>(this->value_, [&](const auto&) {
      const Tensor<T, P>& w = cotangents[k];
      const Shape& shape = this->shapes_[k++];
      return w.defined() ? w : Tensor<T, P>::full(shape, 0);
    });
    const auto result = call_backward(this->self_.backward, residuals, cotangent, this->arguments_);
    Tensors all;
    Base::for_each_active(result, [&](const auto& one) {
      const Tensor<T, P> c(one);
      const Shape& shape = this->saved_[all.size()].shape();
      if (c.defined() && c.shape() != shape)
        throw tensor::shape_error("custom_vjp", c.shape(), shape, "of a cotangent and its argument must be the same");
      all.push_back(c);
    });
    return all;
  }

  std::optional<Residuals> residuals_;
  std::vector<std::uint64_t> versions_;
};

/// A call of a `custom_jvp`. The rule is linear in the tangents: its transpose is the gradient with respect to them.
template <class T, class P, class Self, class Arguments, class Value>
class TensorJvp final : public TensorRule<T, P, Self, Arguments, Value> {
  using Base = TensorRule<T, P, Self, Arguments, Value>;
  using typename Base::Tensors;

 public:
  using Base::Base;
  std::string name() const override { return "CustomJvp"; }

  Tensors pullback(const Tensors& cotangents) override {
    const bool create_graph = tensor::recording;
    const EnableGrad guard;
    std::size_t k = 0;
    Tensors tangents;
    const auto tangent = [&]<class X>(const X& x) {
      if constexpr (Base::template is_active<X>) {
        return tree::map_leaves<Tensor<T, P>>(x, [&](const Tensor<T, P>&) {
          tangents.push_back(Tensor<T, P>::full(this->saved_[k].shape(), 0).requires_grad(this->needs(k)));
          ++k;
          return tangents.back();
        });
      } else if constexpr (varies<X>) {
        return tree::map_leaves<double>(x, [](const auto&) { return 0.0; });
      } else {
        return NoTangent();
      }
    };
    const auto result = std::apply(
        [&](const auto&... x) {
          const std::tuple<decltype(tangent(x))...> directions{tangent(x)...};  // braces: in this order
          return std::apply(
              [&](const auto&... t) { return call_rule(this->self_.rule, this->self_, joined(x...), joined(t...)); },
              directions);
        },
        this->unpacked(create_graph));

    Tensors outputs, given, wanted;
    const Tensors all = Base::leaves(std::get<1>(result));
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!all[i].needs_grad() || !cotangents[i].defined()) continue;
      outputs.push_back(all[i]);
      given.push_back(cotangents[i]);
    }
    for (const Tensor<T, P>& t : tangents) {
      if (t.needs_grad()) wanted.push_back(t);
    }
    Tensors results(tangents.size());
    if (outputs.empty()) return results;
    const Tensors gradients = autograd::grad<T, P>(
        outputs, wanted, {.grad_outputs = given, .create_graph = create_graph, .allow_unused = true});
    auto next = gradients.begin();
    for (std::size_t i = 0; i < tangents.size(); ++i) {
      if (tangents[i].needs_grad()) results[i] = *next++;
    }
    return results;
  }
};

/// Rules on tensors of `T` in the place `P`.
template <class T, class P>
class TensorPath {
  template <class X>
  static auto settled(const X& x) {
    if constexpr (std::same_as<engine_for<X>, op::Plain>) {
      return x;
    } else {
      return tree::map_leaves<Tensor<T, P>>(x, [](const auto& one) { return Tensor<T, P>(one); });
    }
  }

  /// The value as the output of a new operation: other handles, so that residuals may hold the value itself.
  template <class Value>
  static Value fresh(const Value& value, const tensor::Tensors<T, P>& inputs) {
    return tree::map_leaves<Tensor<T, P>>(value, [&](const Tensor<T, P>& y) {
      const bool is_shared = std::any_of(inputs.begin(), inputs.end(), [&](const Tensor<T, P>& x) {
        return x.state()->storage == y.state()->storage;
      });
      return is_shared ? y.copy() : y.detach();
    });
  }

  template <class Value, class N, class Rule>
  static Value recorded(const Value& value, const std::shared_ptr<N>& node, const tensor::Tensors<T, P>& inputs,
                        Rule*) {
    const tensor::Tensors<T, P> outputs = Rule::leaves(value);
    tensor::record<T, P>(outputs, node, inputs);
    node->save(inputs, outputs);
    return value;
  }

 public:
  template <class Self, class... X>
  static auto pull(const Self& self, const X&... x) {
    using Arguments = std::tuple<decltype(settled(x))...>;
    const Arguments arguments(settled(x)...);
    const auto value_of = [&](const auto& given) { return settled(given); };
    using Result =
        decltype(std::apply([&](const auto&... a) { return call_forward(self.forward, self, a...); }, arguments));
    using Value = decltype(value_of(std::get<0>(std::declval<Result>())));
    using Residuals = std::tuple_element_t<1, Result>;
    using Node = TensorVjp<T, P, Self, Arguments, Value, Residuals>;
    const tensor::Tensors<T, P> inputs = Node::inputs(arguments);
    if (!tensor::is_recorded(inputs)) return Value(value_of(std::apply(self.f, arguments)));

    const Result result = [&] {
      const NoGrad guard;
      return std::apply([&](const auto&... a) { return call_forward(self.forward, self, a...); }, arguments);
    }();
    const Value value = fresh(value_of(std::get<0>(result)), inputs);
    return recorded(value, std::make_shared<Node>(self, arguments, value, std::get<1>(result)), inputs,
                    static_cast<Node*>(nullptr));
  }

  template <class Self, class... X>
  static auto push(const Self& self, const X&... x) {
    using Arguments = std::tuple<decltype(settled(x))...>;
    const Arguments arguments(settled(x)...);
    const auto computed = [&] {
      const NoGrad guard;
      return settled(std::apply(self.f, arguments));
    }();
    using Value = std::remove_const_t<decltype(computed)>;
    using Node = TensorJvp<T, P, Self, Arguments, Value>;
    const tensor::Tensors<T, P> inputs = Node::inputs(arguments);
    if (!tensor::is_recorded(inputs)) return computed;
    const Value value = fresh(computed, inputs);
    return recorded(value, std::make_shared<Node>(self, arguments, value), inputs, static_cast<Node*>(nullptr));
  }
};

template <class... X>
struct path_of<TensorEngine, X...> {
  using type = TensorPath<typename leader<X...>::value_type, typename leader<X...>::place_type>;
};

}  // namespace duet::rule
