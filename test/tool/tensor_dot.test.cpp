// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Pictures of tensors' graphs.
#include <doctest/doctest.h>

#include <duet/tensor/create.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/sum.hpp>
#include <duet/tool/tensor_dot.hpp>

using duet::Tensor;
using T = Tensor<double>;

TEST_CASE("a picture has a node for each operation, boxes for leaves and the result, and shapes") {
  T x = T{2, 3}.requires_grad(), w = T{1, 1}.requires_grad();
  const T a = x + w, b = w + 1, y = sum(T(a * b));
  CHECK(duet::to_dot(y, {{"x", x}, {"w", w}, {"a", a}}) ==
        "digraph {\n  rankdir=LR;\n  ordering=in;\n  node [shape=ellipse, fontname=\"sans-serif\"];\n"
        "  n0 [label=\"w (2,)\", shape=box, style=filled, fillcolor=lightblue];\n"
        "  n1 [label=\"x (2,)\", shape=box, style=filled, fillcolor=lightblue];\n"
        "  n2 [label=\"a = Add (2,)\"];\n"
        "  n1 -> n2;\n"
        "  n0 -> n2;\n"
        "  n3 [label=\"Add (2,)\"];\n"
        "  n0 -> n3;\n"
        "  n4 [label=\"Mul (2,)\"];\n"
        "  n2 -> n4;\n"
        "  n3 -> n4;\n"
        "  n5 [label=\"Sum ()\"];\n"
        "  n4 -> n5;\n"
        "  y [label=\"result ()\", shape=box, style=filled, fillcolor=lightgreen];\n"
        "  n5 -> y;\n"
        "}\n");
}

TEST_CASE("a constant has a picture, and so has a leaf and a graph as deep as it likes") {
  CHECK(duet::to_dot(T{1, 2}).find("->") == std::string::npos);
  T x = T(1.0).requires_grad();
  CHECK(duet::to_dot(x).find("n0 -> y") != std::string::npos);
  T y = x;
  for (int k = 0; k < 100'000; ++k) y = duet::tensor::neg(y);
  CHECK(duet::to_dot(y).find("n100000 -> y") != std::string::npos);
}

TEST_CASE("sums over axes are drawn with the shape of their result") {
  T x = duet::ones({2, 3}).requires_grad();
  CHECK(duet::to_dot(sum(x, 1)).find("Sum (2,)") != std::string::npos);
  CHECK(duet::to_dot(sum(x, 1, true)).find("Sum (2, 1)") != std::string::npos);
}
