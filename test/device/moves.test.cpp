// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Moving elements on a device: values, gradients and gradients of gradients are those of host tensors, to the last bit.
#include <doctest/doctest.h>

#include <xtensor/xtensor.hpp>

#include <duet/device.hpp>

using duet::all;
using duet::Device;
using duet::ellipsis;
using duet::Host;
using duet::Indices;
using duet::newaxis;
using duet::none;
using duet::range;
using duet::Shape;
using duet::Tensor;

namespace {

using Matrix = xt::xtensor<std::ptrdiff_t, 2>;  // of indices; an xt::xarray can't be made of {{0}, {4}}

/// Multiples of 1/8 without any order: sums and products of a few of them are exact, in whichever order.
template <class T>
Tensor<T, Host> eighths(const Shape& shape, std::size_t seed = 0) {
  Tensor<T, Host> x = Tensor<T, Host>::uninitialized(shape);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x.data()[i] = static_cast<T>((i * 7919 + seed * 104729) % 61) / 8 - T(3.5);
  }
  return x;
}

/// Numbers whose sums depend on the order.
template <class T>
Tensor<T, Host> fractions(const Shape& shape) {
  Tensor<T, Host> x = Tensor<T, Host>::uninitialized(shape);
  for (std::size_t i = 0; i < x.size(); ++i)
    x.data()[i] = static_cast<T>(1.0 / static_cast<double>(1 + i * 7919 % 997));
  return x;
}

template <class T, class P, class Q>
void same(const Tensor<T, P>& a, const Tensor<T, Q>& b) {
  REQUIRE(a.defined() == b.defined());
  if (!a.defined()) return;
  CHECK(a.shape() == b.shape());
  CHECK(a.vector() == b.vector());
}

/// The results of `f`, the gradient of a weighted sum of their squares, and the gradient of a weighted sum of that.
template <class T, class P, class F>
std::vector<Tensor<T, P>> results(const F& f, const std::vector<Tensor<T, Host>>& inputs) {
  std::vector<Tensor<T, P>> x;
  for (const Tensor<T, Host>& input : inputs) x.push_back(input.template to<P>().requires_grad());
  const auto weights = [](const Tensor<T, P>& y, std::size_t k) {
    return eighths<T>(y.shape(), k + 1).template to<P>();
  };
  const Tensor<T, P> y = f(x);
  if (!y.needs_grad()) return {y};
  const Tensor<T, P> squares = duet::tensor::mul(y, y);
  std::vector<Tensor<T, P>> all{y};
  const auto first = duet::autograd::grad<T>(
      {squares}, x, {.grad_outputs = {weights(y, 0)}, .create_graph = true, .allow_unused = true});
  all.insert(all.end(), first.begin(), first.end());
  for (std::size_t k = 0; k < first.size(); ++k) {
    if (!first[k].defined() || !first[k].needs_grad()) continue;
    const auto second = duet::autograd::grad<T>(
        {first[k]}, x, {.grad_outputs = {weights(first[k], k)}, .retain_graph = true, .allow_unused = true});
    all.insert(all.end(), second.begin(), second.end());
  }
  return all;
}

/// Fails unless `f` does the same to tensors of both places.
template <class T = double, class F>
void agree(const F& f, const std::vector<Tensor<T, Host>>& inputs) {
  const auto here = results<T, Host>(f, inputs);
  const auto there = results<T, Device>(f, inputs);
  REQUIRE(here.size() == there.size());
  for (std::size_t k = 0; k < here.size(); ++k) {
    INFO("result ", k);
    same(here[k], there[k]);
  }
}
/// The same for functions of one tensor.
template <class T = double, class F>
void agree_on(const Shape& shape, const F& f) {
  INFO("shape ", duet::to_string(shape));
  agree<T>([&](const auto& x) { return std::decay_t<decltype(x[0])>(f(x[0])); }, {eighths<T>(shape)});
}

}  // namespace

TEST_CASE("transposes, of any size and number of axes") {
  for (const Shape& shape :
       {Shape{2, 3}, Shape{100, 37}, Shape{300, 500}, Shape{1, 50}, Shape{0, 3}, Shape{40000, 2}}) {
    agree_on(shape, [](const auto& x) { return transpose(x); });
    agree_on<float>(shape, [](const auto& x) { return transpose(x); });
  }
  for (const duet::Axes& axes : {duet::Axes{3, 1, 2, 0}, duet::Axes{0, 3, 2, 1}, duet::Axes{2, 3, 0, 1}}) {
    agree_on({5, 40, 6, 33}, [&](const auto& x) { return permute(x, axes); });
    agree_on({65, 2, 40, 3}, [&](const auto& x) { return permute(x, axes); });
  }
  agree_on({2, 3, 2, 2, 3, 2, 2, 2, 2, 3}, [](const auto& x) { return permute(x, {9, 1, 7, 3, 5, 4, 6, 2, 8, 0}); });
}

