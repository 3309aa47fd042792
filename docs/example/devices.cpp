// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The code of docs/devices.md.
#include <cmath>
#include <cstdio>
#include <duet/device.hpp>
#include <thrust/reduce.h>

namespace {

using duet::Device, duet::Host, duet::Tensor;

bool good = true;
void check(bool holds) { good = good && holds; }

void first() {
  const Tensor<double> here = duet::linspace(0, 1, 1000);        // in main memory
  Tensor<double, Device> x = here.to<Device>().requires_grad();  // a copy on the device
  const Tensor loss = sum(exp(x) * x);                           // the sum and its derivatives, in one kernel
  loss.backward();
  const std::vector<double> gradient = x.grad().vector();  // waits, and copies
  check(std::abs(gradient[999] - 2 * std::exp(1.0)) < 1e-12);
}

void training() {
  duet::Generator generator(1);
  const auto x = duet::randn<double, Device>({10000}, generator);
  const Tensor<double, Device> y = 3 * x - 1;
  Tensor<double, Device> slope(0.0), shift(0.0);
  slope.requires_grad();
  shift.requires_grad();
  for (int step = 0; step < 100; ++step) {
    slope.zero_grad();
    shift.zero_grad();
    mean(square(slope * x + shift - y)).backward();
    const duet::NoGrad guard;
    slope -= 0.2 * slope.grad();
    shift -= 0.2 * shift.grad();
  }
  check(std::abs(slope.item() - 3) < 1e-6 && std::abs(shift.item() + 1) < 1e-6);
}

struct Spring {
  constexpr auto operator()(const auto& x, const auto& y, const auto& stiffness) const {
    const auto stretch = hypot(x, y) - 1;
    return 0.5 * stiffness * stretch * stretch;
  }
};

void maps() {
  duet::Generator generator(2);
  auto x = duet::randn<double, Device>({1000}, generator).requires_grad();
  auto y = duet::randn<double, Device>({1000}, generator).requires_grad();
  Tensor<double, Device> stiffness(20.0);
  stiffness.requires_grad();
  const auto energy = map_sum(Spring(), each(x), each(y), stiffness);  // one kernel: the energy, the forces,
  energy.backward();                                                   // and the sum for the stiffness
  check(std::abs(stiffness.grad().item() * 20 - energy.item()) < 1e-9 * energy.item());
}

void algorithms() {
  const Tensor<double, Device> x({3.0, 1.0, 2.0});
  check(thrust::reduce(duet::device::begin(x), duet::device::end(x)) == 6);
  const thrust::device_vector<double> elements(6, 2.0);
  check(duet::device::tensor_of(elements, {2, 3}).shape() == duet::Shape{2, 3});
}

void errors() {
  Tensor<double, Device> x({1.0, 2.0});
  x.requires_grad();
  bool refused = false;
  try {
    x.to<Host>();  // would leave the graph without a word: x.detach().to<Host>() says so
  } catch (const duet::Error&) {
    refused = true;
  }
  check(refused);
}

}  // namespace

int main() {
  first();
  training();
  maps();
  algorithms();
  errors();
  std::printf("devices: %s, %s\n", duet::device::backend_name(), good ? "good" : "WRONG");
  return good ? 0 : 1;
}
