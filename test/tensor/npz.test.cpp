// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Files of parameters: byte by byte as the formats say, read by Python's zipfile, and what damaged ones lead to.
#include <doctest/doctest.h>
#include <boost/hana/adapt_struct.hpp>

#include <cstdlib>
#include <filesystem>

#include <duet/tensor/create.hpp>
#include <duet/tensor/npz.hpp>

using duet::Tensor;

namespace {

struct Layer {
  Tensor<double> weight, bias;
};

/// A file that goes when its test ends.
struct Temporary {
  std::string path;
  explicit Temporary(const std::string& name)
      : path((std::filesystem::temp_directory_path() / ("duet_" + std::to_string(std::random_device{}()) + name))
                 .string()) {}
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() { std::filesystem::remove(path); }

  std::string bytes() const {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  void write(const std::string& bytes) const { std::ofstream(path, std::ios::binary) << bytes; }
};

/// The message of the error that reading these bytes leads to.
std::string error_of(const std::string& bytes) {
  const Temporary file(".npz");
  file.write(bytes);
  try {
    duet::load_npz(file.path);
  } catch (const duet::Error& e) {
    return e.what();
  }
  return "none";
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A .npy file with some header and some bytes of elements, in an archive.
std::string archive_of(std::string literal, const std::string& elements, char version = 1) {
  literal += '\n';
  std::string head = "\x93NUMPY";
  head += {version, '\0'};
  duet::tensor::zip::put(head, literal.size(), version == 1 ? 2 : 4);
  const Temporary file(".npz");
  duet::tensor::zip::Writer writer(file.path);
  writer.add("x.npy", head + literal, elements);
  writer.finish();
  return file.bytes();
}
Tensor<double> read(const std::string& archive) {
  const Temporary file(".npz");
  file.write(archive);
  return duet::load_npz(file.path).at(0).second;
}
template <class U>
std::string bytes_of(std::initializer_list<U> numbers) {
  return {reinterpret_cast<const char*>(numbers.begin()), numbers.size() * sizeof(U)};
}

}  // namespace

BOOST_HANA_ADAPT_STRUCT(Layer, weight, bias);

TEST_CASE("the checksum is that of the ZIP format") {
  CHECK(duet::tensor::zip::checksum("123456789") == 0xcbf43926);
  CHECK(duet::tensor::zip::checksum("") == 0);
  CHECK(duet::tensor::zip::checksum("6789", duet::tensor::zip::checksum("12345")) == 0xcbf43926);
}

TEST_CASE("the header of an array is that of NumPy") {
  // numpy.lib.format: mark, version, length, literal; the whole is a multiple of 64 bytes and ends with a newline
  const std::string header = duet::tensor::npy::header<double>({3, 4});
  CHECK(header.size() == 128);
  CHECK(header.substr(0, 10) == std::string("\x93NUMPY\x01\x00\x76\x00", 10));
  CHECK(header.substr(10, 59) == "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }");
  CHECK(header.back() == '\n');
  CHECK(contains(duet::tensor::npy::header<float>({5}), "'<f4', 'fortran_order': False, 'shape': (5,), }"));
  CHECK(contains(duet::tensor::npy::header<float>({}), "'shape': (), }"));
}

TEST_CASE("what is saved is loaded again, bit by bit") {
  const Temporary file(".npz");
  duet::Generator generator(1);
  const std::vector<Layer> saved{{duet::randn({3, 4}, generator), duet::randn({3}, generator)},
                                 {duet::randn({2, 1, 5}, generator), Tensor<double>(2.5)}};
  std::vector<Layer> loaded{{duet::zeros({3, 4}), duet::zeros({3})}, {duet::zeros({2, 1, 5}), Tensor<double>(0.0)}};
  saved[0].bias.state()->storage->elements[1] = std::numeric_limits<double>::quiet_NaN();
  duet::save_npz(file.path, saved);
  const double* const before = loaded[1].weight.data();
  duet::load_npz(file.path, loaded);
  CHECK(loaded[1].weight.data() == before);
  const auto from = duet::parameters(saved), to = duet::parameters(loaded);
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK(std::memcmp(from[k].data(), to[k].data(), from[k].size() * sizeof(double)) == 0);
  }
  const std::string once = file.bytes();
  duet::save_npz(file.path, saved);
  CHECK(file.bytes() == once);
}

TEST_CASE("Python's zipfile and struct read the numbers") {
  if (std::system("python3 -c '' 2>/dev/null") != 0) return;
  const Temporary file(".npz"), script(".py");
  const Layer layer{{{1, 2, 3}, {4, 5, 6.5}}, {-1, 1e-300}};
  duet::save_npz(file.path, layer);
  script.write(R"(
import struct, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    assert archive.namelist() == ["weight.npy", "bias.npy"]
    assert all(i.compress_type == zipfile.ZIP_STORED for i in archive.infolist())
    for name, shape, numbers in [("weight", (2, 3), (1, 2, 3, 4, 5, 6.5)), ("bias", (2,), (-1, 1e-300))]:
        data = archive.read(name + ".npy")
        assert data[:8] == b"\x93NUMPY\x01\x00"
        (length,) = struct.unpack("<H", data[8:10])
        assert (10 + length) % 64 == 0
        header = eval(data[10:10 + length])
        assert header == {"descr": "<f8", "fortran_order": False, "shape": shape}
        assert struct.unpack(f"<{len(numbers)}d", data[10 + length:]) == numbers
)");
  CHECK(std::system(("python3 " + script.path + " " + file.path).c_str()) == 0);
}

TEST_CASE("archives that Python's zipfile wrote are read, with sizes of 64 bits in their headers as NumPy has them") {
  if (std::system("python3 -c '' 2>/dev/null") != 0) return;
  const Temporary file(".npz"), script(".py");
  script.write(R"(
import struct, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", allowZip64=True) as archive:
    archive.comment = b"a comment"
    for name, numbers in [("weight", [1, 2, 3]), ("bias", [4])]:
        literal = str({"descr": "<f8", "fortran_order": False, "shape": (len(numbers),)}).encode() + b"\n"
        with archive.open(name + ".npy", "w", force_zip64=True) as entry:
            entry.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(literal)) + literal)
            entry.write(struct.pack(f"<{len(numbers)}d", *numbers))
)");
  REQUIRE(std::system(("python3 " + script.path + " " + file.path).c_str()) == 0);
  const Layer layer{duet::zeros({3}), duet::zeros({1})};
  duet::load_npz(file.path, layer);
  CHECK(layer.weight.array() == xt::xarray<double>{1, 2, 3});
  CHECK(layer.bias.item() == 4);
}

