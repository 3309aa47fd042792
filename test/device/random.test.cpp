// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Random numbers on a device: the bits of the published generator, the same on every back end, and what they are like.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <duet/device.hpp>

using duet::Device;
using duet::Generator;
using duet::Tensor;
using duet::tensor::Philox;

namespace {

constexpr bool equal(const Philox::Block& a, const Philox::Block& b) { return std::equal(a.word, a.word + 4, b.word); }

/// The bits for key {k0, k1}.
constexpr Philox::Block bits(const Philox::Block& counter, std::uint32_t k0, std::uint32_t k1) {
  return Philox(std::uint64_t{k1} << 32 | k0)(counter);
}

double mean(const std::vector<double>& x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

std::vector<double> powers(std::vector<double> x, int n) {
  for (double& one : x) one = std::pow(one, n);
  return x;
}

}  // namespace

// The vectors for "philox 4x32 10" in kat_vectors of Random123, by the authors of the generator.
static_assert(equal(bits({{0, 0, 0, 0}}, 0, 0), {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}}));
static_assert(equal(bits({{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}}, 0xffffffff, 0xffffffff),
                    {{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}}));
static_assert(equal(bits({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, 0xa4093822, 0x299f31d0),
                    {{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}));

TEST_CASE("uniform numbers are those of the generator's bits, on every back end") {
  Generator generator(7), same(7);
  const std::vector<double> x = duet::rand<double, Device>({1001}, generator).vector();
  const Philox random(same.bits());
  bool right = true;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Philox::Block block = random(i / 2);
    const std::uint64_t both = std::uint64_t{block.word[i % 2 * 2 + 1]} << 32 | block.word[i % 2 * 2];
    right = right && x[i] == std::ldexp(static_cast<double>(both >> 11), -53);
  }
  CHECK(right);
  const std::vector<float> y = duet::rand<float, Device>({1001}, generator).vector();
  const Philox next(same.bits());
  for (std::size_t i = 0; i < y.size(); ++i) {
    right = right && y[i] == std::ldexp(static_cast<float>(next(i / 4).word[i % 4] >> 8), -24);
  }
  CHECK(right);
}

TEST_CASE("the same seed gives the same numbers, the next call others, and more of them begin with the same") {
  Generator a(3), b(3), c(3);
  const auto x = duet::randn<double, Device>({100, 300}, a);
  CHECK(x.vector() == duet::randn<double, Device>({30000}, b).vector());
  CHECK(x.vector() != duet::randn<double, Device>({30000}, b).vector());
  std::vector<double> longer = duet::randn<double, Device>({70001}, c).vector();
  longer.resize(30000);
  CHECK(x.vector() == longer);
  CHECK(duet::rand<float, Device>({0, 3}, a).size() == 0);
}

TEST_CASE("random numbers have the moments of their distribution") {
  Generator generator(11);
  const std::size_t size = 400000;
  const double error = 5 / std::sqrt(static_cast<double>(size));  // five standard deviations of a mean of variance 1
  const auto u = duet::rand<double, Device>({size}, generator).vector();
  CHECK(std::all_of(u.begin(), u.end(), [](double x) { return 0 <= x && x < 1; }));
  CHECK(std::abs(mean(u) - 0.5) < error * std::sqrt(1.0 / 12));
  CHECK(std::abs(mean(powers(u, 2)) - 1.0 / 3) < error * std::sqrt(4.0 / 45));
  const auto normal = [&](const std::vector<double>& x) {
    CHECK(std::abs(mean(x)) < error);
    CHECK(std::abs(mean(powers(x, 2)) - 1) < error * std::sqrt(2.0));
    CHECK(std::abs(mean(powers(x, 3))) < error * std::sqrt(15.0));
    CHECK(std::abs(mean(powers(x, 4)) - 3) < error * std::sqrt(96.0));
    double product = 0;  // of neighbours, which come from the same bits
    for (std::size_t i = 0; i < x.size(); i += 2) product += x[i] * x[i + 1];
    CHECK(std::abs(product / static_cast<double>(x.size() / 2)) < error * std::sqrt(2.0));
  };
  normal(duet::randn<double, Device>({size}, generator).vector());
  normal(duet::randn<float, Device>({size}, generator).to<double>().vector());
}

TEST_CASE("dropout leaves out a share of the elements, also of the gradient, and keeps the mean") {
  Generator generator(5);
  const std::size_t size = 200000;
  Tensor<double, Device> x = duet::ones<double, Device>({size}).requires_grad();
  const Tensor<double, Device> y = dropout(x, 0.25, generator);
  const auto values = y.vector();
  CHECK(std::all_of(values.begin(), values.end(), [](double v) { return v == 0 || v == 1 / 0.75; }));
  CHECK(std::abs(mean(values) - 1) < 5 * std::sqrt(1.0 / 3 / static_cast<double>(size)));
  sum(y).backward();
  CHECK(x.grad().vector() == values);
  CHECK(dropout(x, 0.0, generator).vector() == x.vector());
  CHECK(dropout(x, 1.0, generator).vector() == std::vector<double>(size, 0));
  CHECK_THROWS_AS(dropout(x, 1.5, generator), duet::Error);
}
