// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Models as structures: which tensors they have, in which order and by which names.
#include <doctest/doctest.h>
#include <boost/hana/adapt_struct.hpp>
#include <boost/hana/define_struct.hpp>

#include <duet/tensor/create.hpp>
#include <duet/tensor/nn/parameter.hpp>
#include <duet/tensor/parameters.hpp>

using duet::Tensor;

namespace {

struct Layer {
  Tensor<double> weight, bias;
};
struct Plain {
  Layer first;
  int steps = 3;
  Tensor<double> scale;
  std::string title;
};
struct Described {
  BOOST_HANA_DEFINE_STRUCT(Described, (Layer, layer1), (std::vector<Layer>, more), (Tensor<double>, scale),
                           (double, rate));
};

template <class T>
struct Scaled {
  std::vector<duet::nn::Parameter<T>> layers;
  int steps;
  duet::nn::Parameter<T> missing;
};

Tensor<double> of(double value) { return Tensor<double>{value}; }

std::string names_of(const auto& model) {
  std::string all;
  for (const auto& [name, x] : duet::named_parameters(model)) all += name + " ";
  return all;
}

}  // namespace

BOOST_HANA_ADAPT_STRUCT(Layer, weight, bias);

TEST_CASE("a tensor is a leaf of structures") {
  static_assert(!duet::tree::is_container<Tensor<double>>);
  static_assert(duet::tree::leaves<Layer> == 2);
  static_assert(duet::model<Plain> && duet::model<std::vector<Layer>> && !duet::model<std::array<double, 3>>);
  static_assert(std::is_same_v<duet::element_of<Described>, double>);
}

TEST_CASE("parameters are handles in the order of members; what is no tensor is passed over") {
  const Plain model{{of(1), of(2)}, 3, of(4), "net"};
  const auto all = duet::parameters(model);
  REQUIRE(all.size() == 3);
  for (std::size_t k = 0; k < 3; ++k) CHECK(all[k].item() == std::array{1, 2, 4}[k]);
  duet::parameters(model)[2].data()[0] = 7;
  CHECK(model.scale.item() == 7);
}

TEST_CASE("names are paths: members by name where Hana knows it, else by position") {
  const Described model{{of(1), of(2)}, {{of(3), of(4)}, {of(5), {}}}, of(6), 0.1};
  CHECK(names_of(model) == "layer1.weight layer1.bias more[0].weight more[0].bias more[1].weight scale ");
  CHECK(duet::parameters(model).size() == 6);
  CHECK(names_of(Plain{{of(1), of(2)}, 3, of(4), ""}) == "[0].weight [0].bias [2] ");
  CHECK(names_of(std::array{Layer{of(1), of(2)}, Layer{of(3), of(4)}}) == "[0].weight [0].bias [1].weight [1].bias ");
}

TEST_CASE("a model is copied with other numbers: its structure, what is no tensor, and what requires a gradient stay") {
  const Scaled<double> model{{of(1), of(2).requires_grad()}, 3, {}};
  const auto other = duet::to<float>(model);
  static_assert(std::is_same_v<duet::element_of<decltype(other)>, float>);
  CHECK(names_of(other) == names_of(model));
  CHECK(other.layers[1].item() == 2.0F);
  CHECK(!other.layers[0].needs_grad());
  CHECK(other.layers[1].is_leaf());
  CHECK(other.layers[1].needs_grad());
  CHECK(!other.missing.defined());
  CHECK(other.steps == 3);

  Tensor<double> copy = duet::to<double>(model.layers[1]);
  copy.detach().data()[0] = 7;
  CHECK(model.layers[1].item() == 2);
}

TEST_CASE("a tensor alone is a model without a path") {
  CHECK(names_of(of(1)) == " ");
  CHECK(duet::parameters(of(1)).size() == 1);
}
