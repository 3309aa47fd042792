// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Losses: the numbers that libtorch 1.13 gives, derivatives, options, and misuse.
#include <doctest/doctest.h>

#include <duet/tensor/cross_entropy.hpp>
#include <duet/tensor/dropout.hpp>

#include "check.hpp"

using check::check_gradients;
using check::sample;
using duet::Reduction;
using duet::Tensor;
using Labels = xt::xarray<std::ptrdiff_t>;

namespace {
const Tensor<double> logits{{0.5, -1.25, 2}, {0.75, 0, -3}};
const Tensor<double> target{{1, -1, 0.5}, {0.25, 1, -0.5}};
const Tensor<double> truth{{1, 0, 0.5}, {0.25, 1, 0}};
const Tensor<double> probabilities{{0.5, 0.25, 0.9}, {0.01, 0.6, 0.2}};
const Tensor<double> weight{1, 2, 0.5}, pos_weight{3, 1, 0.25};
const Labels labels{2, 0};

/// The value and gradient of `loss` at `x`.
void check_loss(const auto& loss, const Tensor<double>& at, double value, const std::vector<double>& gradient) {
  Tensor<double> x = at.copy();
  x.requires_grad();
  const Tensor<double> y = loss(x);
  CHECK(y.item() == doctest::Approx(value).epsilon(1e-14));
  y.backward();
  const std::vector<double> by_backward = x.grad().vector();
  for (std::size_t i = 0; i < x.size(); ++i) {
    INFO("entry ", i);
    CHECK(by_backward[i] == doctest::Approx(gradient[i]).epsilon(1e-13));
  }
}
}  // namespace

TEST_CASE("errors of numbers have the values and gradients of libtorch") {
  check_loss(
      [](const auto& x) { return mse_loss(x, target); }, logits, 1.677083333333333,
      {-0.1666666666666667, -0.08333333333333333, 0.5, 0.1666666666666667, -0.3333333333333333, -0.8333333333333333});
  check_loss([](const auto& x) { return l1_loss(x, target); }, logits, 1.041666666666667,
             {-1 / 6., -1 / 6., 1 / 6., 1 / 6., -1 / 6., -1 / 6.});
  check_loss([](const auto& x) { return huber_loss(x, target, 0.75); }, logits, 0.53125,
             {-0.08333333333333333, -0.04166666666666666, 0.125, 0.08333333333333333, -0.125, -0.125});
}

TEST_CASE("binary cross-entropies have the values and gradients of libtorch") {
  check_loss([](const auto& p) { return binary_cross_entropy(p, truth); }, probabilities, 0.6796002551341686,
             {-0.3333333333333333, 0.2222222222222222, 0.7407407407407409, -4.04040404040404, -0.2777777777777778,
              0.2083333333333333});
  check_loss([](const auto& p) { return binary_cross_entropy(p, truth, {.weight = weight}); }, probabilities,
             0.6937585082004517,
             {-0.3333333333333333, 0.4444444444444444, 0.3703703703703705, -4.04040404040404, -0.5555555555555556,
              0.1041666666666666});
  check_loss([](const auto& x) { return binary_cross_entropy_with_logits(x, truth); }, logits, 0.5906732691361732,
             {-0.06292344479969091, 0.03711668980421814, 0.06346617966298039, 0.07152978319589882, -0.08333333333333333,
              0.007904312196261131});
  check_loss(
      [](const auto& x) {
        return binary_cross_entropy_with_logits(x, truth, {.weight = weight, .pos_weight = pos_weight});
      },
      logits, 0.8365247774601844,
      {-0.1887703343990727, 0.07423337960843628, 0.03545818114468138, 0.04479467479384824, -0.1666666666666667,
       0.003952156098130565});
}

