// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The checks of derivatives on functions of tensors: right ones pass, and wrong ones are found and named.
#include <doctest/doctest.h>

#include <tuple>
#include <vector>

#include <duet/tensor.hpp>
#include <duet/tool/check_tensors.hpp>

using duet::Tensor;
using duet::operator""_c;

namespace {

using X = const Tensor<double>&;

const Tensor<double> matrix = Tensor<double>({{0.5, -1.2, 0.3}, {2.0, 0.7, -0.4}});
const Tensor<double> vector = Tensor<double>({0.6, -0.9, 1.1});

const Tensor<double> twice = 2.0 * vector;

struct Line {
  Tensor<double> slope, shift;
};

/// x^2 y, element by element, with a backward pass whose slope by y is wrong by a factor.
struct Volume {
  double factor;
  Tensor<double> operator()(X x, X y) const {
    const Tensor<double> wrong = x * x * y, right = x.detach() * x.detach() * y;
    return wrong + (factor - 1) * (right - right.detach());
  }
};

}  // namespace

TEST_CASE("right derivatives of all orders pass, whatever the shape of the result") {
  CHECK(duet::check_grads([](X a) { return sum(a * a * a); }, vector, 3_c));
  CHECK(duet::check_grads([](X a) { return exp(-a * a) * a; }, matrix, 3_c));
  CHECK(duet::check_grads([](X a, X b) { return matmul(a, b); }, std::tuple(matrix, vector), 2_c));
  CHECK(duet::check_grads([](X a) { return softmax(a, 1); }, matrix, 2_c));
  CHECK(duet::check_grads([](const Line& l) { return square(l.slope * vector + l.shift); }, Line{1.5, -0.3}, 2_c));
  CHECK(duet::check_grads([](const std::vector<Tensor<double>>& x) { return sum(x[0] * x[0] * x[1]); },
                          std::vector{vector, twice}, 2_c));
  CHECK(duet::check_hessian([](X a) { return sum(sin(a)) * sum(a * a); }, vector));
}

TEST_CASE("the check leaves no gradients, and does not mind a view") {
  Tensor<double> a = matrix.copy();
  a.requires_grad();
  CHECK(duet::check_grads([](X x) { return sum(x * x); }, transpose(a)));
  CHECK(duet::check_grads([](X x) { return sum(x * x); }, a, 2_c));
  CHECK_FALSE(a.grad().defined());
}

TEST_CASE("all entries are compared if that is asked for") {
  const auto f = [](X a) { return sin(a); };
  CHECK(duet::check_jvp(f, matrix, duet::CheckOptions{.all_entries = true}).comparisons() == 36);
  CHECK(duet::check_vjp(f, matrix, duet::CheckOptions{.all_entries = true}).comparisons() == 6);
}

TEST_CASE("a wrong derivative is found in both modes, and the element is named") {
  const std::tuple at(vector, twice);
  CHECK(duet::check_grads(Volume{1}, at));
  for (double factor : {1.001, 0.5, -1.0}) {
    const duet::Checked checked = duet::check_vjp(Volume{factor}, at);
    REQUIRE(!checked);
    CHECK(checked.disagreements().size() == 4);  // a random direction, and the elements of y
    CHECK(checked.disagreements().back().of == "results, weighted, by [1][2]");
    const duet::Checked pushed = duet::check_jvp(Volume{factor}, at);
    REQUIRE(!pushed);
    CHECK(pushed.disagreements().back().of == "result[2] by [1][2]");
  }
}

TEST_CASE("a wrong second derivative is found behind a right first one") {
  // x^3 whose gradient is recorded as if it were constant
  const auto f = [](X x) { return sum(x * x.detach() * x.detach() * 3.0 - 2.0 * Tensor<double>(x * x * x).detach()); };
  CHECK(duet::check_grads(f, vector));
  const duet::Checked checked = duet::check_grads(f, vector, 2_c);
  REQUIRE(!checked);
  CHECK(checked.disagreements().back().what == "vjp of vjp");
}

TEST_CASE("nothing to differentiate is an error") {
  CHECK_THROWS_AS(duet::check_jvp([](X x) { return x * x; }, duet::zeros({0})), duet::Error);
}
