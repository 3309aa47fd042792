// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/npz/npy.hpp>
#include <duet/tensor/parameters.hpp>

/// Parameters in files that NumPy reads and writes: `numpy.load(path)["layer1.weight"]`.
namespace duet {

/// Writes tensors into a `.npz` file, uncompressed, each under its name. Throws Error if that is not possible.
template <class T, class P>
void save_npz(const std::string& path, const NamedTensors<T, P>& tensors) {
  tensor::zip::Writer archive(path);
  for (const auto& [name, x] : tensors) {
    const std::vector<T> elements = x.vector();
    const auto* const bytes = reinterpret_cast<const char*>(elements.data());
    archive.add(name + ".npy", tensor::npy::header<T>(x.shape()), {bytes, elements.size() * sizeof(T)});
  }
  archive.finish();
}
/// Writes the tensors of a model under their paths (`named_parameters`).
template <model M>
void save_npz(const std::string& path, const M& x) {
  save_npz(path, named_parameters(x));
}

/// All arrays in the bytes of a `.npz` file that is not compressed, in the main memory, with elements converted to `T`;
/// `path` is what messages call the file. Throws Error where it can't be read.
template <class T = double>
NamedTensors<T, Host> parse_npz(const std::string& path, std::string_view bytes) {
  NamedTensors<T, Host> all;
  std::string name = path;
  try {
    for (const tensor::zip::Entry& entry : tensor::zip::entries(bytes)) {
      name = path + ", " + entry.name;
      const bool has_ending = entry.name.ends_with(".npy");
      all.emplace_back(entry.name.substr(0, entry.name.size() - (has_ending ? 4 : 0)),
                       tensor::npy::array<T>(entry.bytes));
      name = path;
    }
  } catch (const Error& e) {
    throw Error(name + ": " + e.what());
  }
  return all;
}

/// All arrays of a `.npz` file, see `parse_npz`. Throws Error where it can't be read.
template <class T = double>
NamedTensors<T, Host> load_npz(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(path + ": can't be opened");
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return parse_npz<T>(path, bytes);
}

/// Gives the tensors of a model the values that a file has under their paths; they keep their memory. Throws Error,
/// and changes nothing, unless the file has exactly these tensors with these shapes.
template <model M>
void load_npz(const std::string& path, const M& x) {
  using T = element_of<M>;
  const NamedTensors<T, Host> from = load_npz<T>(path);
  const auto to = named_parameters(x);
  std::vector<const Tensor<T, Host>*> found;
  for (const auto& [name, parameter] : to) {
    const auto same = std::find_if(from.begin(), from.end(), [&n = name](const auto& one) { return one.first == n; });
    if (same == from.end()) throw Error(path + ": there is no '" + name + "' in it");
    if (same->second.shape() != parameter.shape()) {
      throw tensor::shape_error(path + ", " + name, same->second.shape(), parameter.shape(),
                                "of the file and of the model are different");
    }
    found.push_back(&same->second);
  }
  for (const auto& one : from) {
    const bool known = std::any_of(to.begin(), to.end(), [&](const auto& other) { return other.first == one.first; });
    if (!known) throw Error(path + ": the model has no '" + one.first + "'");
  }
  for (std::size_t k = 0; k < to.size(); ++k) {
    tensor_of<M> parameter = to[k].second;
    tensor::Memory<typename tensor_of<M>::place_type>::write(found[k]->data(), parameter.size(), parameter.data());
    parameter.changed();
  }
}

}  // namespace duet