TEST_CASE("cross-entropies of classes have the values and gradients of libtorch") {
  check_loss([](const auto& x) { return cross_entropy(x, labels); }, logits, 0.317669759576688,
             {0.08841009105372215, 0.01536337016321822, -0.1037734612169404, -0.1657495499692421, 0.1578887328331619,
              0.007860817136080035});
  const std::vector<double> weighted{0.05894006070248143, 0.01024224677547881, -0.06918230747796024,
                                     -0.2209993999589894, 0.2105183104442159,  0.01048108951477338};
  check_loss([](const auto& x) { return cross_entropy(x, labels, {.weight = weight}); }, logits, 0.3460190184015732,
             weighted);
  check_loss([](const auto& x) { return nll_loss(log_softmax(x, 1), labels, {.weight = weight}); }, logits,
             0.3460190184015732, weighted);
  check_loss([](const auto& x) { return cross_entropy(x, labels, {.reduction = Reduction::sum, .weight = weight}); },
             logits, 0.5190285276023597,
             {0.08841009105372215, 0.01536337016321822, -0.1037734612169404, -0.3314990999384841, 0.3157774656663239,
              0.01572163427216007});
  check_loss(
      [](const auto& x) {
        return cross_entropy(x, Labels{2, -100}, {.weight = weight});
      },
      logits, 0.2326219831020327, {0.1768201821074443, 0.03072674032643643, -0.2075469224338807, 0, 0, 0});
  const Tensor<double> images{{{0.5, -1.25}, {2, 0.75}, {0, -3}}, {{1, 0.25}, {-0.5, 0.125}, {3, -2}}};
  check_loss(
      [](const auto& x) {
        return cross_entropy(x, Labels{{2, 0}, {1, 1}});
      },
      images, 2.229760381058879,
      {0.04106290690627195, -0.2208040450689032, 0.1840311810781484, 0.215730548847725, -0.2250940879844204,
       0.005073496221178155, 0.02902863366853529, 0.1257610981710922, -0.2435228363206496, -0.1390162203983739,
       0.2144942026521143, 0.01325512222728162});
}

TEST_CASE("derivatives of losses are the limits of differences, with respect to predictions and targets") {
  const Tensor<double> x = sample({2, 3}, -2, 2), y = sample({2, 3}, -2, 2, 5);
  const Tensor<double> p = sample({2, 3}, 0.2, 0.8), q = sample({2, 3}, 0.2, 0.8, 5);
  for (Reduction reduction : {Reduction::none, Reduction::mean, Reduction::sum}) {
    check_gradients([&](const auto& a, const auto& b) { return mse_loss(a, b, reduction); }, {x, y});
    check_gradients([&](const auto& a, const auto& b) { return l1_loss(a, b, reduction); }, {x, y});
    check_gradients([&](const auto& a, const auto& b) { return huber_loss(a, b, 1.5, reduction); }, {x, y});
    check_gradients([&](const auto& a, const auto& b,
                        const auto& w) { return binary_cross_entropy(a, b, {.reduction = reduction, .weight = w}); },
                    {p, q, sample({3}, 0.5, 2)});
    check_gradients(
        [&](const auto& a, const auto& b, const auto& w, const auto& v) {
          return binary_cross_entropy_with_logits(a, b, {.reduction = reduction, .weight = w, .pos_weight = v});
        },
        {x, q, sample({2, 1}, 0.5, 2), sample({3}, 0.5, 2, 3)});
    for (const Tensor<double>& w : {Tensor<double>(), sample({3}, 0.5, 2)}) {
      check_gradients([&](const auto& a) { return cross_entropy(a, labels, {.reduction = reduction, .weight = w}); },
                      {x});
      check_gradients([&](const auto& a) { return nll_loss(a, labels, {.reduction = reduction, .weight = w}); }, {x});
    }
    check_gradients([&](const auto& a) { return cross_entropy(a, Labels(1), {.reduction = reduction}); },
                    {sample({5})});
    check_gradients(
        [&](const auto& a) {
          return cross_entropy(a, Labels{{2, 0}, {-1, 1}}, {.reduction = reduction, .ignore_index = -1});
        },
        {sample({2, 3, 2}, -2, 2)});
  }
}

TEST_CASE("the cross-entropy is the loss of log_softmax, whatever its size") {
  for (std::size_t classes : {1u, 2u, 3u, 8u, 17u, 100u}) {
    Labels some = Labels::from_shape({4});
    for (std::size_t k = 0; k < 4; ++k) some(k) = static_cast<std::ptrdiff_t>(k * 7 % classes);
    Tensor<float> x = sample<float>({4, classes}, -5, 5), y = x.copy();
    x.requires_grad();
    y.requires_grad();
    const Tensor<float> a = cross_entropy(x, some), b = nll_loss(log_softmax(y, 1), some);
    CHECK(a.item() == doctest::Approx(b.item()).epsilon(1e-6));
    a.backward();
    b.backward();
    const std::vector<float> u = x.grad().vector(), v = y.grad().vector();
    for (std::size_t i = 0; i < x.size(); ++i) CHECK(std::abs(u[i] - v[i]) < 1e-6);
  }
}

