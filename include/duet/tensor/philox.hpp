// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <numbers>

/// Random numbers of a key and a place, so that each thread can make those of its own elements.
namespace duet::tensor {

/// Philox4x32 with ten rounds (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011):
/// maps a counter to random bits, for each key in another way.
struct Philox {
  struct Block {
    std::uint32_t word[4];
  };
  std::uint32_t key[2];

  explicit constexpr Philox(std::uint64_t seed)
      : key{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)} {}

  constexpr Block operator()(std::uint64_t counter) const {
    return (*this)({{static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32), 0, 0}});
  }
  constexpr Block operator()(const Block& counter) const {
    Block x = counter;
    std::uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; ++round) {
      const std::uint64_t a = std::uint64_t{0xD2511F53} * x.word[0], b = std::uint64_t{0xCD9E8D57} * x.word[2];
      x = {{static_cast<std::uint32_t>(b >> 32) ^ x.word[1] ^ k0, static_cast<std::uint32_t>(b),
            static_cast<std::uint32_t>(a >> 32) ^ x.word[3] ^ k1, static_cast<std::uint32_t>(a)}};
      k0 += 0x9E3779B9;
      k1 += 0xBB67AE85;
    }
    return x;
  }
};

/// Uniform in [0, 1). A block of bits makes two numbers with 53 random bits each, or four with 24.
template <class T>
struct UniformNumbers {
  static constexpr std::size_t width = std::same_as<T, float> ? 4 : 2;
  Philox random;

  constexpr void operator()(std::size_t k, T* to) const {
    const Philox::Block bits = random(std::uint64_t{k});
    for (std::size_t i = 0; i < width; ++i) {
      if constexpr (std::same_as<T, float>) {
        to[i] = static_cast<float>(bits.word[i] >> 8) * 0x1p-24F;
      } else {
        const std::uint64_t both = std::uint64_t{bits.word[2 * i + 1]} << 32 | bits.word[2 * i];
        to[i] = static_cast<T>(both >> 11) * T(0x1p-53);
      }
    }
  }
};

/// Of the standard normal distribution: two of two uniform ones (Box and Muller, 1958).
template <class T>
struct NormalNumbers {
  static constexpr std::size_t width = UniformNumbers<T>::width;
  UniformNumbers<T> uniform;

  constexpr void operator()(std::size_t k, T* to) const {
    T u[width];
    uniform(k, u);
    for (std::size_t i = 0; i < width; i += 2) {
      const T radius = std::sqrt(-2 * std::log1p(-u[i])), angle = 2 * std::numbers::pi_v<T> * u[i + 1];
      to[i] = radius * std::cos(angle);
      to[i + 1] = radius * std::sin(angle);
    }
  }
};

/// Zero with probability `p`, else `kept`: what dropout multiplies elements with.
template <class T>
struct DropoutFactors {
  static constexpr std::size_t width = UniformNumbers<T>::width;
  UniformNumbers<T> uniform;
  T p, kept;

  constexpr void operator()(std::size_t k, T* to) const {
    uniform(k, to);
    for (std::size_t i = 0; i < width; ++i) to[i] = to[i] < p ? T(0) : kept;
  }
};

}  // namespace duet::tensor
