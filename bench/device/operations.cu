// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Reductions, running sums and moves of large arrays on a GPU, in lines of JSON for bench/device/table:
//   device_operations_gpu

#include <duet/device.hpp>

#include "gpu.hpp"
#include "launches.hpp"
#include "seconds.hpp"
#include "spread.hpp"

namespace {

using duet::Device, duet::Shape;

/// Measures `f()`, which reads and writes so many elements of type `T`. The sum of its result is what tools are
/// compared by.
template <class T, class F>
void measure(const char* function, const Shape& shape, double elements, const F& f) {
  const double value = static_cast<double>(sum(f()).item());
  bench::launches = 0;
  f();
  const int launches = bench::launches;
  const double seconds = bench::seconds_of(f, bench::wait_for_gpu);
  std::printf(
      "{\"tool\": \"Duet\", \"function\": \"%s\", \"dtype\": \"%s\", \"n\": \"%zu x %zu\", \"seconds\": %.9g, "
      "\"bytes\": %.9g, \"value\": %.17g, \"launches\": %d}\n",
      function, sizeof(T) == 4 ? "float" : "double", shape[0], shape[1], seconds, elements * sizeof(T), value,
      launches);
  std::fflush(stdout);
}

template <class T>
class Operations {
  using X = duet::Tensor<T, Device>;

 public:
  explicit Operations(const Shape& shape)
      : shape_(shape), x_(xt::adapt(bench::spread_y<T>(shape[0] * shape[1]), shape)) {}

  void sums() const {
    run("sums of rows", size() + rows(), [&] { return X(sum(x_, 1)); });
    run("sums of columns", size() + columns(), [&] { return X(sum(x_, 0)); });
    run("largest of rows", size() + rows(), [&] { return X(amax(x_, 1)); });
  }
  void running_sums() const {
    run("running sums along rows", 2 * size(), [&] { return X(cumsum(x_, 1)); });
    run("running sums along columns", 2 * size(), [&] { return X(cumsum(x_, 0)); });
  }
  void probabilities() const {
    run("softmax of rows", 2 * size(), [&] { return X(softmax(x_, 1)); });
    run("logsumexp of rows", size() + rows(), [&] { return X(logsumexp(x_, 1)); });
  }
  void others() const {
    run("transposed copy", 2 * size(), [&] { return X(transpose(x_).copy()); });
    const X seed = x_;
    X bias = X::full({shape_[1]}, 1).requires_grad();
    run("x + bias, gradient of bias", 3 * size(), [&] {
      bias.set_grad({});
      const X y = x_ + bias;
      y.backward({.gradient = seed});
      return bias.grad();
    });
  }

 private:
  double rows() const { return static_cast<double>(shape_[0]); }
  double columns() const { return static_cast<double>(shape_[1]); }
  double size() const { return rows() * columns(); }
  template <class F>
  void run(const char* function, double elements, const F& f) const {
    measure<T>(function, shape_, elements, f);
  }

  Shape shape_;
  X x_;
};

template <class T>
void measure_all() {
  Operations<T>({8000000, 10}).sums();
  const Operations<T> even({100000, 1000});
  even.sums();
  even.running_sums();
  even.probabilities();
  even.others();
  Operations<T>({100, 1000000}).running_sums();
}

}  // namespace

int main() {
  std::printf("{\"tool\": \"copy\", \"gpu\": \"%s\", \"bytes_per_second\": %.9g}\n", bench::properties_of_gpu().name,
              bench::Copy::bytes / bench::seconds_of(bench::Copy(), bench::wait_for_gpu));
  measure_all<float>();
  measure_all<double>();
}
