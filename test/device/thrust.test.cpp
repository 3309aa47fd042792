// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/device.hpp>

#include <doctest/doctest.h>

#include <thrust/reduce.h>
#include <thrust/sort.h>

namespace {

using duet::Device, duet::Host, duet::Tensor;

TEST_CASE("elements travel to the device and back unchanged") {
  duet::Generator generator(1);
  const Tensor<double, Host> x = duet::randn<double, Host>({3, 5}, generator);
  const Tensor<double, Device> there = x.to<Device>();
  CHECK(there.shape() == x.shape());
  CHECK(there.vector() == x.vector());
  CHECK(there.to<Host>().vector() == x.vector());
  CHECK(there.to<Device>().vector() == x.vector());
  CHECK(there.array() == x.array());
}

TEST_CASE("a copy in another place is a constant, and asking for it in a graph is an error") {
  Tensor<double, Device> x({1.0, 2.0});
  x.requires_grad();
  CHECK_THROWS_AS(x.to<Host>(), duet::Error);
  CHECK_FALSE(x.detach().to<Host>().needs_grad());
}

TEST_CASE("other types of elements") {
  const Tensor<double, Device> x({0.5, -2.0});
  CHECK(x.to<float>().vector() == std::vector<float>{0.5F, -2.0F});
}

TEST_CASE("Thrust's algorithms run on the elements of a tensor") {
  Tensor<double, Device> x({3.0, 1.0, 2.0});
  CHECK(thrust::reduce(duet::device::begin(std::as_const(x)), duet::device::end(std::as_const(x))) == 6);
  thrust::sort(duet::device::begin(x), duet::device::end(x));
  x.changed();
  CHECK(x.vector() == std::vector{1.0, 2.0, 3.0});
}

TEST_CASE("a vector of Thrust becomes a tensor, and a tensor a vector") {
  const thrust::device_vector<double> elements(6, 2.0);
  const Tensor<double, Device> x = duet::device::tensor_of(elements, {2, 3});
  CHECK(x.shape() == duet::Shape{2, 3});
  CHECK(x.vector() == std::vector<double>(6, 2.0));
  CHECK_THROWS_AS(duet::device::tensor_of(elements, {2, 2}), duet::ShapeError);
  const thrust::device_vector<double> again = duet::device::vector_of(x);
  CHECK(again == elements);
}

TEST_CASE("who writes through iterators says so, and a derivative that needs the old value is an error") {
  Tensor<double, Device> x({1.0, 2.0});
  x.requires_grad();
  Tensor<double, Device> y = x * 2;
  const Tensor<double, Device> z = exp(sin(y)) * 2;
  thrust::fill(duet::device::begin(y), duet::device::end(y), 1.0);
  y.changed();
  CHECK_THROWS_AS(sum(z).backward(), duet::InplaceError);
}

}  // namespace
