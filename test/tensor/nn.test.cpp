// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Layers: what they compute and how they begin, their parameters and gradients.
#include <doctest/doctest.h>

#include <duet/tensor/engine.hpp>
#include <duet/tensor/nn/activation.hpp>
#include <duet/tensor/nn/conv2d.hpp>
#include <duet/tensor/nn/embedding.hpp>
#include <duet/tensor/nn/layer_norm.hpp>
#include <duet/tensor/nn/linear.hpp>
#include <duet/tensor/nn/sequential.hpp>
#include <duet/tensor/vmap.hpp>

#include "check.hpp"

using duet::Shape;
using duet::Tensor;
namespace nn = duet::nn;

namespace {

struct Moments {
  double mean = 0, variance = 0, low = 1e300, high = -1e300;
};
Moments moments_of(const Tensor<double>& x) {
  Moments m;
  for (std::size_t i = 0; i < x.size(); ++i) {
    m.mean += x.data()[i] / double(x.size());
    m.low = std::min(m.low, x.data()[i]);
    m.high = std::max(m.high, x.data()[i]);
  }
  for (std::size_t i = 0; i < x.size(); ++i) m.variance += std::pow(x.data()[i] - m.mean, 2) / double(x.size());
  return m;
}

void check_equal(const Tensor<double>& a, const Tensor<double>& b) {
  REQUIRE(a.shape() == b.shape());
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(a.data()[i] == doctest::Approx(b.data()[i]).epsilon(1e-12));
}

/// A model of layers, as users write them.
template <class T>
struct Net {
  nn::Linear<T> hidden;
  nn::LayerNorm<T> norm;
  nn::Sequential<nn::Tanh, nn::Linear<T>> rest;

  auto operator()(const auto& x) const { return rest(norm(hidden(x))); }
};
Net<double> net(duet::Generator& g) {
  return {nn::Linear(3, 5, g), nn::LayerNorm({5}), nn::Sequential(nn::Tanh{}, nn::Linear(5, 2, g))};
}

}  // namespace

TEST_CASE("initial numbers have the published variances and bounds, and are the same for the same seed") {
  namespace init = nn::init;
  duet::Generator generator(3);
  Tensor<double> w = duet::zeros({50, 8, 5, 5});  // 200 inputs, 1250 outputs
  const auto check = [&](double variance, bool is_uniform) {
    const Moments m = moments_of(w);
    const double bound = std::sqrt(3 * variance);
    CHECK(std::abs(m.mean) < 0.03 * bound);
    CHECK(m.variance == doctest::Approx(variance).epsilon(0.05));
    CHECK((m.high <= bound && m.low >= -bound) == is_uniform);
  };
  init::kaiming_uniform(w, generator);
  check(2.0 / 200, true);
  init::kaiming_normal(w, generator);
  check(2.0 / 200, false);
  init::xavier_uniform(w, generator);
  check(2.0 / 1450, true);
  init::xavier_normal(w, generator, 3);
  check(9 * 2.0 / 1450, false);
  init::uniform(w, 2, 3, generator);
  CHECK(moments_of(w).mean == doctest::Approx(2.5).epsilon(0.01));
  init::normal(w, -1, 2, generator);
  CHECK(moments_of(w).variance == doctest::Approx(4).epsilon(0.05));
  CHECK_THROWS_AS(init::kaiming_uniform(Tensor<double>{1.0}, generator), duet::ShapeError);

  duet::Generator again(5), same(5);
  check_equal(nn::Linear(3, 4, again).weight, nn::Linear(3, 4, same).weight);
}

TEST_CASE("a linear layer begins within one over the root of its inputs") {
  duet::Generator generator(1);
  const nn::Linear layer(100, 30, generator);
  CHECK(layer.weight.shape() == Shape{30, 100});
  for (const Tensor<double>& x : {layer.weight, layer.bias}) {
    CHECK(x.needs_grad());
    CHECK(moments_of(x).high <= 0.1);
    CHECK(moments_of(x).low >= -0.1);
    CHECK(moments_of(x).variance == doctest::Approx(0.01 / 3).epsilon(0.3));
  }
  CHECK(duet::parameters(nn::Linear(3, 2, generator, false)).size() == 1);
}

