// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <random>

#include <duet/tensor/moves.hpp>
#include <duet/tensor/philox.hpp>
#include <duet/tensor/sum.hpp>

/// New tensors.
namespace duet {

namespace tensor {

/// Elements in equal steps.
template <class T>
struct Arithmetic {
  static constexpr std::size_t width = 1;
  T start, step;
  constexpr void operator()(std::size_t k, T* to) const { *to = start + static_cast<T>(k) * step; }
};
/// `size` elements that lead from one number to another.
template <class T>
struct Between {
  static constexpr std::size_t width = 1;
  T first, last;
  std::size_t size;
  constexpr void operator()(std::size_t k, T* to) const {
    const T at = size > 1 ? static_cast<T>(k) / static_cast<T>(size - 1) : T(0);
    *to = first * (1 - at) + last * at;
  }
};

}  // namespace tensor

template <class T = double, class P = DefaultPlace>
Tensor<T, P> full(const Shape& shape, std::type_identity_t<T> value) {
  return Tensor<T, P>::full(shape, value);
}
template <class T = double, class P = DefaultPlace>
Tensor<T, P> zeros(const Shape& shape) {
  return Tensor<T, P>::full(shape, 0);
}
template <class T = double, class P = DefaultPlace>
Tensor<T, P> ones(const Shape& shape) {
  return Tensor<T, P>::full(shape, 1);
}
template <class T, class P>
Tensor<T, P> zeros_like(const Tensor<T, P>& x) {
  return zeros<T, P>(x.shape());
}
template <class T, class P>
Tensor<T, P> ones_like(const Tensor<T, P>& x) {
  return ones<T, P>(x.shape());
}

/// start, start + step, ... below `stop`.
template <class T = double, class P = DefaultPlace>
Tensor<T, P> arange(std::type_identity_t<T> start, std::type_identity_t<T> stop, std::type_identity_t<T> step = 1) {
  if (step == 0 || (stop - start) / step < 0) throw ShapeError("arange: the step does not lead from start to stop");
  const auto size = static_cast<std::size_t>(std::ceil((stop - start) / step));
  Tensor<T, P> result = Tensor<T, P>::uninitialized({size});
  tensor::Moves<P>::generate(result.data(), size, tensor::Arithmetic<T>{start, step});
  return result;
}
/// 0, 1, ... below `stop`.
template <class T = double, class P = DefaultPlace>
Tensor<T, P> arange(std::type_identity_t<T> stop) {
  return arange<T, P>(0, stop);
}

/// `size` numbers in equal steps from `first` to `last`, both included.
template <class T = double, class P = DefaultPlace>
Tensor<T, P> linspace(std::type_identity_t<T> first, std::type_identity_t<T> last, std::size_t size) {
  Tensor<T, P> result = Tensor<T, P>::uninitialized({size});
  tensor::Moves<P>::generate(result.data(), size, tensor::Between<T>{first, last, size});
  return result;
}

/// The unit matrix.
template <class T = double, class P = DefaultPlace>
Tensor<T, P> eye(std::size_t size) {
  Tensor<T, P> result = zeros<T, P>({size, size});
  tensor::Places diagonal;
  diagonal.axes.push_back({size, static_cast<std::ptrdiff_t>(size + 1)});
  tensor::fill<P>(diagonal, result.data(), T(1));
  return result;
}

/// Random numbers: the same sequence for the same seed, on every platform. Tensors in the main memory are filled with
/// its next numbers; for tensors elsewhere it gives a key, for which elements follow from their places (Philox).
class Generator {
 public:
  explicit Generator(std::uint64_t seed = 0) : engine_(seed) {}

  /// 64 random bits.
  std::uint64_t bits() { return engine_(); }
  /// Uniform in [0, 1).
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
  /// Of the standard normal distribution (Box and Muller, 1958).
  double normal() {
    const double radius = std::sqrt(-2 * std::log1p(-uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }
  /// Uniform among 0, ..., below - 1.
  std::size_t index(std::size_t below) { return static_cast<std::size_t>(uniform() * static_cast<double>(below)); }

 private:
  std::mt19937_64 engine_;
};

/// Uniform random numbers in [0, 1).
template <class T = double, class P = DefaultPlace>
Tensor<T, P> rand(const Shape& shape, Generator& generator) {
  Tensor<T, P> result = Tensor<T, P>::uninitialized(shape);
  if constexpr (P::is_main_memory) {
    std::generate_n(result.data(), result.size(), [&] { return static_cast<T>(generator.uniform()); });
  } else {
    tensor::Moves<P>::generate(result.data(), result.size(),
                               tensor::UniformNumbers<T>{tensor::Philox(generator.bits())});
  }
  return result;
}
/// Normally distributed random numbers.
template <class T = double, class P = DefaultPlace>
Tensor<T, P> randn(const Shape& shape, Generator& generator) {
  Tensor<T, P> result = Tensor<T, P>::uninitialized(shape);
  if constexpr (P::is_main_memory) {
    std::generate_n(result.data(), result.size(), [&] { return static_cast<T>(generator.normal()); });
  } else {
    tensor::Moves<P>::generate(result.data(), result.size(),
                               tensor::NormalNumbers<T>{{tensor::Philox(generator.bits())}});
  }
  return result;
}

}  // namespace duet
