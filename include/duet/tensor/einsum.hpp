// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/matmul.hpp>
#include <duet/tensor/rearrange.hpp>
#include <duet/tensor/sum.hpp>

/// Products that are said by naming axes.
namespace duet {

namespace tensor {

/// "ij,jk->ik", taken apart: a letter for each axis.
struct EinsumLabels {
  std::string a, b, result;
};

inline Error einsum_error(const std::string& text, std::size_t position, const std::string& why) {
  return Error("einsum: \"" + text + "\", position " + std::to_string(position) + ": " + why);
}

inline bool contains(const std::string& labels, char label) { return labels.find(label) != std::string::npos; }

/// The labels of the result where the text does not say them (NumPy's rule): those that occur once, in the order of
/// the alphabet.
inline std::string einsum_result(const std::string& a, const std::string& b) {
  const std::string all = a + b;
  std::string result;
  for (char label : all) {
    if (std::count(all.begin(), all.end(), label) == 1) result += label;
  }
  std::sort(result.begin(), result.end());
  return result;
}

inline EinsumLabels parse_einsum(const std::string& text) {
  std::string parts[3];
  int part = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ') continue;
    if (c == ',') {
      if (part > 0) throw einsum_error(text, i, "there are two operands, and so one comma, before the arrow");
      part = 1;
    } else if (c == '-' && text.substr(i, 2) == "->") {
      if (part != 1) throw einsum_error(text, i, "an arrow comes once, after two operands: \"ij,jk->ik\"");
      part = 2;
      ++i;
    } else if (c == '.') {
      throw einsum_error(text, i, "an ellipsis is not supported; name all axes");
    } else if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) {
      throw einsum_error(text, i, std::string("'") + c + "' is not a letter, a comma or an arrow");
    } else {
      if (part == 2 && !contains(parts[0], c) && !contains(parts[1], c)) {
        throw einsum_error(text, i, std::string("'") + c + "' names no axis of the operands");
      }
      if (part == 2 && contains(parts[2], c)) {
        throw einsum_error(text, i, std::string("'") + c + "' occurs twice in the result");
      }
      parts[part] += c;
    }
  }
  if (part == 0) throw einsum_error(text, text.size(), "there are two operands, separated by a comma");
  return {parts[0], parts[1], part == 2 ? parts[2] : einsum_result(parts[0], parts[1])};
}

/// An operand whose axes have labels.
template <class T, class P>
struct Labelled {
  Tensor<T, P> x;
  std::string labels;

  std::size_t size(char label) const { return x.shape()[labels.find(label)]; }
  Shape sizes(const std::string& of) const {
    Shape shape;
    for (char label : of) shape.push_back(size(label));
    return shape;
  }
  /// The axes in the order of `order`, which may leave out none; several axes of one label become their diagonal.
  void arrange(const std::string& order, const std::source_location& where) {
    if (order == labels) return;
    const Places whole = Places::all(x.shape());
    Places places;
    places.covers = order.size() == labels.size();
    for (char label : order) {
      Places::Axis axis{size(label), 0};
      for (std::size_t k = 0; k < labels.size(); ++k) {
        if (labels[k] == label) axis.step += whole.axes[k].step;
      }
      places.axes.push_back(axis);
    }
    x = pick("Einsum", x, places, where);
    labels = order;
  }
};

/// Leaves one axis for each label, and of those none that occurs neither in the result nor in the other operand.
template <class T, class P>
void reduce_operand(Labelled<T, P>& x, const std::string& needed, const std::source_location& where) {
  std::string once;
  for (char label : x.labels) {
    if (!contains(once, label)) once += label;
  }
  x.arrange(once, where);
  Axes alone;
  std::string rest;
  for (std::size_t k = 0; k < once.size(); ++k) {
    if (contains(needed, once[k])) {
      rest += once[k];
    } else {
      alone.list.push_back(static_cast<std::ptrdiff_t>(k));
    }
  }
  if (alone.list.empty()) return;
  alone.all = false;
  x.x = sum(x.x, alone, false, where);
  x.labels = rest;
}

