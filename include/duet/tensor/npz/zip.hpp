// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <duet/op/error.hpp>

/// Archives of files that are stored as they are: the part of the ZIP format (APPNOTE.TXT 6.3.3, PKWARE) that NumPy
/// writes and reads.
namespace duet::tensor::zip {

/// The checksum of ZIP: CRC-32 with the polynomial 0xedb88320 (reflected), goes on from `crc`.
inline std::uint32_t checksum(std::string_view bytes, std::uint32_t crc = 0) {
  static constexpr auto table = [] {
    std::array<std::uint32_t, 256> rows{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t c = i;
      for (int k = 0; k < 8; ++k) c = (c & 1) != 0 ? 0xedb88320U ^ (c >> 1) : c >> 1;
      rows[i] = c;
    }
    return rows;
  }();
  crc = ~crc;
  for (char c : bytes) crc = table[(crc ^ static_cast<unsigned char>(c)) & 0xff] ^ (crc >> 8);
  return ~crc;
}

/// `size` bytes of a number, the lowest first.
inline void put(std::string& to, std::uint64_t number, int size) {
  for (int k = 0; k < size; ++k, number >>= 8) to += static_cast<char>(number & 0xff);
}
inline std::uint64_t get(std::string_view from, std::size_t at, int size) {
  if (at + static_cast<std::size_t>(size) > from.size() || at > from.size()) throw Error("it ends too early");
  std::uint64_t number = 0;
  for (int k = 0; k < size; ++k) {
    number |= std::uint64_t{static_cast<unsigned char>(from[at + static_cast<std::size_t>(k)])} << (8 * k);
  }
  return number;
}

inline constexpr std::uint64_t local_mark = 0x04034b50, central_mark = 0x02014b50, end_mark = 0x06054b50,
                               wide_end_mark = 0x06064b50, wide_place_mark = 0x07064b50, full = 0xffffffff;

/// Writes an archive, file by file. Throws Error if it can't be written, or gets larger than 4 GiB.
class Writer {
 public:
  explicit Writer(const std::string& path) : path_(path), file_(path, std::ios::binary) { check(); }

  /// Adds a file, whose contents are given in two parts.
  void add(const std::string& name, std::string_view head, std::string_view body) {
    const std::uint64_t size = head.size() + body.size();
    if (size >= full || at_ + size >= full) throw Error(path_ + ": an archive can't hold more than 4 GiB");
    std::string facts;          // what both headers tell
    put(facts, 20, 2);          // version 2.0 is needed to read this
    put(facts, 0x800, 2);       // names are UTF-8
    put(facts, 0, 2);           // stored
    put(facts, 0x00210000, 4);  // 1980-01-01, so that equal contents are equal files
    put(facts, checksum(body, checksum(head)), 4);
    put(facts, size, 4);
    put(facts, size, 4);
    put(facts, name.size(), 2);
    put(facts, 0, 2);  // no extra field

    put(directory_, central_mark, 4);
    put(directory_, 20, 2);
    directory_ += facts;
    put(directory_, 0, 10);  // no comment, disk 0, no attributes
    put(directory_, at_, 4);
    directory_ += name;
    ++count_;

    std::string local;
    put(local, local_mark, 4);
    write(local + facts + name);
    write(head);
    write(body);
  }

  /// Ends the archive. Without it there is none.
  void finish() {
    std::string end;
    put(end, end_mark, 4);
    put(end, 0, 4);
    put(end, count_, 2);
    put(end, count_, 2);
    put(end, directory_.size(), 4);
    put(end, at_, 4);
    put(end, 0, 2);
    if (count_ > 0xffff) throw Error(path_ + ": an archive can't hold more than 65535 arrays");
    write(directory_ + end);
    file_.close();
    check();
  }

 private:
  void write(std::string_view bytes) {
    file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    check();
    at_ += bytes.size();
  }
  void check() const {
    if (!file_) throw Error(path_ + ": can't be written");
  }

  std::string path_, directory_;
  std::ofstream file_;
  std::uint64_t at_ = 0, count_ = 0;
};

/// A file of an archive; `bytes` belongs to who gave the archive.
struct Entry {
  std::string name;
  std::string_view bytes;
};

/// The files in an archive. Throws Error where it is damaged or compressed.
inline std::vector<Entry> entries(std::string_view archive) {
  constexpr std::size_t end_size = 22;
  if (archive.size() < end_size) throw Error("it is no .npz file");
  std::size_t end = archive.size() - end_size;
  while (get(archive, end, 4) != end_mark) {  // a comment may follow
    if (end == 0) throw Error("it is no .npz file, or cut off");
    --end;
  }
  std::uint64_t count = get(archive, end + 10, 2), at = get(archive, end + 16, 4);
  if ((count == 0xffff || at == full) && end >= 20 && get(archive, end - 20, 4) == wide_place_mark) {
    const std::uint64_t wide = get(archive, end - 12, 8);
    if (wide >= archive.size() || get(archive, wide, 4) != wide_end_mark) throw Error("its directory is damaged");
    count = get(archive, wide + 32, 8);
    at = get(archive, wide + 48, 8);
  }

  std::vector<Entry> all;
  for (; count > 0; --count) {
    if (at >= archive.size() || get(archive, at, 4) != central_mark) throw Error("its directory is damaged");
    const std::uint64_t method = get(archive, at + 10, 2), crc = get(archive, at + 16, 4);
    std::uint64_t packed = get(archive, at + 20, 4), size = get(archive, at + 24, 4), local = get(archive, at + 42, 4);
    const std::size_t name_size = get(archive, at + 28, 2), extra_size = get(archive, at + 30, 2),
                      comment_size = get(archive, at + 32, 2);
    const std::size_t extra = at + 46 + name_size, next = extra + extra_size + comment_size;
    if (next > archive.size()) throw Error("its directory is damaged");
    Entry entry{std::string(archive.substr(at + 46, name_size)), {}};
    for (std::size_t field = extra; field + 4 <= extra + extra_size;) {  // sizes of 64 bits
      std::size_t value = field + 4;
      if (get(archive, field, 2) == 1) {
        for (std::uint64_t* number : {&size, &packed, &local}) {
          if (*number != full) continue;
          *number = get(archive, value, 8);
          value += 8;
        }
      }
      field += 4 + get(archive, field + 2, 2);
    }
    if (method != 0 || size != packed) {
      throw Error("'" + entry.name + "' in it is compressed; write it with numpy.savez, not savez_compressed");
    }
    if (local >= archive.size() || get(archive, local, 4) != local_mark) {
      throw Error("'" + entry.name + "' in it is damaged");
    }
    const std::uint64_t first = local + 30 + get(archive, local + 26, 2) + get(archive, local + 28, 2);
    if (first > archive.size() || size > archive.size() - first) throw Error("'" + entry.name + "' in it is cut off");
    entry.bytes = archive.substr(first, size);
    if (checksum(entry.bytes) != crc) throw Error("'" + entry.name + "' in it is damaged: its checksum is wrong");
    all.push_back(std::move(entry));
    at = next;
  }
  return all;
}

}  // namespace duet::tensor::zip