TEST_CASE("a linear layer is x W^T + b") {
  duet::Generator generator(1);
  const nn::Linear layer(3, 2, generator);
  const Tensor<double> x = duet::randn({4, 3}, generator), y = layer(x);
  REQUIRE(y.shape() == Shape{4, 2});
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 2; ++j) {
      double sum = layer.bias.data()[j];
      for (std::size_t k = 0; k < 3; ++k) sum += layer.weight.data()[3 * j + k] * x.data()[3 * i + k];
      CHECK(y.data()[2 * i + j] == doctest::Approx(sum).epsilon(1e-13));
    }
  }
}

TEST_CASE("layer normalisation gives mean 0 and variance 1 over the last axes") {
  duet::Generator generator(1);
  const Tensor<double> x = duet::randn({6, 4, 5}, generator);
  const nn::LayerNorm layer({4, 5}, 0.0);
  const Tensor<double> y = layer(x);
  for (std::size_t i = 0; i < 6; ++i) {
    Tensor<double> row = Tensor<double>::uninitialized({20});
    std::copy_n(y.data() + 20 * i, 20, row.data());
    CHECK(std::abs(moments_of(row).mean) < 1e-14);
    CHECK(moments_of(row).variance == doctest::Approx(1));
  }
  CHECK_THROWS_AS(nn::LayerNorm({5, 4})(x), duet::ShapeError);
}

TEST_CASE("layer normalisation has the derivatives of its formula, of both orders") {
  duet::Generator generator(2);
  check::check_gradients([](const auto& x, const auto& w, const auto& b) { return layer_norm(x, w, b, 0.1); },
                         {duet::randn({2, 4}, generator), duet::randn({4}, generator), duet::randn({4}, generator)});
}

TEST_CASE("an embedding looks vectors up, and only these get gradients") {
  duet::Generator generator(1);
  const nn::Embedding layer(5, 3, generator);
  const Tensor<double> y = layer({{4, 0}, {4, 2}});
  REQUIRE(y.shape() == Shape{2, 2, 3});
  for (std::size_t k = 0; k < 3; ++k) CHECK(y.data()[3 + k] == layer.weight.data()[k]);
  sum(y).backward();
  const double times[] = {1, 0, 1, 0, 2};
  for (std::size_t i = 0; i < 15; ++i) CHECK(layer.weight.grad().data()[i] == times[i / 3]);
  CHECK_THROWS_AS(layer({5}), duet::ShapeError);
}

TEST_CASE("layers without parameters") {
  duet::Generator generator(4);
  const Tensor<double> x = duet::randn({2, 3, 2}, generator);
  check_equal(nn::ReLU{}(x), relu(x));
  check_equal(nn::SiLU{}(x), x / (1 + exp(-x)));
  check_equal(nn::Softmax{1}(x), softmax(x, 1));
  CHECK(nn::Flatten{}(x).shape() == Shape{2, 6});
  // Phi(1), from tables
  CHECK(Tensor<double>(nn::gelu(Tensor<double>{1.0})).item() == doctest::Approx(0.8413447460685429));
  CHECK(Tensor<double>(nn::GELU{}(Tensor<double>{-1.0})).item() == doctest::Approx(-0.15865525393145707));
  check::check_gradients([](const auto& t) { return Tensor<double>(nn::gelu(t)); }, {duet::randn({3}, generator)});
}

TEST_CASE("a sequence of layers calls one after the other, functions too") {
  duet::Generator generator(5);
  const nn::Linear first(3, 4, generator), second(4, 2, generator);
  const nn::Sequential all(
      first, nn::Tanh{}, [](const auto& x) { return x * 2; }, second);
  const Tensor<double> x = duet::randn({5, 3}, generator);
  check_equal(all(x), second(tanh(first(x)) * 2));
  CHECK(duet::parameters(all).size() == 4);
  std::string names;
  for (const auto& [name, p] : duet::named_parameters(all)) names += name + " ";
  CHECK(names == "[0].weight [0].bias [3].weight [3].bias ");
}

