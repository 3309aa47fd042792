// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The code of docs/tools.md. Called with a path it draws the sine and its derivative there.
#include <cstdio>
#include <duet/tensor.hpp>
#include <duet/tool/profile.hpp>
#include <duet/tool/tensor_dot.hpp>
#include <numbers>

#include "curves.hpp"

namespace {

using duet::Tensor;

bool good = true;
void check(bool holds) { good = good && holds; }

void profiles() {
  Tensor<double> x = duet::ones({1000}), y = duet::full({1000}, 3);
  y.requires_grad();
  const duet::Profile profile = duet::profile([&] {
    Tensor<double> z = x;
    for (int i = 0; i < 100; ++i) {
      z = z / x;
      z = z * y;
    }
    sum(z).backward();
  });
  std::puts(profile.table(duet::ProfileOrder::total).c_str());
  const std::string json = profile.chrome_trace();  // for chrome://tracing and Perfetto
  check(json.find("\"Mul\"") != std::string::npos);
}

void anomalies() {
  const duet::DetectAnomaly guard;
  Tensor<double> x{1, 0, 4};
  std::string message;
  try {
    const Tensor<double> y = log(x);  // -inf is born here
    check(y.size() == 0);
  } catch (const duet::AnomalyError& error) {
    message = error.what();
  }
  check(message.find("Log") != std::string::npos && message.find("tools.cpp") != std::string::npos);
}

void graphs() {
  Tensor<double> x = 2.0, w = 1.0;
  x.requires_grad();
  w.requires_grad();
  const Tensor<double> a = x + w, b = w + 1, y = a * b;
  const std::string dot = duet::to_dot<double>(y, {{"x", x}, {"w", w}, {"y", y}});
  check(dot.find("Mul") != std::string::npos);
}

/// The derivative is what backward() says: nobody writes a cosine.
void plot(const char* path) {
  Tensor<double> x = duet::linspace(0, 2 * std::numbers::pi, 101).requires_grad();
  const Tensor<double> y = sin(x);
  sum(y).backward();
  const auto values = [](const Tensor<double>& of) { return std::vector<double>(of.data(), of.data() + of.size()); };
  draw(path, "x", 6.28, {"", -1, 1},
       {{"sin(x)", "#1f77b4", values(y)}, {"its derivative", "#ff7f0e", values(x.grad())}});
}

}  // namespace

int main(int count, char** arguments) {
  profiles();
  anomalies();
  graphs();
  if (count > 1) plot(arguments[1]);
  std::puts(good ? "ok" : "wrong");
  return !good;
}
