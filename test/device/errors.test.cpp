// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/device/memory.hpp>

#include <doctest/doctest.h>

#include <string>

#include <duet/device/elements.hpp>
#include <duet/device/stream.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/sum.hpp>

namespace {

using duet::Device, duet::Tensor;

std::string message_of(const auto& f) {
  try {
    f();
  } catch (const duet::Error& error) {
    return error.what();
  }
  return "no error";
}

TEST_CASE("more memory than there is, is an error that names the request, and nothing is lost") {
  const auto before = duet::tensor_memory<duet::Device>();
  const std::size_t much = std::size_t{1} << 47;
  const std::string message = message_of([&] { Tensor<double, Device>::uninitialized({much}); });
  CHECK(message.find(std::to_string(much * sizeof(double))) != std::string::npos);
  CHECK(duet::tensor_memory<duet::Device>().bytes == before.bytes);
  const Tensor<double, Device> x = Tensor<double, Device>::full({100}, 2);
  CHECK(sum(x * x).item() == 400);
}

TEST_CASE("parts of a program that were compiled for different back ends are told apart") {
  duet::device::Backends& backends = duet::device::backends;
  CHECK(backends.first == duet::device::backend);
  CHECK(backends.other == 0);
  const int other =
      duet::device::backend == THRUST_DEVICE_SYSTEM_CPP ? THRUST_DEVICE_SYSTEM_OMP : THRUST_DEVICE_SYSTEM_CPP;
  backends.note(other);  // as a translation unit compiled for that one does
  const std::string message = message_of([] { Tensor<double, Device>::full({3}, 1); });
  CHECK(message.find(duet::device::backend_name()) != std::string::npos);
  CHECK(message.find(duet::device::backend_name(other)) != std::string::npos);
  backends.other = 0;
  CHECK(Tensor<double, Device>::full({3}, 1).vector()[2] == 1);
}

TEST_CASE("memory that is given back is kept, until it is released") {
  duet::release_kept_memory<duet::Device>();
  const auto before = duet::tensor_memory<duet::Device>();
  { const auto x = Tensor<double, Device>::full({1 << 16}, 1); }
  CHECK(duet::tensor_memory<duet::Device>().bytes == before.bytes);
  CHECK(duet::tensor_memory<duet::Device>().kept > before.kept);
  duet::release_kept_memory<duet::Device>();
  CHECK(duet::tensor_memory<duet::Device>().kept == 0);
}

}  // namespace
