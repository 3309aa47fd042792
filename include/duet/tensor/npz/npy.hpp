// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include <duet/tensor/npz/zip.hpp>
#include <duet/tensor/tensor.hpp>

/// Arrays as bytes: NumPy's format (numpy.lib.format, NPY version 1.0; 2.0 and 3.0 are read, too).
namespace duet::tensor::npy {

/// What comes before the elements: a mark, and a literal of Python that tells type and shape.
template <class T>
std::string header(const Shape& shape) {
  const std::string order = std::endian::native == std::endian::little ? "<" : ">";
  std::string literal = "{'descr': '" + order + "f" + std::to_string(sizeof(T)) +
                        "', 'fortran_order': False, 'shape': " + to_string(shape) + ", }";
  constexpr std::size_t before = 10, alignment = 64;
  literal.append((alignment - (before + literal.size() + 1) % alignment) % alignment, ' ');
  literal += '\n';
  std::string all = "\x93NUMPY";
  all += {'\1', '\0'};
  zip::put(all, literal.size(), 2);
  return all + literal;
}

/// What a header says.
struct Header {
  char order, kind;  ///< '<' or '>'; 'f', 'i', 'u' or 'b'
  std::size_t width;
  bool fortran_order;
  Shape shape;
  std::size_t end;  ///< where the elements begin
};

/// The text that follows `key` in a literal, up to the end.
inline std::string_view after(std::string_view literal, std::string_view key) {
  const std::size_t at = literal.find(key);
  if (at == std::string_view::npos) throw Error("its header has no " + std::string(key));
  literal.remove_prefix(at + key.size());
  literal.remove_prefix(std::min(literal.find_first_not_of(": "), literal.size()));
  return literal;
}

inline Header parsed(std::string_view bytes) {
  if (bytes.substr(0, 6) != std::string_view("\x93NUMPY")) throw Error("it does not begin like an array of NumPy");
  const std::uint64_t version = zip::get(bytes, 6, 1);
  if (version < 1 || version > 3) throw Error("its format has version " + std::to_string(version));
  const int width = version == 1 ? 2 : 4;
  const std::uint64_t length = zip::get(bytes, 8, width);
  Header h{};
  h.end = 8 + static_cast<std::size_t>(width) + length;
  if (h.end > bytes.size()) throw Error("its header is cut off");
  const std::string_view literal = bytes.substr(8 + static_cast<std::size_t>(width), length);

  const std::string_view type = after(literal, "'descr'");
  if (type.size() < 5 || type[0] != '\'' || type[4] != '\'' || !std::strchr("<>|=", type[1]) ||
      !std::strchr("fiub", type[2]) || !std::strchr("1248", type[3]) || (type[2] == 'f' && type[3] < '4')) {
    throw Error("its elements, " + std::string(type.substr(0, type.find_first_of(",}"))) +
                ", are no integers, truth values or floating-point numbers of 4 or 8 bytes");
  }
  h.order = type[1];
  h.kind = type[2];
  h.width = static_cast<std::size_t>(type[3] - '0');
  h.fortran_order = after(literal, "'fortran_order'").starts_with("True");
  std::string_view sizes = after(literal, "'shape'");
  const std::size_t close = sizes.find(')');
  if (!sizes.starts_with('(') || close == std::string_view::npos) throw Error("its header has no shape");
  const std::size_t available = (bytes.size() - h.end) / h.width;
  constexpr std::size_t largest = std::numeric_limits<std::size_t>::max();
  for (sizes = sizes.substr(1, close - 1); !sizes.empty();) {
    std::size_t size = 0, digits = 0;
    for (; digits < sizes.size() && sizes[digits] >= '0' && sizes[digits] <= '9'; ++digits) {
      if (size > largest / 16) throw Error("its shape is too large");
      size = 10 * size + static_cast<std::size_t>(sizes[digits] - '0');
    }
    if (digits > 0) h.shape.push_back(size);
    sizes.remove_prefix(digits);
    sizes.remove_prefix(std::min(sizes.find_first_not_of(", L"), sizes.size()));
    if (!sizes.empty() && (sizes[0] < '0' || sizes[0] > '9')) throw Error("its header has no shape");
  }
  std::size_t count = 1;
  for (std::size_t size : h.shape) {
    if (size > 0 && count > largest / size) throw Error("its shape is too large");
    count *= size;
  }
  if (count != available || (bytes.size() - h.end) % h.width != 0) {
    throw Error("its shape " + to_string(h.shape) + " does not fit the number of its elements");
  }
  return h;
}

/// A number of type `From` at some bytes.
template <class T, class From>
T read(const char* from, bool swapped) {
  char own[sizeof(From)];
  std::memcpy(own, from, sizeof own);
  if (swapped) std::reverse(own, own + sizeof own);
  From number;
  std::memcpy(&number, own, sizeof own);
  return static_cast<T>(number);
}

/// How numbers of a type are read.
template <class T>
T (*reader(const Header& h))
(const char*, bool) {
  switch (h.kind) {
    case 'f':
      return h.width == 4 ? &read<T, float> : &read<T, double>;
    case 'i':
      return h.width == 1   ? &read<T, std::int8_t>
             : h.width == 2 ? &read<T, std::int16_t>
             : h.width == 4 ? &read<T, std::int32_t>
                            : &read<T, std::int64_t>;
    default:
      return h.width == 1   ? &read<T, std::uint8_t>
             : h.width == 2 ? &read<T, std::uint16_t>
             : h.width == 4 ? &read<T, std::uint32_t>
                            : &read<T, std::uint64_t>;
  }
}

/// The array in the bytes of a `.npy` file. Elements are converted to `T`. Throws Error where it can't be read.
template <class T>
Tensor<T, Host> array(std::string_view bytes) {
  const Header h = parsed(bytes);
  const bool swapped = h.order == (std::endian::native == std::endian::little ? '>' : '<');
  const auto number = reader<T>(h);
  const char* const from = bytes.data() + h.end;
  auto x = Tensor<T, Host>::uninitialized(h.shape);
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::size_t place = i;
    if (h.fortran_order) {  // the first axis is the fastest
      std::size_t rest = i, outer = x.size();
      place = 0;
      for (std::size_t axis = h.shape.size(); axis-- > 0;) {
        outer /= h.shape[axis];
        place += rest % h.shape[axis] * outer;
        rest /= h.shape[axis];
      }
    }
    x.data()[i] = number(from + place * h.width, swapped);
  }
  return x;
}

}  // namespace duet::tensor::npy