inline void check_labels(const std::string& text, const EinsumLabels& labels, const Shape& a, const Shape& b) {
  const Shape* const shapes[] = {&a, &b};
  const std::string* const of[] = {&labels.a, &labels.b};
  std::string seen;
  Shape sizes;
  for (int k = 0; k < 2; ++k) {
    if (shapes[k]->size() != of[k]->size()) {
      throw ShapeError("einsum: \"" + text + "\" names " + std::to_string(of[k]->size()) + " axes of operand " +
                       std::to_string(k) + ", which has shape " + to_string(*shapes[k]));
    }
    for (std::size_t axis = 0; axis < of[k]->size(); ++axis) {
      const char label = (*of[k])[axis];
      const std::size_t size = (*shapes[k])[axis], at = seen.find(label);
      if (at == std::string::npos) {
        seen += label;
        sizes.push_back(size);
      } else if (sizes[at] != size) {
        throw shape_error("einsum: \"" + text + "\"", a, b,
                          std::string("give '") + label + "' the sizes " + std::to_string(sizes[at]) + " and " +
                              std::to_string(size) + " (at axis " + std::to_string(axis) + " of operand " +
                              std::to_string(k) + ")");
      }
    }
  }
}

template <class T, class P>
Tensor<T, P> einsum_of(const std::string& text, const Tensor<T, P>& x, const Tensor<T, P>& y,
                       const std::source_location& where) {
  const EinsumLabels labels = parse_einsum(text);
  check_labels(text, labels, x.shape(), y.shape());
  Labelled<T, P> a{x, labels.a}, b{y, labels.b};
  reduce_operand(a, labels.b + labels.result, where);
  reduce_operand(b, labels.a + labels.result, where);

  std::string batch, left, right, inner;
  for (char label : labels.result) {
    const bool in_a = contains(a.labels, label), in_b = contains(b.labels, label);
    (in_a && in_b ? batch : in_a ? left : right) += label;
  }
  for (char label : a.labels) {
    if (!contains(labels.result, label)) inner += label;
  }
  const auto size = [](const Labelled<T, P>& of, const std::string& axes) { return size_of(of.sizes(axes)); };
  Shape many;
  if (!batch.empty()) many.push_back(size(a, batch));

  // an operand whose axes stand in one of the two orders that a matrix can have need not be copied
  const bool a_turned = a.labels == batch + inner + left && a.labels != batch + left + inner;
  const bool b_turned = b.labels == batch + right + inner && b.labels != batch + inner + right;
  a.arrange(a_turned ? a.labels : batch + left + inner, where);
  b.arrange(b_turned ? b.labels : batch + inner + right, where);
  const Matrices as{many, size(a, left), size(a, inner), a_turned}, bs{many, size(b, inner), size(b, right), b_turned};

  const bool turned = labels.result == batch + right + left && labels.result != batch + left + right;
  const Matrices cs{many, as.rows, bs.columns, turned};
  Labelled<T, P> c{{}, batch + (turned ? right + left : left + right)};
  Shape shape;
  for (char label : c.labels) shape.push_back((contains(a.labels, label) ? a : b).size(label));
  c.x = product("Einsum", a.x, as, b.x, bs, cs, shape, where);
  c.arrange(labels.result, where);
  return c.x;
}

}  // namespace tensor

/// Einstein's convention for two operands: `text` names their axes and those of the result, as in "ij,jk->ik"; what is
/// multiplied is summed over all axes that the result doesn't name. Without an arrow the result has the labels that
/// occur once, in alphabetical order. A label that occurs twice in an operand stands for the diagonal. Costs one
/// product of matrices, and a copy of an operand whose axes stand in no order that a matrix can have. Throws Error for
/// a text that isn't understood, ShapeError where it doesn't fit the shapes.
template <tensor::tensorial A, tensor::tensorial B>
auto einsum(const std::string& text, const A& a, const B& b,
            const std::source_location& where = std::source_location::current()) {
  using T = tensor::product_element<A, B>;
  using P = typename A::place_type;
  return tensor::einsum_of<T>(text, Tensor<T, P>(a), Tensor<T, P>(b), where);
}

}  // namespace duet
