// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Row 002-train of the seed documents: a training step, seen from outside.
#include <doctest/doctest.h>

#include <duet/tensor/engine.hpp>
#include <duet/tensor/nn/linear.hpp>
#include <duet/tensor/optim/sgd.hpp>
#include <duet/tensor/sum.hpp>

using duet::Tensor;

namespace {

struct TinyModel {
  BOOST_HANA_DEFINE_STRUCT(TinyModel, (duet::nn::Linear<float>, layer1), (duet::nn::Linear<float>, layer2));

  Tensor<float> operator()(const Tensor<float>& x) const { return layer2(relu(layer1(x))); }
};

constexpr std::size_t batch_size = 16, dim_in = 1000, hidden_size = 100, dim_out = 10;

}  // namespace

TEST_CASE("002-train") {
  duet::Generator generator(1);
  const Tensor<float> some_input = duet::randn<float>({batch_size, dim_in}, generator),
                      ideal_output = duet::randn<float>({batch_size, dim_out}, generator);
  const TinyModel model{duet::nn::Linear<float>(dim_in, hidden_size, generator),
                        duet::nn::Linear<float>(hidden_size, dim_out, generator)};
  const auto all = duet::parameters(model);
  REQUIRE(all.size() == 4);
  CHECK(duet::named_parameters(model)[2].first == "layer2.weight");
  for (const Tensor<float>& p : all) {
    CHECK(p.needs_grad());
    CHECK(!p.grad().defined());
  }

  duet::optim::SGD optimizer(all, {.lr = 0.001});
  const auto loss_of = [&] {
    const Tensor<float> prediction = model(some_input);
    return Tensor<float>(sum((ideal_output - prediction) * (ideal_output - prediction)));
  };
  const float first = loss_of().item();
  CHECK(first > 100);  // 145 and its like: 160 squares of normal numbers, and what the model adds
  CHECK(first < 300);

  loss_of().backward();
  for (const Tensor<float>& p : all) CHECK(p.grad().defined());
  const auto before = model.layer2.weight.vector(), gradient = model.layer2.weight.grad().vector();
  optimizer.step();
  const auto after = model.layer2.weight.vector();
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(after[i] == doctest::Approx(before[i] - 0.001F * gradient[i]).epsilon(1e-5));
  }

  optimizer.zero_grad();
  loss_of().backward();
  const auto once = model.layer2.weight.grad().vector();
  for (int i = 0; i < 4; ++i) loss_of().backward();
  const auto all_five = model.layer2.weight.grad().vector();
  for (std::size_t i = 0; i < once.size(); ++i) {
    CHECK(all_five[i] == doctest::Approx(5 * once[i]).epsilon(1e-4));
  }
  optimizer.zero_grad();
  for (float g : model.layer2.weight.grad().vector()) CHECK(g == 0);

  float last = loss_of().item();
  CHECK(last < first);
  for (int i = 0; i < 20; ++i) {
    optimizer.zero_grad();
    const Tensor<float> loss = loss_of();
    loss.backward();
    optimizer.step();
    CHECK(loss.item() <= last);
    last = loss.item();
  }
  CHECK(last < first / 2);
}
