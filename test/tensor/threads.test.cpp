// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Several threads, each with its own graph, on leaves of their own and on shared ones. Also run under ThreadSanitizer
// (meson.build).
#include <doctest/doctest.h>

#include <thread>

#include <duet/tensor/create.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/inplace.hpp>
#include <duet/tensor/sum.hpp>

using duet::Tensor;
using T = Tensor<double>;

namespace {

const int threads = 4, rounds = 200;

void in_threads(const auto& work) {
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t) all.emplace_back([&work, t] { work(t); });
  for (std::thread& thread : all) thread.join();
}

T square(const T& x) { return duet::tensor::mul(x, x); }

}  // namespace

TEST_CASE("threads record, sweep and free graphs of their own at the same time") {
  double results[threads];
  in_threads([&](int t) {
    T x = T{1, 2, 3.0 + t}.requires_grad();
    for (int k = 0; k < rounds; ++k) {
      T y = x;
      for (int depth = 0; depth < 5; ++depth) y = duet::tensor::apply<duet::op::Sin>(y);
      y *= 2;
      sum(square(y)).backward();
    }
    results[t] = x.grad().data()[2];
  });
  for (int t = 0; t < threads; ++t) {
    double y = 3 + t, derivative = 1;
    for (int depth = 0; depth < 5; ++depth) {
      derivative *= std::cos(y);
      y = std::sin(y);
    }
    CHECK(results[t] == doctest::Approx(rounds * 8 * y * derivative));
  }
}

TEST_CASE("graphs of several threads end in one leaf, whose gradient is the sum of all") {
  T w = duet::ones({50}).requires_grad();
  in_threads([&](int) {
    for (int k = 0; k < rounds; ++k) sum(square(reshape(w, {5, 10}))).backward();
  });
  for (std::size_t i = 0; i < w.size(); ++i) CHECK(w.grad().data()[i] == 2.0 * threads * rounds);
}

TEST_CASE("a graph may be swept and freed in another thread than the one that recorded it") {
  T x = duet::ones({1000}).requires_grad();
  T y;
  std::thread([&] { y = sum(square(square(x))); }).join();
  std::thread([y = std::exchange(y, T())] { y.backward(); }).join();
  CHECK(x.grad().data()[999] == 4);
}

TEST_CASE("whether operations are recorded is a matter of each thread") {
  const T x = T(1.0).requires_grad();
  const duet::NoGrad guard;
  std::thread([&] { CHECK(square(x).needs_grad()); }).join();
  CHECK(!square(x).needs_grad());
}
