// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Where libtorch was not found.
#include "task.hpp"

namespace bench {

std::unique_ptr<TensorTask> torch_task(const ChainData&) { return nullptr; }
std::unique_ptr<TensorTask> torch_task(const SmallData&) { return nullptr; }
std::unique_ptr<TensorTask> torch_task(const TrainingData&) { return nullptr; }

}  // namespace bench
