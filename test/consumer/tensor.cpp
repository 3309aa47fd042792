#include <cstdio>
#include <duet/tensor.hpp>

int main() {
  duet::Tensor<double> x = duet::arange(4.0).requires_grad();
  sum(x * x).backward();
  const double slope = x.grad()(3).item();
  std::printf("%.16g\n", slope);
  return slope == 6.0 ? 0 : 1;
}
