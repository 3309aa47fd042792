// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// How long graphs live, and how deep they may be.
#include <doctest/doctest.h>

#include <duet/tensor/create.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/operation.hpp>
#include <duet/tensor/sum.hpp>

#include "check.hpp"

using duet::Tensor;
using T = Tensor<double>;
using Graph = std::weak_ptr<duet::tensor::Node<double>>;

namespace {

T square(const T& x) { return duet::tensor::mul(x, x); }

/// An operation that keeps its own result.
T exponential(const T& x) {
  return duet::tensor::operation<double>(
      "Exp", {x}, {.output = true}, std::source_location::current(),
      [&] {
        std::vector<double> elements = x.vector();
        for (double& element : elements) element = std::exp(element);
        return check::tensor_of(elements, x.shape());
      },
      [](const auto& call) {
        return duet::tensor::Tensors<double>{duet::tensor::mul(call.cotangent(), call.output())};
      });
}

}  // namespace

TEST_CASE("a graph that nobody holds is freed, with what it saved") {
  const auto before = duet::tensor_memory().bytes;
  {
    T x = duet::rand({100}, *std::make_unique<duet::Generator>()).requires_grad();
    Graph graph;
    {
      const T y = sum(exponential(square(x)));
      graph = y.grad_fn();
      CHECK(!graph.expired());
      const Graph inner = y.grad_fn()->next_functions()[0];
      CHECK(!inner.expired());
    }
    CHECK(graph.expired());
    CHECK(duet::tensor_memory().bytes - before == 100 * sizeof(double));
  }
  CHECK(duet::tensor_memory().bytes == before);
}

TEST_CASE("a sweep frees what was saved, and keeps it if asked to") {
  const T x = duet::ones({100}).requires_grad();
  const auto with_leaf = duet::tensor_memory().bytes;
  const T y = sum(exponential(square(x)));
  const auto saved = duet::tensor_memory().bytes;
  y.backward({.retain_graph = true});
  CHECK(duet::tensor_memory().bytes == saved + 800);  // and a gradient
  y.backward();
  CHECK(duet::tensor_memory().bytes == with_leaf + 808);  // that and a number are left
}

TEST_CASE("a gradient that was recorded does not keep itself alive") {
  Graph first, second;
  {
    T x = duet::ones({3}).requires_grad();
    T a = exponential(x);
    a.retain_grad();
    const T y = sum(square(a));
    first = y.grad_fn();
    y.backward({.create_graph = true});
    second = x.grad().grad_fn();
    CHECK(!second.expired());
    sum(x.grad()).backward({.create_graph = true});
  }
  CHECK(first.expired());
  CHECK(second.expired());
}

TEST_CASE("a graph ends where nobody has its leaf any more") {
  T y;
  {
    const T x = duet::ones({3}).requires_grad();
    y = sum(square(x));
  }
  CHECK(y.grad_fn()->next_functions()[0]->next_functions()[0]->name() == "AccumulateGrad");
  y.backward();
}

TEST_CASE("chains of a million operations are recorded, swept and freed") {
#ifdef DUET_SANITIZED
  const int length = 100'000;  // whose memory is watched: that takes ten times as long
#else
  const int length = 1'000'000;
#endif
  const T x = T(0.5).requires_grad();
  Graph first, last;
  {
    T y = duet::tensor::mul(x, 2.0);
    first = y.grad_fn();
    for (int k = 1; k < length; ++k) y = sum(y);
    last = y.grad_fn();
    y.backward();
    CHECK(x.grad().item() == 2);
  }
  CHECK(first.expired());
  CHECK(last.expired());
}

TEST_CASE("a shared value is swept once however many paths lead to it") {
  const T x = T(1.0).requires_grad();
  T y = x;
  for (int k = 0; k < 60; ++k) y = duet::tensor::add(y, y);
  y.backward();
  CHECK(x.grad().item() == 0x1p60);
  const auto g = duet::autograd::grad<double>({duet::tensor::mul(y, y)}, {y});
  CHECK(g[0].item() == 0x1p61);
}
