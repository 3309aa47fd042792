// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Training on a device: what is moved there, begins there and is changed there is what it is in the main memory.
#include <doctest/doctest.h>

#include <duet/device.hpp>
#include <duet/tool/tensor_dot.hpp>

using duet::Device;
using duet::Host;
using duet::Shape;
using duet::Tensor;
namespace nn = duet::nn;
namespace optim = duet::optim;

namespace {

/// A model of layers, as users write them.
template <class T>
struct Net {
  nn::Linear<T> hidden;
  nn::LayerNorm<T> norm;
  nn::Sequential<nn::Tanh, nn::Linear<T>> rest;

  auto operator()(const auto& x) const { return rest(norm(hidden(x))); }
};
constexpr std::size_t examples = 300, inputs = 20, hidden = 70, outputs = 3;

using HostTensor = Tensor<double, Host>;
Net<HostTensor> net() {
  duet::Generator g(1);
  return {nn::Linear<HostTensor>(inputs, hidden, g), nn::LayerNorm<HostTensor>({hidden}),
          nn::Sequential(nn::Tanh{}, nn::Linear<HostTensor>(hidden, outputs, g))};
}

template <class T, class P, class Q>
void check_close(const Tensor<T, P>& a, const Tensor<T, Q>& b, double epsilon = 1e-12) {
  REQUIRE(a.shape() == b.shape());
  const std::vector<T> x = a.vector(), y = b.vector();
  for (std::size_t i = 0; i < x.size(); ++i) CHECK(x[i] == doctest::Approx(y[i]).epsilon(epsilon).scale(1));
}

/// The losses of some steps in a place, and what the parameters are in the end.
template <class P>
struct Run {
  std::vector<double> losses;
  std::vector<Tensor<double, P>> parameters;

  Run(const auto& make_optimizer, double max_norm) {
    const auto model = duet::to<P>(net());
    duet::Generator g(7);
    const auto x = duet::randn<double, Host>({examples, inputs}, g).template to<P>();
    const auto wanted = duet::randn<double, Host>({examples, outputs}, g).template to<P>();
    parameters = duet::parameters(model);
    auto optimizer = make_optimizer(parameters);
    for (int step = 0; step < 8; ++step) {
      optimizer.zero_grad();
      const Tensor<double, P> loss = duet::mse_loss(model(x), wanted);
      loss.backward();
      optim::clip_grad_norm(parameters, max_norm);
      optimizer.step();
      losses.push_back(loss.item());
    }
  }
};

void check_same_training(const auto& make_optimizer, double max_norm) {
  const Run<Host> host(make_optimizer, max_norm);
  const Run<Device> device(make_optimizer, max_norm);
  for (std::size_t k = 0; k < host.losses.size(); ++k) {
    CHECK(device.losses[k] == doctest::Approx(host.losses[k]).epsilon(1e-11));
  }
  CHECK(host.losses.back() < 0.9 * host.losses.front());
  REQUIRE(device.parameters.size() == host.parameters.size());
  for (std::size_t k = 0; k < host.parameters.size(); ++k) {
    check_close(device.parameters[k], host.parameters[k], 1e-9);
  }
}

}  // namespace

TEST_CASE("a network is trained to the same losses as in the main memory") {
  check_same_training([](const auto& all) { return optim::SGD(all, {.lr = 0.1}); }, 1e3);
  check_same_training([](const auto& all) { return optim::SGD(all, {.lr = 0.1, .momentum = 0.5}); }, 0.5);
  check_same_training([](const auto& all) { return optim::SGD(all, {.lr = 0.1, .momentum = 0.5, .nesterov = true}); },
                      1e3);
  check_same_training([](const auto& all) { return optim::Adam(all, {.lr = 0.01, .eps = 1e-3}); }, 0.1);
  check_same_training([](const auto& all) { return optim::AdamW(all, {.lr = 0.01, .eps = 1e-3}); }, 1e3);
}

TEST_CASE("the quasi-Newton method finds the same minimum") {
  const auto minimum = [](auto place) {
    using P = decltype(place);
    duet::Generator g(2);
    auto x = duet::randn<double, Host>({50, 400}, g).template to<P>();  // more than one thread works on
    const auto at = duet::randn<double, Host>({50, 400}, g).template to<P>();
    x.requires_grad();
    optim::LBFGS solver(std::vector{x}, {.max_iter = 40, .max_eval = 80});
    solver.step([&] {
      const Tensor<double, P> difference = x - at;
      const Tensor<double, P> loss = sum(cosh(difference) + 0.1 * square(difference));
      loss.backward();
      return loss;
    });
    check_close(x, at, 1e-5);
    return x;
  };
  check_close(minimum(Device{}), minimum(Host{}), 1e-6);
}