TEST_CASE("a copy of a layer shares its parameters") {
  duet::Generator generator(6);
  const nn::Linear layer(3, 4, generator);
  const nn::Linear copy = layer;
  CHECK(copy.weight.data() == layer.weight.data());
}

TEST_CASE("models of layers have gradients by sample, in a model of the same type") {
  duet::Generator generator(7);
  const Net<double> model = net(generator);
  CHECK(duet::parameters(model).size() == 6);
  const Tensor<double> x = duet::randn({4, 3}, generator);
  const auto loss = [](const auto& m, const auto& in) {
    const auto y = m(in);
    return sum(y * y);
  };
  const Net<double> gradients = duet::per_sample_grad(loss)(model, x);
  CHECK(gradients.norm.eps == model.norm.eps);
  CHECK(gradients.hidden.weight.shape() == Shape{4, 5, 3});
  Tensor<double>(loss(model, x)).backward();
  const auto by_sample = duet::parameters(gradients), whole = duet::parameters(model);
  for (std::size_t k = 0; k < whole.size(); ++k) check_equal(sum(by_sample[k], 0), whole[k].grad());
  for (std::size_t i = 0; i < 4; ++i) {  // one sample alone
    const Net<double> alone =
        duet::per_sample_grad(loss)(model, Tensor<double>{{x.data()[3 * i], x.data()[3 * i + 1], x.data()[3 * i + 2]}});
    for (std::size_t k = 0; k < 5; ++k) {
      CHECK(alone.norm.weight.data()[k] == doctest::Approx(gradients.norm.weight.data()[5 * i + k]).epsilon(1e-11));
    }
  }
}

TEST_CASE("a convolution begins within one over the root of what goes into a result, and takes its options along") {
  duet::Generator generator(8);
  const nn::Conv2d layer(4, 6, {3, 5}, generator, {.padding = {1, 2}});
  CHECK(layer.weight.shape() == Shape{6, 4, 3, 5});
  CHECK(moments_of(layer.weight).high <= 1 / std::sqrt(60));
  CHECK(moments_of(layer.weight).variance == doctest::Approx(1.0 / 180).epsilon(0.2));
  const Tensor<double> x = duet::randn({2, 4, 7, 8}, generator);
  CHECK(layer(x).shape() == Shape{2, 6, 7, 8});
  check_equal(layer(x), conv2d(x, layer.weight, layer.bias, {.padding = {1, 2}}));
  check_equal(duet::vmap([&](const auto& image) { return layer(image); })(x), layer(x));
}

TEST_CASE("convolutions have gradients by sample") {
  duet::Generator generator(9);
  const nn::Conv2d layer(2, 4, {3, 3}, generator, {.stride = {2, 1}, .groups = 2});
  const Tensor<double> x = duet::randn({3, 2, 6, 5}, generator);
  const auto loss = [](const auto& l, const auto& image) { return sum(sin(l(image))); };
  const nn::Conv2d<double> all = duet::per_sample_grad(loss)(layer, x);
  for (std::size_t i = 0; i < 3; ++i) {
    Tensor<double> image = Tensor<double>::uninitialized({1, 2, 6, 5});
    std::copy_n(x.data() + 60 * i, 60, image.data());
    for (Tensor<double> p : duet::parameters(layer)) p.zero_grad();
    Tensor<double>(loss(layer, image)).backward();
    for (std::size_t k = 0; k < 36; ++k) {
      CHECK(all.weight.data()[36 * i + k] == doctest::Approx(layer.weight.grad().data()[k]).epsilon(1e-10));
    }
    for (std::size_t k = 0; k < 4; ++k) {
      CHECK(all.bias.data()[4 * i + k] == doctest::Approx(layer.bias.grad().data()[k]).epsilon(1e-10));
    }
  }
}
