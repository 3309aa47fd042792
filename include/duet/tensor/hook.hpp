// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/recording.hpp>

/// Gradients of tensors on the way: looking at them, changing them, keeping them.
namespace duet {

namespace tensor {

/// Numbers of hooks.
inline std::atomic<std::uint64_t> next_hook{1};

/// Where a sweep comes past a tensor. Throws Error for a constant.
template <class T, class P>
Edge<T, P> watched_edge(const char* operation, const Tensor<T, P>& x) {
  Edge<T, P> place = edge(x);
  if (!place.node) {
    throw Error(std::string(operation) +
                ": no backward sweep comes past a constant; call requires_grad() on a leaf that it is computed from");
  }
  return place;
}

/// Calls the hooks of a node, and keeps the gradients that somebody asked for, if `retains` says so.
template <class T, class P>
void watch(const Node<T, P>& node, Tensors<T, P>& cotangents, bool retains) {
  const auto hooks = node.watch()->hooks;  // a copy, since a hook may remove itself
  for (const auto& hook : hooks) {
    if (cotangents[hook.output].defined()) hook.call(cotangents[hook.output]);
  }
  if (!retains) return;
  for (const std::weak_ptr<State<T, P>>& retained : node.watch()->retained) {
    const std::shared_ptr<State<T, P>> state = retained.lock();
    if (state && state->maker.node.get() == &node) accumulate(*state, cotangents[state->maker.output]);
  }
}

}  // namespace tensor

template <class T, class P>
void Tensor<T, P>::retain_grad() {
  const tensor::Edge<T, P> place = tensor::watched_edge("retain_grad", *this);
  if (is_leaf() || state_->retains_grad) return;
  state_->retains_grad = true;
  place.node->make_watch().retained.push_back(state_);
}

template <class T, class P>
template <class F>
std::uint64_t Tensor<T, P>::register_hook(F hook) {
  const tensor::Edge<T, P> place = tensor::watched_edge("register_hook", *this);
  const std::uint64_t id = tensor::next_hook.fetch_add(1, std::memory_order_relaxed);
  place.node->make_watch().hooks.push_back({place.output, id, [hook = std::move(hook)](Tensor& gradient) mutable {
                                              const Tensor& given = gradient;
                                              if constexpr (std::is_void_v<std::invoke_result_t<F&, const Tensor&>>) {
                                                hook(given);
                                              } else {
                                                const Tensor other(hook(given));
                                                if (!other.defined()) return;
                                                if (other.shape() != given.shape()) {
                                                  throw tensor::shape_error("hook", given.shape(), other.shape(),
                                                                            "of a gradient and what a hook puts in its "
                                                                            "place must be the same");
                                                }
                                                gradient = other;
                                              }
                                            }});
  return id;
}

template <class T, class P>
void Tensor<T, P>::remove_hook(std::uint64_t id) {
  const tensor::Edge<T, P> place = tensor::edge(*this);
  if (!place.node || !place.node->watch()) return;
  std::erase_if(place.node->make_watch().hooks, [id](const auto& hook) { return hook.id == id; });
}

}  // namespace duet