TEST_CASE("losses are finite for predictions of any size") {
  check_loss(
      [](const auto& x) {
        return cross_entropy(x, Labels{0, 1});
      },
      Tensor<double>{{-1000, 0}, {0, 2000}}, 500, {-0.5, 0.5, 0, 0});
  const Tensor<double> ends{1, 0, 1};
  check_loss([&](const auto& x) { return binary_cross_entropy_with_logits(x, ends, {.reduction = Reduction::sum}); },
             Tensor<double>{-1000, 1000, 1000}, 2000, {-1, 1, 0});
  check_loss([&](const auto& p) { return binary_cross_entropy(p, ends, {.reduction = Reduction::sum}); },
             Tensor<double>{0, 0, 1}, 100, {0, 1, -1});
}

TEST_CASE("examples without weight do not count, even if their prediction is not finite") {
  const double infinity = std::numeric_limits<double>::infinity();
  check_loss(
      [](const auto& x) {
        return cross_entropy(x, Labels{0, -100});
      },
      Tensor<double>{{0, 0}, {infinity, -infinity}}, std::log(2), {-0.5, 0.5, 0, 0});
}

TEST_CASE("losses of predictions and targets of other shapes are errors, and so are classes that are not there") {
  CHECK_THROWS_AS(mse_loss(sample({3, 1}), sample({3})), duet::ShapeError);
  CHECK_THROWS_AS(l1_loss(sample({3}), sample({4})), duet::ShapeError);
  CHECK_THROWS_AS(huber_loss(logits, target, 0), duet::Error);
  CHECK_THROWS_AS(binary_cross_entropy(probabilities, truth, {.weight = sample({2})}), duet::ShapeError);
  CHECK_THROWS_AS(binary_cross_entropy(probabilities, truth, {.weight = sample({4, 2, 3})}), duet::ShapeError);
  CHECK_THROWS_AS(binary_cross_entropy(probabilities, truth, {.pos_weight = pos_weight}), duet::Error);
  CHECK_THROWS_AS(cross_entropy(logits, Labels{0}), duet::ShapeError);
  CHECK_THROWS_AS(cross_entropy(logits, Labels{0, 3}), duet::Error);
  CHECK_THROWS_AS(nll_loss(logits, Labels{0, -1}), duet::Error);
  CHECK_THROWS_AS(cross_entropy(logits, labels, {.weight = sample({2})}), duet::ShapeError);
  CHECK_THROWS_AS(cross_entropy(Tensor<double>(1.0), Labels(0)), duet::ShapeError);
  CHECK_THROWS_AS(cross_entropy(Tensor<double>::full({1, 0}, 1), Labels{-100}), duet::ShapeError);
}

TEST_CASE("losses take formulas") {
  CHECK(mse_loss(logits * 2, target).item() == mse_loss(Tensor<double>(logits * 2), target).item());
  CHECK(cross_entropy(logits * 2, labels).item() == cross_entropy(Tensor<double>(logits * 2), labels).item());
}

TEST_CASE("one_hot has a one at each class") {
  CHECK(duet::one_hot(labels, 3).array() == xt::xarray<double>{{0, 0, 1}, {1, 0, 0}});
  CHECK(duet::one_hot<float>(Labels{{0, 1, 1}, {1, 0, 0}}, 2).shape() == duet::Shape{2, 3, 2});
  CHECK_THROWS_AS(duet::one_hot(labels, 2), duet::Error);
  CHECK_THROWS_AS(duet::one_hot(Labels{-1}, 2), duet::Error);
}

TEST_CASE("dropout leaves out a part of the elements, keeps the expectation, and repeats with its seed") {
  const Tensor<double> x = Tensor<double>::full({10000}, 1);
  duet::Generator a(7), b(7), c(8);
  const Tensor<double> y = dropout(x, 0.25, a);
  CHECK(y.array() == dropout(x, 0.25, b).array());
  CHECK(y.array() != dropout(x, 0.25, c).array());
  std::size_t left_out = 0;
  for (double element : y.vector()) {
    CHECK((element == 0 || element == doctest::Approx(1 / 0.75)));
    left_out += element == 0;
  }
  CHECK(left_out > 2350);  // 3.5 standard deviations
  CHECK(left_out < 2650);
  CHECK(dropout(x, 0, a).array() == x.array());
  CHECK(sum(dropout(x, 1, a)).item() == 0);
  CHECK_THROWS_AS(dropout(x, 1.5, a), duet::Error);
  check_gradients(
      [](const auto& t) {
        duet::Generator generator(3);
        return dropout(duet::tensor::mul(t, t), 0.5, generator);
      },
      {sample({3, 4})});
}
