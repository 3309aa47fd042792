// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Functions of a sample on whole batches, compared with loops over the samples.
#include <doctest/doctest.h>

#include <duet/tensor/create.hpp>
#include <duet/tensor/join.hpp>
#include <duet/tensor/selection.hpp>
#include <duet/tensor/vmap.hpp>

using duet::Shape;
using duet::Tensor;

namespace {

constexpr std::size_t samples = 4;

duet::Generator generator(7);
Tensor<double> random(const Shape& shape) { return duet::randn(shape, generator); }

void check_close(const Tensor<double>& a, const Tensor<double>& b) {
  REQUIRE(a.shape() == b.shape());
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(a.data()[i] == doctest::Approx(b.data()[i]).epsilon(1e-12));
}

/// Compares `vmap(f)` on these batches with `f` on their samples, one after the other.
template <class F, class... X>
void check(const F& f, const X&... x) {
  std::vector<Tensor<double>> results;
  for (std::size_t i = 0; i < samples; ++i) results.push_back(Tensor<double>(f(Tensor<double>(x[i])...)));
  check_close(duet::vmap(f)(x...), duet::stack(results));
}

}  // namespace

TEST_CASE("arithmetic and functions of the table align samples, not batches") {
  const Tensor<double> scalars = random({samples}), vectors = random({samples, 3}),
                       squares = random({samples, samples}), matrices = random({samples, 2, 3});
  const Tensor<double> row = random({3}), shared = random({2, 3});
  check([](const auto& a, const auto& b) { return exp(a) * b - 2 / (1 + b * b); }, scalars, vectors);
  check([](const auto& a, const auto& b) { return a + sin(b); }, vectors, matrices);
  check([](const auto& a, const auto& b) { return a * b; }, scalars, squares);  // sizes that a batch might meet, too
  check([&](const auto& a) { return a * row; }, vectors);
  check([&](const auto& a) { return shared * a; }, vectors);
  check([&](const auto& a) { return shared / (2 + a * a); }, scalars);
}

TEST_CASE("conditions choose for each element of each sample") {
  const Tensor<double> x = random({samples, 5}), y = random({samples});
  check([](const auto& a, const auto& b) { return where(a > b && !(a > 1), a * a, relu(a)); }, x, y);
  check([](const auto& a) { return max(a, 0.5) + abs(a); }, x);
}

TEST_CASE("reductions are over axes of a sample") {
  const Tensor<double> x = random({samples, 2, 3}), numbers = random({samples});
  check([](const auto& a) { return sum(a); }, x);
  check([](const auto& a) { return sum(a); }, numbers);
  check([](const auto& a) { return sum(a, 0); }, x);
  check([](const auto& a) { return a / sum(a, -1, true); }, x);
  check([](const auto& a) { return mean(a * a, {0, 1}); }, x);
  check([](const auto& a) { return prod(a, 1) + amax(a, 1) - amin(a, -1); }, x);
  check([](const auto& a) { return logsumexp(a, 0); }, x);
  check([](const auto& a) { return norm(a) + norm(a, 1); }, x);
  check([](const auto& a) { return var(a, 1) + duet::std(a, 1); }, x);
  check([](const auto& a) { return softmax(a, 0) + log_softmax(a, -1); }, x);
  CHECK_THROWS_AS(duet::vmap([](const auto& a) { return sum(a, 2); })(x), duet::ShapeError);
}

TEST_CASE("shapes are those of a sample") {
  const Tensor<double> x = random({samples, 2, 3});
  check([](const auto& a) { return transpose(a); }, x);
  check([](const auto& a) { return permute(a, {1, 0}); }, x);
  check([](const auto& a) { return reshape(a, {3, -1}); }, x);
  check([](const auto& a) { return flatten(a); }, x);
  check([](const auto& a) { return unsqueeze(a, -1) * squeeze(unsqueeze(a, 0), 0).shape()[1]; }, x);
}