TEST_CASE("other orders, and elements several times") {
  agree_on({70, 3, 401}, [](const auto& x) { return flip(x, {0, 2}); });
  agree_on({4, 5}, [](const auto& x) { return flip(x); });
  for (std::ptrdiff_t axis : {0, 1, 2}) agree_on({30, 40, 50}, [&](const auto& x) { return roll(x, 7, axis); });
  agree_on({100000}, [](const auto& x) { return roll(x, -1, 0); });
  agree_on({0, 3}, [](const auto& x) { return roll(x, 1, 0); });
  agree_on({30, 1, 40}, [](const auto& x) { return expand(x, {2, -1, 50, -1}); });
  agree_on({3, 200}, [](const auto& x) { return tile(x, {2, 3, 4}); });
  agree_on({3}, [](const auto& x) { return tile(x, {1000}); });
  agree_on({3, 40}, [](const auto& x) { return repeat_interleave(x, 5, 0); });
  agree_on({3, 40}, [](const auto& x) { return repeat_interleave(x, 500, 1); });
}

TEST_CASE("joined, split and padded tensors, triangles and diagonals") {
  const auto joined = [](std::ptrdiff_t axis) { return [axis](const auto& x) { return duet::concatenate(x, axis); }; };
  agree(joined(1), {eighths<double>({40, 300}), eighths<double>({40, 1}), eighths<double>({40, 700})});
  agree(joined(0), {eighths<double>({2, 3}), eighths<double>({0, 3}), eighths<double>({1, 3})});
  agree([](const auto& x) { return duet::stack(x, 2); }, {eighths<double>({40, 300}), eighths<double>({40, 300}, 1)});
  agree_on({6, 500}, [](const auto& x) {
    const auto parts = split(x, {200, 100, 200}, 1);
    return duet::tensor::mul(parts[0], parts[2]);
  });
  agree_on({20, 300}, [](const auto& x) { return pad(x, {{1, 0}, {2, 3}}, 3); });
  for (std::ptrdiff_t k : {-50, -3, 0, 2, 400}) {
    agree_on({300, 200}, [&](const auto& x) { return tril(x, k); });
    agree_on({2, 3, 40, 50}, [&](const auto& x) { return triu(x, k); });
  }
  agree_on({0, 5}, [](const auto& x) { return tril(x); });
  agree_on({300, 200}, [](const auto& x) { return diag(x, -7); });
  agree_on({200}, [](const auto& x) { return diag(x, 3); });
}

TEST_CASE("a triangle leaves nothing of what it cuts off, be it no number") {
  auto x = Tensor<double, Device>::full({3, 3}, std::numeric_limits<double>::quiet_NaN());
  CHECK(Tensor<double, Device>(triu(x, 5)).vector() == std::vector<double>(9, 0));
}

TEST_CASE("parts named by integers, ranges, arrays of integers and conditions") {
  agree_on({40, 50, 60}, [](const auto& x) { return x(1); });
  agree_on({40, 50, 60}, [](const auto& x) { return x(all(), 2, range(none, none, -1)); });
  agree_on({40, 50, 60}, [](const auto& x) { return x(range(1, none, 3), newaxis, ellipsis, range(5, 55, 2)); });
  agree_on({40, 50, 60}, [](const auto& x) { return x(range(3, 3)); });
  agree_on({40, 50, 60}, [](const auto& x) { return x(Indices{3, -1, 3}); });
  agree_on({40, 50, 60}, [](const auto& x) { return x(all(), Indices{3, -1, 3, 3}, range(2, 50)); });
  agree_on({40, 50, 60}, [](const auto& x) { return x(Indices{1, 0, 1}, all(), Matrix{{2}, {59}}); });
  agree_on({40, 50}, [](const auto& x) { return x(x > 1); });
  agree_on({40, 50}, [](const auto& x) { return x(x > 100); });
}

TEST_CASE("gather, take_along_dim, index_select, masked_select and scatter_add") {
  agree_on({2, 3}, [](const auto& x) { return gather(x, 1, Matrix{{0, 0, 2}, {1, 0, 1}}); });
  agree_on({2, 3}, [](const auto& x) { return take_along_dim(x, Matrix{{1, 0, 1}}, 0); });
  agree_on({60, 300}, [](const auto& x) { return index_select(x, 1, {2, 0, 2, -1}); });
  agree_on({60, 300}, [](const auto& x) { return masked_select(x, x < 1); });
  agree(
      [](const auto& x) {
        return scatter_add(x[0], 0, Matrix{{1, 0}, {1, 1}, {0, 1}}, x[1]);
      },
      {eighths<double>({2, 2}), eighths<double>({3, 2}, 1)});
}

