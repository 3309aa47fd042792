// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// In libtorch, with all cores: by default Debian's takes one, and for all other users of OpenMP in the program as well.
#include <torch/torch.h>

#include <thread>

#include "formula.hpp"
#include "task.hpp"

namespace bench {
namespace {

template <class F, class T>
struct Task final : FusedTask<T> {
  torch::Tensor x, y;

  explicit Task(const FusedData<T>& data) : x(leaf(data.x)), y(leaf(data.y)) {
    torch::set_num_threads(static_cast<int>(std::thread::hardware_concurrency()));
  }
  static torch::Tensor leaf(const std::vector<T>& from) {
    const auto type = torch::CppTypeToScalarType<T>::value;
    return torch::from_blob(const_cast<T*>(from.data()), static_cast<int64_t>(from.size()), type)
        .clone()
        .requires_grad_();
  }
  T step() override {
    x.mutable_grad() = y.mutable_grad() = torch::Tensor();
    const torch::Tensor loss = F()(x, y).sum();
    loss.backward();
    return loss.item<T>();
  }
  std::vector<T> gradients() const override {
    std::vector<T> both;
    for (const torch::Tensor& leaf : {x, y}) {
      const torch::Tensor by = leaf.grad().contiguous();
      both.insert(both.end(), by.data_ptr<T>(), by.data_ptr<T>() + by.numel());
    }
    return both;
  }
};

}  // namespace

template <class F, class T>
std::unique_ptr<FusedTask<T>> torch_task(const FusedData<T>& data) {
  return std::make_unique<Task<F, T>>(data);
}
template std::unique_ptr<FusedTask<float>> torch_task<Product>(const FusedData<float>&);
template std::unique_ptr<FusedTask<float>> torch_task<Chain>(const FusedData<float>&);
template std::unique_ptr<FusedTask<double>> torch_task<Product>(const FusedData<double>&);
template std::unique_ptr<FusedTask<double>> torch_task<Chain>(const FusedData<double>&);

}  // namespace bench