TEST_CASE("products of samples with samples and with what they share") {
  const Tensor<double> v = random({samples, 3}), w = random({samples, 3}), a = random({samples, 2, 3}),
                       b = random({samples, 3, 5}), stacks = random({samples, 6, 3, 2});
  const Tensor<double> vector = random({3}), matrix = random({4, 3}), right = random({3, 4}), bias = random({4});
  check([](const auto& x, const auto& y) { return dot(x, y); }, v, w);
  check([&](const auto& x) { return dot(vector, x); }, v);
  check([](const auto& x, const auto& y) { return outer(x, y); }, v, w);
  check([&](const auto& x) { return outer(vector, x); }, v);
  check([](const auto& x, const auto& y) { return matmul(x, y); }, v, w);
  check([](const auto& x, const auto& y) { return matmul(x, y); }, a, b);
  check([](const auto& x, const auto& y) { return matmul(x, y); }, a, v);
  check([](const auto& x, const auto& y) { return matmul(x, y); }, v, b);
  check([](const auto& x, const auto& y) { return matmul(x, y); }, a, stacks);
  check([](const auto& x, const auto& y) { return matmul(x, y); }, v, stacks);
  check([&](const auto& x) { return matmul(matrix, x); }, v);
  check([&](const auto& x) { return matmul(matrix, x); }, b);
  check([&](const auto& x) { return matmul(x, right); }, v);
  check([&](const auto& x) { return matmul(x, right); }, a);
  check([&](const auto& x) { return matmul(x, vector); }, a);
  check([&](const auto& x) { return linear(x, matrix, bias); }, v);
  check([&](const auto& x) { return linear(x, matrix); }, a);
  const Tensor<double> weights = random({samples, 4, 3}), biases = random({samples, 4});
  check([](const auto& x, const auto& m, const auto& c) { return linear(x, m, c); }, v, weights, biases);
  check([](const auto& x, const auto& m, const auto& c) { return linear(x, m, c); }, a, weights, biases);
  check([&](const auto& m) { return linear(vector, m); }, weights);
  check([&](const auto& c) { return linear(vector, matrix, c); }, biases);
  CHECK_THROWS_AS(duet::vmap([](const auto& x, const auto& y) { return matmul(x, y); })(a, a), duet::ShapeError);
}

TEST_CASE("results that no sample changes are repeated, and several results are several batches") {
  const Tensor<double> x = random({samples, 2}), shared{5, 6};
  const auto [a, b, c] = duet::vmap([&](const auto& s) { return std::tuple(sum(s), shared, 2.5); })(x);
  CHECK(a.shape() == Shape{samples});
  CHECK(b.shape() == Shape{samples, 2});
  CHECK(b.data()[2 * samples - 1] == 6);
  CHECK(c.shape() == Shape{samples});
}

TEST_CASE("batches of different sizes are an error, and numbers are no batches") {
  const auto f = duet::vmap([](const auto& a, const auto& b) { return a + b; });
  CHECK_THROWS_AS(f(random({2}), random({3})), duet::ShapeError);
  CHECK_THROWS_AS(f(random({2}), Tensor<double>(1.0)), duet::ShapeError);
}

TEST_CASE("derivatives go through batches, to shared tensors as well") {
  Tensor<double> w = random({3}).requires_grad(), x = random({samples, 3}).requires_grad();
  const auto f = [&](const auto& s) { return sum(tanh(w * s)); };
  Tensor<double> y = sum(duet::vmap(f)(x));
  y.backward();
  const Tensor<double> by_vmap = w.grad().copy(), of_x = x.grad().copy();
  w.zero_grad();
  x.zero_grad();
  Tensor<double>(sum(tanh(w * x))).backward();
  check_close(by_vmap, w.grad());
  check_close(of_x, x.grad());
}

TEST_CASE("gradients by sample are those of a loop over the samples") {
  const std::tuple parameters{random({5, 3}), random({5}), random({2, 5})};
  const Tensor<double> x = random({samples, 3}), y = random({samples, 2});
  const auto loss = [](const auto& p, const auto& in, const auto& out) {
    const auto& [w1, b1, w2] = p;
    const auto error = linear(tanh(linear(in, w1, b1)), w2) - out;
    return sum(error * error);
  };
  const auto [g1, g2, g3] = duet::per_sample_grad(loss)(parameters, x, y);
  CHECK(g1.shape() == Shape{samples, 5, 3});
  for (std::size_t i = 0; i < samples; ++i) {
    auto [w1, b1, w2] = parameters;
    const std::tuple own{w1.detach().requires_grad(), b1.detach().requires_grad(), w2.detach().requires_grad()};
    Tensor<double>(loss(own, Tensor<double>(x[i]), Tensor<double>(y[i]))).backward();
    check_close(Tensor<double>(g1[i]), std::get<0>(own).grad());
    check_close(Tensor<double>(g2[i]), std::get<1>(own).grad());
    check_close(Tensor<double>(g3[i]), std::get<2>(own).grad());
  }
}

TEST_CASE("gradients by sample leave the parameters alone, and are zero for those that a loss does not use") {
  const std::array parameters{Tensor<double>{1.0, 2.0}, Tensor<double>{3.0}};
  const duet::NoGrad guard;
  const auto g = duet::per_sample_grad([](const auto& p, const auto& x) { return sum(p[0] * x); })(
      parameters, Tensor<double>{{1, 2}, {3, 4}, {5, 6}});
  CHECK(g[0].array() == xt::xarray<double>{{1, 2}, {3, 4}, {5, 6}});
  CHECK(g[1].shape() == Shape{3, 1});
  CHECK(g[1].data()[2] == 0);
  CHECK(!parameters[0].grad().defined());
  CHECK_THROWS_AS(duet::per_sample_grad([](const auto& p, const auto& x) { return p * x; })(
                      parameters[0], Tensor<double>{{1, 2}, {3, 4}}),
                  duet::ShapeError);
}
