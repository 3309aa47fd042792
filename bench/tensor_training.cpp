// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Steps of training a network of two layers, against libtorch; both on one thread, OpenBLAS included.

#include "random.hpp"
#include "tensor/race.hpp"

extern "C" void openblas_set_num_threads(int);

namespace {

void train(std::size_t batch, std::size_t inputs, std::size_t hidden, std::size_t outputs) {
  const auto weights = [](std::size_t to, std::size_t from) {
    const double bound = 1 / std::sqrt(static_cast<double>(from));
    return bench::uniform(to * from, -bound, bound);
  };
  const bench::TrainingData data{batch,
                                 inputs,
                                 hidden,
                                 outputs,
                                 bench::uniform(batch * inputs, -1, 1),
                                 bench::uniform(batch * outputs, -1, 1),
                                 weights(hidden, inputs),
                                 weights(hidden, 1),
                                 weights(outputs, hidden),
                                 weights(outputs, 1)};
  const auto size = [](std::size_t n) { return std::to_string(n); };
  bench::run(size(inputs) + "-" + size(hidden) + "-" + size(outputs) + ", batch " + size(batch), data);
}

}  // namespace

int main() {
  openblas_set_num_threads(1);
  train(16, 1000, 100, 10);
  train(512, 1000, 1000, 1000);
}
