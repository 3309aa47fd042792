// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Optimisers against their published formulas, number by number.
#include <doctest/doctest.h>

#include <duet/tensor/create.hpp>
#include <duet/tensor/optim/adam.hpp>
#include <duet/tensor/optim/clip.hpp>
#include <duet/tensor/optim/schedule.hpp>
#include <duet/tensor/optim/sgd.hpp>

#include "check.hpp"

using duet::Tensor;
namespace optim = duet::optim;

namespace {

using Numbers = std::vector<double>;

constexpr std::size_t size = 21;  // no multiple of any number of lanes

Tensor<double> parameter(duet::Generator& generator) { return duet::randn({size}, generator).requires_grad(); }

/// What a test does to a parameter: gradients that change from step to step.
double gradient_at(int step, std::size_t i, double p) { return std::sin(1.0 + step + 0.3 * double(i)) + 0.5 * p; }

/// Steps of an optimiser, and of `reference(step, g, p, own)` for each number, which keeps what it needs in `own`.
template <class Optimizer, class Reference>
void check_steps(Optimizer& optimizer, const Reference& reference) {
  Tensor<double> p = optimizer.parameters()[0];
  Numbers expected = p.vector();
  std::vector<std::array<double, 2>> own(size, {0, 0});
  for (int step = 1; step <= 7; ++step) {
    const Numbers at = p.vector();
    Numbers g(size);
    for (std::size_t i = 0; i < size; ++i) {
      g[i] = gradient_at(step, i, at[i]);
      expected[i] = reference(step, gradient_at(step, i, expected[i]), expected[i], own[i]);
    }
    p.set_grad(check::tensor_of(g, {size}));
    const auto version = p.version();
    optimizer.step();
    CHECK(p.version() > version);
    const Numbers found = p.vector();
    for (std::size_t i = 0; i < size; ++i) CHECK(found[i] == doctest::Approx(expected[i]).epsilon(1e-13));
  }
}

}  // namespace

TEST_CASE("gradient descent goes down the gradient, with momentum, Nesterov's look ahead and weight decay") {
  duet::Generator generator(1);
  for (const double momentum : {0.0, 0.9}) {
    for (const double decay : {0.0, 0.1}) {
      for (const bool nesterov : {false, true}) {
        if (nesterov && momentum == 0) continue;
        optim::SGD sgd(std::vector{parameter(generator)},
                       {.lr = 0.05, .momentum = momentum, .weight_decay = decay, .nesterov = nesterov});
        check_steps(sgd, [&](int step, double g, double p, std::array<double, 2>& own) {
          g += decay * p;
          own[0] = step == 1 ? g : momentum * own[0] + g;
          return p - 0.05 * (nesterov ? g + momentum * own[0] : own[0]);
        });
      }
    }
  }
}

TEST_CASE("Adam divides the average of gradients by the root of the average of their squares") {
  duet::Generator generator(2);
  for (const double decay : {0.0, 0.1}) {
    optim::Adam adam(std::vector{parameter(generator)},
                     {.lr = 0.05, .betas = {0.8, 0.95}, .eps = 1e-3, .weight_decay = decay});
    check_steps(adam, [&](int step, double g, double p, std::array<double, 2>& own) {
      g += decay * p;
      own[0] = 0.8 * own[0] + 0.2 * g;
      own[1] = 0.95 * own[1] + 0.05 * g * g;
      const double m = own[0] / (1 - std::pow(0.8, step)), v = own[1] / (1 - std::pow(0.95, step));
      return p - 0.05 * m / (std::sqrt(v) + 1e-3);
    });
  }
}

TEST_CASE("AdamW takes weight decay from the parameters, not through the gradients") {
  duet::Generator generator(3);
  optim::AdamW adam(std::vector{parameter(generator)}, {.lr = 0.05, .weight_decay = 0.1});
  check_steps(adam, [&](int step, double g, double p, std::array<double, 2>& own) {
    own[0] = 0.9 * own[0] + 0.1 * g;
    own[1] = 0.999 * own[1] + 0.001 * g * g;
    const double m = own[0] / (1 - std::pow(0.9, step)), v = own[1] / (1 - std::pow(0.999, step));
    return p * (1 - 0.05 * 0.1) - 0.05 * m / (std::sqrt(v) + 1e-8);
  });
}

TEST_CASE("Adam's first step has the length of the learning rate, whatever the size of the gradient") {
  for (const float g : {1e-4F, 1.0F, 1e4F}) {
    Tensor<float> p{1.0F, 2.0F};
    p.requires_grad();
    optim::Adam<float> adam({p}, {.lr = 0.25});
    p.set_grad(Tensor<float>{g, -g});
    adam.step();
    CHECK(p.vector()[0] == doctest::Approx(0.75).epsilon(1e-3));
    CHECK(p.vector()[1] == doctest::Approx(2.25).epsilon(1e-3));
  }
}

