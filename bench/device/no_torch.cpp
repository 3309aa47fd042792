// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Where libtorch was not found.
#include "formula.hpp"
#include "task.hpp"

namespace bench {

template <class F, class T>
std::unique_ptr<FusedTask<T>> torch_task(const FusedData<T>&) {
  return nullptr;
}
template std::unique_ptr<FusedTask<float>> torch_task<Product>(const FusedData<float>&);
template std::unique_ptr<FusedTask<float>> torch_task<Chain>(const FusedData<float>&);
template std::unique_ptr<FusedTask<double>> torch_task<Product>(const FusedData<double>&);
template std::unique_ptr<FusedTask<double>> torch_task<Chain>(const FusedData<double>&);

}  // namespace bench
