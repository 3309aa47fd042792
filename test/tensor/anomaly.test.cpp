// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Looking for the operation in which the first NaN or infinity was born.
#include <doctest/doctest.h>

#include <string>

#include <duet/tensor/create.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/operation.hpp>
#include <duet/tensor/sum.hpp>

using duet::Tensor;
using T = Tensor<double>;

namespace {

std::string message(const auto& f) {
  try {
    f();
  } catch (const duet::AnomalyError& error) {
    return error.what();
  }
  return "nothing was thrown";
}
std::string here(int line) { return "; the operation is in " + std::string(__FILE__) + ":" + std::to_string(line); }

}  // namespace

TEST_CASE("the first operation whose result is not finite is named, with its line") {
  const T x{1, 0};
  const duet::DetectAnomaly guard;
  const int line = __LINE__ + 2;
  const auto f = [&] {
    const T y = log(x);
    const T z = y * 2;
    return sum(z);
  };
  CHECK(message(f) == "the result of Log is the first that is not finite" + here(line));
}

TEST_CASE("the first operation whose gradient is not finite is named, with the line of its value") {
  const T x = T{1, 0}.requires_grad();
  const duet::DetectAnomaly guard;
  const int line = __LINE__ + 1;
  const T y = sqrt(x);
  const T z = 2 * y;
  const T s = sum(z);
  CHECK(message([&] { s.backward(); }) == "the gradient of Sqrt is the first that is not finite" + here(line));
  CHECK(!x.grad().defined());
}

TEST_CASE("operations that are no formulas are named as well") {
  const T x = T{1, 0}.requires_grad();
  const auto inverse = [](const T& z, const std::source_location& where = std::source_location::current()) {
    return duet::tensor::operation<double>(
        "Inverse", {z}, {.output = true}, where, [&] { return duet::tensor::div(T(1.0), z); },
        [](const auto& call) {
          return duet::tensor::Tensors<double>{
              duet::tensor::mul(call.cotangent(), duet::tensor::neg(duet::tensor::mul(call.output(), call.output())))};
        });
  };
  const int recorded = __LINE__ + 1;
  const T y = inverse(x);
  CHECK(y.vector()[1] == std::numeric_limits<double>::infinity());  // nobody has asked
  const duet::DetectAnomaly guard;
  CHECK(message([&] { sum(y); }) == "the result of Sum is the first that is not finite" + here(__LINE__));
  CHECK(message([&] {
          y.backward({.gradient = T{1, 0}});
        }) == "the gradient of Inverse is the first that is not finite" + here(recorded));
  CHECK(message([&] { inverse(x); }) == "the result of Inverse is the first that is not finite" + here(__LINE__));
}

TEST_CASE("the search ends with its scope, and scopes nest") {
  const T x{0};
  {
    const duet::DetectAnomaly outer;
    { const duet::DetectAnomaly inner; }
    CHECK_THROWS_AS(T(log(x)), duet::AnomalyError);
  }
  CHECK(T(log(x)).item() == -std::numeric_limits<double>::infinity());
}
