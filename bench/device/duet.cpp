// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// In Duet, on the device and on the host.
#include "duet.hpp"

#include "task.hpp"

namespace bench {
namespace {

template <class F, class X>
struct Task final : FusedTask<typename X::value_type> {
  using T = typename X::value_type;
  X x, y;

  explicit Task(const FusedData<T>& data) : x(leaf<X>(data.x)), y(leaf<X>(data.y)) {}
  T step() override { return value_and_gradients(F(), x, y).item(); }
  std::vector<T> gradients() const override {
    std::vector<T> both;
    for (const X* leaf : {&x, &y}) {
      const std::vector<T> by = leaf->grad().vector();
      both.insert(both.end(), by.begin(), by.end());
    }
    return both;
  }
};

}  // namespace

template <class F, class T>
std::unique_ptr<FusedTask<T>> device_task(const FusedData<T>& data) {
  return std::make_unique<Task<F, duet::Tensor<T, duet::Device>>>(data);
}
template <class F, class T>
std::unique_ptr<FusedTask<T>> host_task(const FusedData<T>& data) {
  return std::make_unique<Task<F, duet::Tensor<T>>>(data);
}
template std::unique_ptr<FusedTask<float>> device_task<Product>(const FusedData<float>&);
template std::unique_ptr<FusedTask<float>> device_task<Chain>(const FusedData<float>&);
template std::unique_ptr<FusedTask<double>> device_task<Product>(const FusedData<double>&);
template std::unique_ptr<FusedTask<double>> device_task<Chain>(const FusedData<double>&);
template std::unique_ptr<FusedTask<float>> host_task<Product>(const FusedData<float>&);
template std::unique_ptr<FusedTask<float>> host_task<Chain>(const FusedData<float>&);
template std::unique_ptr<FusedTask<double>> host_task<Product>(const FusedData<double>&);
template std::unique_ptr<FusedTask<double>> host_task<Chain>(const FusedData<double>&);

}  // namespace bench