TEST_CASE("a model that is moved keeps its structure, and what requires a gradient") {
  const auto model = net();
  const auto moved = duet::to<Device>(model);
  static_assert(std::is_same_v<duet::tensor_of<decltype(moved)>, Tensor<double, Device>>);
  const auto here = duet::named_parameters(model);
  const auto there = duet::named_parameters(moved);
  REQUIRE(here.size() == there.size());
  for (std::size_t k = 0; k < here.size(); ++k) {
    CHECK(there[k].first == here[k].first);
    CHECK(there[k].second.needs_grad());
    CHECK(there[k].second.vector() == here[k].second.vector());
  }
  CHECK(double(moved.norm.eps) == double(model.norm.eps));
  const auto back = duet::to<Host>(moved);
  static_assert(std::is_same_v<duet::tensor_of<decltype(back)>, HostTensor>);
  CHECK(back.hidden.weight.vector() == model.hidden.weight.vector());
}

TEST_CASE("layers that are made on the device begin there, with the same numbers for the same seed") {
  duet::Generator g(5), again(5);
  const nn::Linear<float, Device> layer(400, 100, g), same(400, 100, again);
  CHECK(layer.weight.vector() == same.weight.vector());
  double low = 1, high = -1, square = 0;
  for (const float w : layer.weight.vector()) {
    low = std::min<double>(low, w);
    high = std::max<double>(high, w);
    square += double(w) * double(w);
  }
  CHECK(low >= -0.05);
  CHECK(low < -0.0499);
  CHECK(high <= 0.05);
  CHECK(high > 0.0499);
  CHECK(square / 40000 == doctest::Approx(0.05 * 0.05 / 3).epsilon(0.02));
  CHECK(layer(duet::ones<float, Device>({2, 400})).shape() == Shape{2, 100});

  const nn::LayerNorm<float, Device> norm({4});
  CHECK(norm.weight.vector() == std::vector<float>(4, 1));
  const nn::Embedding<double, Device> words(10, 3, g);
  const Tensor<double, Device> vectors = words(duet::Indices{7, 7, 2});
  CHECK(vectors.shape() == Shape{3, 3});
  CHECK(vectors.vector()[0] == words.weight.vector()[21]);
  CHECK(vectors.vector()[8] == words.weight.vector()[8]);
  sum(vectors).backward();
  CHECK(words.weight.grad().vector()[21] == 2);
}

TEST_CASE("gradients are clipped as in the main memory, and nobody waits for their norm") {
  Tensor<double, Device> a{0.0, 0.0}, b{0.0}, none{0.0};
  const std::vector all{a, b, none};
  a.set_grad(Tensor<double, Device>{3.0, 4.0});
  b.set_grad(Tensor<double, Device>{-12.0});
  const Tensor<double, Device> norm = optim::clip_grad_norm(all, 6.5);
  CHECK(!norm.known());
  CHECK(norm.item() == 13);
  CHECK(a.grad().vector() == std::vector{1.5, 2.0});
  CHECK(b.grad().vector() == std::vector{-6.0});
  CHECK(optim::clip_grad_norm(all, 20).item() == 6.5);
  CHECK(a.grad().vector() == std::vector{1.5, 2.0});
  optim::clip_grad_value(all, 1.75);
  CHECK(a.grad().vector() == std::vector{1.5, 1.75});
  CHECK(b.grad().vector() == std::vector{-1.75});
}

TEST_CASE("derivatives of functions of tensors, and rules of one's own, are the same in both places") {
  namespace functional = duet::autograd::functional;
  const auto everything = [](auto place) {
    using P = decltype(place);
    const Tensor<double, P> x = HostTensor{{0.5, -1.0}, {2.0, 0.25}}.template to<P>();
    const Tensor<double, P> v = HostTensor{{1.0, 2.0}, {3.0, 4.0}}.template to<P>();
    const auto f = [](const Tensor<double, P>& x) { return Tensor<double, P>(sin(x) * x); };
    const auto total = [&](const Tensor<double, P>& x) { return Tensor<double, P>(sum(exp(x) * f(x))); };
    const auto cube =
        duet::custom_vjp([](const auto& x) { return x * x * x; }, [](const auto& x) { return std::pair(x * x * x, x); },
                         [](const auto& x, const auto& w) { return 3 * x * x * w; });
    const auto many = [](const Tensor<double, P>& x) { return expand(reshape(x, {1, 4}), {10, 4}); };
    Tensor<double, P> y = x.copy();
    y.requires_grad();
    Tensor<double, P>(sum(cube(y))).backward();
    return std::vector<Tensor<double, P>>{functional::vjp(f, x, v).second,
                                          functional::jvp(f, x, v).second,
                                          functional::jacobian(f, x),
                                          functional::jacobian(many, x),
                                          functional::hessian(total, x),
                                          functional::vhp(total, x, v).second,
                                          y.grad()};
  };
  const auto here = everything(Host{});
  const auto there = everything(Device{});
  for (std::size_t k = 0; k < here.size(); ++k) check_close(there[k], here[k]);
}

TEST_CASE("pictures of graphs are the same") {
  const auto picture = [](auto place) {
    using P = decltype(place);
    Tensor<double, P> x{1.0, 2.0};
    x.requires_grad();
    const Tensor<double, P> y = sum(x * x);
    return duet::to_dot(y, std::vector<duet::NamedTensor<double, P>>{{"x", x}});
  };
  CHECK(picture(Device{}) == picture(Host{}));
}
