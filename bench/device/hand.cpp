// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// By hand: one loop for the sum and both gradients, parallel and in SIMD. Compiled with -ffast-math, without which the
// compiler takes no vector functions from libmvec.
#include <cstddef>

#include "formula.hpp"
#include "task.hpp"

namespace bench {
namespace {

template <class T>
T value_and_gradients(Product, const T* x, const T* y, T* by_x, T* by_y, std::size_t n) {
  T sum = 0;
#pragma omp parallel for simd reduction(+ : sum)
  for (std::size_t i = 0; i < n; ++i) {
    const T e = std::exp(x[i]);
    by_x[i] = e * y[i];
    by_y[i] = e;
    sum += e * y[i];
  }
  return sum;
}

template <class T>
T value_and_gradients(Chain, const T* x, const T* y, T* by_x, T* by_y, std::size_t n) {
  T sum = 0;
#pragma omp parallel for simd reduction(+ : sum)
  for (std::size_t i = 0; i < n; ++i) {
    const T t = std::tanh(x[i] * y[i]);
    const T s = std::sqrt(x[i] * x[i] + y[i] * y[i] + 1);
    const T r = 1 / s, u = std::exp(t - s), ux = u * x[i], tr = t * r;
    const T by_product = (ux + r) * (1 - t * t), by_square = (ux + tr * r) * r;
    by_x[i] = u + by_product * y[i] - by_square * x[i];
    by_y[i] = by_product * x[i] - by_square * y[i];
    sum += ux + tr;
  }
  return sum;
}

template <class F, class T>
struct Task final : FusedTask<T> {
  FusedData<T> data, by;

  explicit Task(const FusedData<T>& d) : data(d), by(d) {}
  T step() override {
    return value_and_gradients(F(), data.x.data(), data.y.data(), by.x.data(), by.y.data(), data.x.size());
  }
  std::vector<T> gradients() const override {
    std::vector<T> both = by.x;
    both.insert(both.end(), by.y.begin(), by.y.end());
    return both;
  }
};

}  // namespace

template <class F, class T>
std::unique_ptr<FusedTask<T>> hand_task(const FusedData<T>& data) {
  return std::make_unique<Task<F, T>>(data);
}
template std::unique_ptr<FusedTask<float>> hand_task<Product>(const FusedData<float>&);
template std::unique_ptr<FusedTask<float>> hand_task<Chain>(const FusedData<float>&);
template std::unique_ptr<FusedTask<double>> hand_task<Product>(const FusedData<double>&);
template std::unique_ptr<FusedTask<double>> hand_task<Chain>(const FusedData<double>&);

}  // namespace bench
