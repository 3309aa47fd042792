// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Sums of products by the names of axes, against a loop over all indices.
#include <map>

#include <duet/tensor/einsum.hpp>

#include "check.hpp"

using check::check_gradients;
using check::sample;
using duet::Shape;
using duet::Tensor;

namespace {

/// By definition: for all values of all labels, the product of two elements is added to one of the result.
std::vector<double> naive(const std::string& a, const Tensor<double>& x, const std::string& b, const Tensor<double>& y,
                          const std::string& result) {
  std::map<char, std::size_t> sizes, at;
  for (std::size_t k = 0; k < a.size(); ++k) sizes[a[k]] = x.shape()[k];
  for (std::size_t k = 0; k < b.size(); ++k) sizes[b[k]] = y.shape()[k];
  std::size_t size = 1, total = 1;
  for (char label : result) size *= sizes[label];
  for (const auto& [label, n] : sizes) total *= n;
  const std::vector<double> of_x = x.vector(), of_y = y.vector();
  std::vector<double> sum(size, 0.0);
  for (std::size_t i = 0; i < total; ++i) {
    std::size_t rest = i;
    for (const auto& [label, n] : sizes) {
      at[label] = rest % n;
      rest /= n;
    }
    const auto place = [&](const std::string& labels) {
      std::size_t flat = 0;
      for (char label : labels) flat = flat * sizes[label] + at[label];
      return flat;
    };
    sum[place(result)] += of_x[place(a)] * of_y[place(b)];
  }
  return sum;
}

struct Case {
  std::string a, b, result;
};

}  // namespace

TEST_CASE("sums of products are those of the definition, and so are their derivatives") {
  const std::map<char, std::size_t> sizes{{'b', 2}, {'c', 3}, {'i', 2}, {'j', 3}, {'k', 4}, {'l', 2}};
  const Case cases[] = {{"ij", "jk", "ik"},    {"ij", "jk", "ki"},    {"ij", "kj", "ik"},   {"ji", "jk", "ik"},
                        {"ji", "kj", "ki"},    {"i", "i", ""},        {"i", "j", "ij"},     {"i", "j", "ji"},
                        {"ij", "ij", "ij"},    {"ij", "ij", ""},      {"ij", "ij", "i"},    {"bij", "bjk", "bik"},
                        {"ibj", "kjb", "kbi"}, {"bij", "jk", "bik"},  {"bij", "bik", "jk"}, {"ijk", "jkl", "il"},
                        {"ikj", "jkl", "li"},  {"ii", "ij", "j"},     {"ij", "k", "i"},     {"iji", "j", "ij"},
                        {"bi", "bj", "bij"},   {"bci", "cbj", "jci"}, {"", "ij", "ji"},     {"ij", "", "j"}};
  for (const Case& c : cases) {
    const auto shape = [&](const std::string& labels) {
      Shape result;
      for (char label : labels) result.push_back(sizes.at(label));
      return result;
    };
    const std::string text = c.a + "," + c.b + "->" + c.result;
    INFO(text);
    const Tensor<double> x = sample(shape(c.a)), y = sample(shape(c.b), -1, 1, 1);
    const Tensor<double> z = einsum(text, x, y);
    CHECK(duet::to_string(z.shape()) == duet::to_string(shape(c.result)));
    const std::vector<double> found = z.vector(), expected = naive(c.a, x, c.b, y, c.result);
    REQUIRE(expected.size() == found.size());
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == doctest::Approx(expected[i]).epsilon(1e-13));
    check_gradients([&](const auto& a, const auto& b) { return einsum(text, a, b); }, {x, y});
  }
}

TEST_CASE("labels that occur once are the result's where it isn't named, in alphabetical order") {
  const Tensor<double> x = sample({2, 3}), y = sample({3, 4}, -1, 1, 1);
  CHECK(einsum("kj, ji", x, y).array() == einsum("kj,ji->ik", x, y).array());
  CHECK(einsum("ij,ij", x, x).array() == einsum("ij,ij->", x, x).array());
}

TEST_CASE("operands in the order of a matrix, or of its transpose, are not copied") {
  const Tensor<double> x = sample({3, 5}), y = sample({3, 4});
  const std::size_t before = duet::tensor_memory().allocations;
  const Tensor<double> z = einsum("ji,jk->ki", x, y);
  CHECK(duet::tensor_memory().allocations == before + 1);
}

TEST_CASE("texts that aren't understood are refused with the place, and sizes that don't fit with the shapes") {
  const Tensor<double> x = sample({2, 3}), y = sample({3, 4});
  CHECK_THROWS_WITH_AS(einsum("ij,jk->iq", x, y),
                       "einsum: \"ij,jk->iq\", position 8: 'q' names no axis of the operands", duet::Error);
  CHECK_THROWS_WITH_AS(einsum("ij,jk->ii", x, y), "einsum: \"ij,jk->ii\", position 8: 'i' occurs twice in the result",
                       duet::Error);
  CHECK_THROWS_WITH_AS(einsum("ij->ij", x, y),
                       "einsum: \"ij->ij\", position 2: an arrow comes once, after two operands: \"ij,jk->ik\"",
                       duet::Error);
  CHECK_THROWS_WITH_AS(einsum("...j,jk", x, y),
                       "einsum: \"...j,jk\", position 0: an ellipsis is not supported; name all axes", duet::Error);
  CHECK_THROWS_AS(einsum("ij", x, y), duet::Error);
  CHECK_THROWS_AS(einsum("ij,jk,kl", x, y), duet::Error);
  CHECK_THROWS_AS(einsum("ij,j1", x, y), duet::Error);
  CHECK_THROWS_WITH_AS(einsum("ij,jkl", x, y), "einsum: \"ij,jkl\" names 3 axes of operand 1, which has shape (3, 4)",
                       duet::ShapeError);
  CHECK_THROWS_WITH_AS(
      einsum("ij,ik", x, y),
      "einsum: \"ij,ik\": shapes (2, 3) and (3, 4) give 'i' the sizes 2 and 3 (at axis 0 of operand 1)",
      duet::ShapeError);
}