TEST_CASE("elements of other types, byte orders and layouts are converted") {
  CHECK(read(archive_of("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", bytes_of<float>({1.5F, -2})))
            .array() == xt::xarray<double>{1.5, -2});
  CHECK(
      read(archive_of("{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }", bytes_of<std::int64_t>({7, -9}), 2))
          .array() == xt::xarray<double>{7, -9});
  CHECK(read(archive_of("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", bytes_of<std::uint8_t>({0, 255})))
            .array() == xt::xarray<double>{0, 255});
  CHECK(read(archive_of("{'descr': '>i2', 'fortran_order': False, 'shape': (1,), }", std::string("\x01\x02", 2)))
            .item() == 258);
  const Tensor<double> columns = read(
      archive_of("{'shape': (2, 3), 'fortran_order': True, 'descr': '<f8'}", bytes_of<double>({1, 4, 2, 5, 3, 6})));
  CHECK(columns.array() == xt::xarray<double>{{1, 2, 3}, {4, 5, 6}});
  CHECK(read(archive_of("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 0), }", "")).shape() ==
        duet::Shape{3, 0});
}

TEST_CASE("damaged files are errors that say what is wrong") {
  const std::string good =
      archive_of("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", bytes_of<double>({1, 2}));
  CHECK(error_of(good) == "none");
  CHECK(contains(error_of(""), "no .npz file"));
  CHECK(contains(error_of(std::string(100, 'x')), "no .npz file"));
  for (std::size_t size = 0; size < good.size(); size += 7) CHECK(error_of(good.substr(0, size)) != "none");
  std::string flipped = good;
  char& element = flipped[flipped.find("}\n") + 9];
  element = static_cast<char>(element ^ 1);
  CHECK(contains(error_of(flipped), "checksum"));
  for (std::size_t at = 0; at < good.size(); ++at) {  // no byte leads to anything but a result or an Error
    for (const char other : {'\0', '\xff', 'a'}) {
      std::string changed = good;
      changed[at] = other;
      error_of(changed);
    }
  }
}

TEST_CASE("arrays that don't fit their headers are errors") {
  const auto error = [](const char* literal, const char* part) {
    const std::string message = error_of(archive_of(literal, bytes_of<double>({1, 2})));
    CHECK_MESSAGE(contains(message, part), message);
    CHECK(contains(message, "x.npy"));
  };
  error("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }", "does not fit");
  error("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", "does not fit");
  error("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999999,), }", "too large");
  error("{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }", "are no integers");
  error("{'descr': '<f2', 'fortran_order': False, 'shape': (8,), }", "are no integers");
  error("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", "are no integers");
  error("{'descr': '<f8', 'fortran_order': False, 'shape': x}", "no shape");
  error("{'descr': '<f8', 'shape': (2,)}", "'fortran_order'");
  CHECK(contains(error_of(archive_of("{'descr': '<f8'}", "", 9)), "version 9"));
}

TEST_CASE("compressed archives are refused") {
  if (std::system("python3 -c 'import zlib' 2>/dev/null") != 0) return;
  const Temporary file(".npz"), script(".py");
  script.write(
      "import sys, zipfile\n"
      "with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as f: f.writestr('x.npy', b'a' * 1000)\n");
  REQUIRE(std::system(("python3 " + script.path + " " + file.path).c_str()) == 0);
  CHECK(contains(error_of(file.bytes()), "numpy.savez"));
}

TEST_CASE("a file that doesn't fit the model changes nothing") {
  const Temporary file(".npz");
  duet::save_npz(file.path, Layer{{1, 2, 3}, {4}});
  const auto check = [&](const auto& model, const char* part) {
    try {
      duet::load_npz(file.path, model);
      FAIL("no error");
    } catch (const duet::Error& e) {
      CHECK_MESSAGE(contains(e.what(), part), e.what());
    }
  };
  const Layer other{{0, 0, 0}, {0, 0}};
  check(other, "(1,) and (2,)");
  CHECK(other.weight.array() == xt::xarray<double>{0, 0, 0});
  check(std::array{other}, "there is no '[0].weight'");
  check(Layer{{0, 0, 0}, {}}, "the model has no 'bias'");
  CHECK_THROWS_AS(duet::load_npz("/nowhere/x.npz"), duet::Error);
  CHECK_THROWS_AS(duet::save_npz("/nowhere/x.npz", other), duet::Error);
}