TEST_CASE("a step allocates nothing, and clipping by norm a few numbers") {
  duet::Generator generator(4);
  const auto allocations_of_step = [&](auto optimizer) {
    Tensor<double> p = optimizer.parameters()[0];
    p.set_grad(duet::randn({size}, generator));
    optimizer.step();  // makes what it remembers
    const std::size_t before = duet::tensor_memory().allocations;
    for (int i = 0; i < 5; ++i) {
      optimizer.step();
      optim::clip_grad_value(optimizer.parameters(), 0.01);
      optimizer.zero_grad();
    }
    return duet::tensor_memory().allocations - before;
  };
  Tensor<double> p = parameter(generator);
  p.set_grad(duet::randn({size}, generator));
  duet::reset_peak_memory();
  const std::ptrdiff_t before = duet::tensor_memory().bytes;
  optim::clip_grad_norm(std::vector{p}, 0.1);
  CHECK(duet::tensor_memory().peak - before <= std::ptrdiff_t(2 * sizeof(double)));
  CHECK(allocations_of_step(optim::SGD(std::vector{parameter(generator)})) == 0);
  CHECK(allocations_of_step(optim::SGD(std::vector{parameter(generator)}, {.momentum = 0.9})) == 0);
  CHECK(allocations_of_step(optim::Adam(std::vector{parameter(generator)})) == 0);
  CHECK(allocations_of_step(optim::AdamW(std::vector{parameter(generator)})) == 0);
}

TEST_CASE("parameters without a gradient stay, and begin their own count when they get one") {
  Tensor<double> with{1.0}, without{1.0};
  optim::Adam adam(std::vector{with, without}, {.lr = 0.5});
  with.set_grad(Tensor<double>{3.0});
  for (int i = 0; i < 3; ++i) adam.step();
  CHECK(without.item() == 1);
  without.set_grad(Tensor<double>{3.0});
  adam.step();
  CHECK(without.item() == doctest::Approx(0.5));
}

TEST_CASE("clipping by norm scales all gradients alike, by value each element") {
  Tensor<double> a{0.0, 0.0}, b{0.0}, none{0.0};
  const std::vector all{a, b, none};
  const auto set = [&] {
    a.set_grad(Tensor<double>{3.0, 4.0});
    b.set_grad(Tensor<double>{-12.0});
  };
  set();
  CHECK(optim::clip_grad_norm(all, 20).item() == 13);
  CHECK(a.grad().vector()[0] == 3);
  CHECK(optim::clip_grad_norm(all, 6.5).item() == 13);
  CHECK(optim::grad_norm(all).item() == doctest::Approx(6.5));
  CHECK(a.grad().vector()[1] == doctest::Approx(2));
  CHECK(b.grad().item() == doctest::Approx(-6));
  set();
  optim::clip_grad_value(all, 3.5);
  CHECK(a.grad().vector()[0] == 3);
  CHECK(a.grad().vector()[1] == 3.5);
  CHECK(b.grad().item() == -3.5);
  optim::zero_grad(all);
  CHECK(optim::grad_norm(all).item() == 0);
  CHECK(!none.grad().defined());
}

TEST_CASE("schedules are functions of the step") {
  CHECK(optim::step_rate(1, 9, 10) == 1);
  CHECK(optim::step_rate(1, 25, 10, 0.5) == 0.25);
  CHECK(optim::cosine_rate(2, 0, 10) == 2);
  CHECK(optim::cosine_rate(2, 5, 10, 1) == doctest::Approx(1.5));
  CHECK(optim::cosine_rate(2, 12, 10, 1) == 1);
  CHECK(optim::warmup_rate(2, 0, 4) == 0.5);
  CHECK(optim::warmup_rate(2, 3, 4) == 2);
  CHECK(optim::warmup_rate(2, 0, 0) == 2);
}

TEST_CASE("options that make no sense are errors") {
  Tensor<double> p{1.0};
  CHECK_THROWS_AS(optim::SGD(std::vector{p}, {.lr = -1}), duet::Error);
  CHECK_THROWS_AS(optim::SGD(std::vector{p}, {.nesterov = true}), duet::Error);
  CHECK_THROWS_AS(optim::Adam(std::vector{p}, {.betas = {0.9, 1}}), duet::Error);
  CHECK_THROWS_AS(optim::SGD(std::vector{p, Tensor<double>()}), duet::Error);
}