TEST_CASE("what goes to the same element is added in the order of the indices, a GPU adds up stretches of it first") {
  const auto alike = [](const Tensor<float, Host>& here, const auto& there) {
    if constexpr (duet::device::is_gpu) {
      const std::vector<float> a = here.vector(), b = there().vector();
      CHECK(b == there().vector());
      bool close = a.size() == b.size();
      for (std::size_t i = 0; i < a.size(); ++i) close = close && std::abs(a[i] - b[i]) <= 1e-4F * std::abs(a[i]);
      CHECK(close);
    } else {
      same(here, there());
    }
  };
  for (const std::size_t targets : {std::size_t{1}, std::size_t{5}, std::size_t{300}, std::size_t{1000}}) {
    const std::size_t count = 20000;
    Indices to = Indices::from_shape({count});
    for (std::size_t i = 0; i < count; ++i) to.data()[i] = static_cast<std::ptrdiff_t>(i * i % targets);
    const auto x = fractions<float>({targets}), values = fractions<float>({count});
    alike(scatter_add(x, 0, to, values), [&] { return scatter_add(x.to<Device>(), 0, to, values.to<Device>()); });
    const auto added = [&](auto rows, std::ptrdiff_t axis, const auto& seed) {
      rows.requires_grad();
      index_select(rows, axis, to).backward({.gradient = seed});
      return rows.grad();
    };
    for (std::ptrdiff_t axis : {0, 1}) {
      const auto rows = fractions<float>(axis == 0 ? Shape{targets, 7} : Shape{7, targets});
      const auto seed = fractions<float>(axis == 0 ? Shape{count, 7} : Shape{7, count});
      alike(added(rows.copy(), axis, seed), [&] { return added(rows.to<Device>(), axis, seed.to<Device>()); });
    }
  }
}

TEST_CASE("a table of indices is used again, also after the first tensor is gone") {
  auto places = std::make_unique<duet::tensor::Places>();
  places->set_table({4, 1, 4}, {3});
  for (int k = 0; k < 2; ++k) {
    const Tensor<double, Device> x{0, 1, 2, 3, 4};
    CHECK(duet::tensor::pick("Index", x, *places, {}).vector() == std::vector<double>{4, 1, 4});
    const Tensor<double, Device> v{1, 2, 3};
    CHECK(duet::tensor::place("Index", v, *places, {5}, {}).vector() == std::vector<double>{0, 2, 0, 0, 4});
  }
  places.reset();
}

TEST_CASE("numbers, tensors and parts are assigned") {
  const auto assigned = [](const auto& assign) {
    agree(
        [&](const auto& x) {
          auto y = duet::tensor::mul(x[0], x[0]);
          assign(y, x[1]);
          return y;
        },
        {eighths<double>({300, 200}), eighths<double>({1, 200}, 1)});
  };
  assigned([](auto& y, const auto& v) { y(1) = v; });
  assigned([](auto& y, const auto& v) { y(range(none, none, 2)) = v; });
  assigned([](auto& y, const auto& v) { y(Indices{2, 0}) = v; });
  assigned([](auto& y, const auto& v) { y(0, 1) = v(0, 0); });
  assigned([](auto& y, const auto& v) { y(y > 1) = v(0, 1); });
  assigned([](auto& y, const auto&) { y(range(1, none)) = y(range(none, -1)); });
  assigned([](auto& y, const auto&) { y(0) = 3; });
  assigned([](auto& y, const auto&) { y(y > 1) = 0; });
  assigned([](auto& y, const auto&) { y(Indices{1, 1, 2}) = 5; });
}

TEST_CASE("an index that is not there, or is named twice, is an error, and everything stays as it was") {
  Tensor<double, Device> x{{1, 2, 3}, {4, 5, 6}};
  CHECK_THROWS_WITH_AS(x(2), doctest::Contains("index 2 is out of range for axis 0 of shape (2, 3)"), duet::ShapeError);
  CHECK_THROWS_AS(x(all(), Indices{0, 3}), duet::ShapeError);
  CHECK_THROWS_AS(gather(x, 1, Matrix{{3}}), duet::ShapeError);
  CHECK_THROWS_AS((x(Indices{1, 1}, 0) = Tensor<double, Device>{1, 2}), duet::Error);
  CHECK(x.vector() == std::vector<double>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("conditions are judged") {
  const Tensor<double, Device> x{{-1, 0, 2}, {3, -4, 5}};
  CHECK(duet::mask(x > 0) == duet::Mask{{false, false, true}, {true, false, true}});
  CHECK(any(x > 4));
  CHECK_FALSE(all(x < 5));
  CHECK(any(x < 0, 0) == duet::Mask{true, true, false});
  const Tensor<double, Device> y = duet::where(duet::Mask{true, false, true}, x, 7.0);
  CHECK(y.vector() == std::vector<double>{-1, 7, 2, 3, 7, 5});
}

TEST_CASE("new tensors are made where they are to be") {
  same(duet::full<double, Device>({2, 3}, 4), duet::full<double, Host>({2, 3}, 4));
  same(duet::zeros_like(duet::ones<float, Device>({5})), duet::zeros<float, Host>({5}));
  same(duet::ones_like(duet::zeros<float, Device>({5})), duet::ones<float, Host>({5}));
  same(duet::arange<double, Device>(100000), duet::arange<double, Host>(100000));
  same(duet::arange<float, Device>(1, -2, -0.5), duet::arange<float, Host>(1, -2, -0.5));
  same(duet::linspace<double, Device>(0, 1024, 1025), duet::linspace<double, Host>(0, 1024, 1025));
  same(duet::linspace<double, Device>(2, 3, 1), duet::linspace<double, Host>(2, 3, 1));
  same(duet::eye<double, Device>(300), duet::eye<double, Host>(300));
}
