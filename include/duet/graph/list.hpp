// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <vector>  // std::allocator and std::construct_at; <memory> would cost users ten times as much

namespace duet::graph {

/// A growing array of plain values. It exists because graphs are built in constant evaluation, where compilers count
/// every statement: `std::vector` takes about ten times as many for the same work, and clang gives up after a million
/// of them. Subscripts are calls, too, so long loops go by `data()`. (An array made by `new` would be shorter to write,
/// but g++ takes three times as long for each element.)
template <class T>
class List {
 public:
  constexpr List() = default;
  constexpr explicit List(std::size_t count, const T& value = T{}) { assign(count, value); }
  constexpr List(std::initializer_list<T> values) : List(values.begin(), values.end()) {}
  constexpr List(const T* first, const T* last) {
    reserve(static_cast<std::size_t>(last - first));
    for (; first != last; ++first) std::construct_at(items_ + size_++, *first);
  }
  constexpr List(const List& other) : List(other.begin(), other.end()) {}
  constexpr List(List&& other) noexcept { swap(other); }
  constexpr List& operator=(List other) noexcept {
    swap(other);
    return *this;
  }
  constexpr ~List() { release(); }

  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr T& operator[](std::integral auto i) { return items_[i]; }
  constexpr const T& operator[](std::integral auto i) const { return items_[i]; }
  constexpr T* begin() { return items_; }
  constexpr T* end() { return items_ + size_; }
  constexpr const T* begin() const { return items_; }
  constexpr const T* end() const { return items_ + size_; }
  constexpr T* data() { return items_; }
  constexpr const T* data() const { return items_; }

  constexpr void push_back(const T& value) {
    if (size_ < capacity_) {
      std::construct_at(items_ + size_++, value);
    } else {
      const T copy = value;  // it may lie in this very list
      reserve(size_ == 0 ? 16 : 2 * size_);
      std::construct_at(items_ + size_++, copy);
    }
  }
  constexpr void append(const List& other) {
    reserve(size_ + other.size_);
    for (std::size_t i = 0; i < other.size_; ++i) std::construct_at(items_ + size_++, other.items_[i]);
  }
  constexpr void reserve(std::size_t capacity) {
    if (capacity <= capacity_) return;
    T* const larger = std::allocator<T>().allocate(capacity);
    for (std::size_t i = 0; i < size_; ++i) std::construct_at(larger + i, items_[i]);
    release();
    items_ = larger;
    capacity_ = capacity;
  }
  constexpr void assign(std::size_t count, const T& value) {
    reserve(count);
    for (size_ = 0; size_ < count; ++size_) std::construct_at(items_ + size_, value);
  }
  constexpr void resize(std::size_t count) {
    reserve(count);
    if (count < size_) size_ = count;
    for (; size_ < count; ++size_) std::construct_at(items_ + size_);
  }

  constexpr bool operator==(const List& other) const {
    if (size_ != other.size_) return false;
    for (std::size_t i = 0; i < size_; ++i) {
      if (!(items_[i] == other.items_[i])) return false;
    }
    return true;
  }

 private:
  static_assert(std::is_trivially_destructible_v<T>);

  constexpr void release() {
    if (items_ != nullptr) std::allocator<T>().deallocate(items_, capacity_);
  }
  constexpr void swap(List& other) noexcept {
    T* const items = items_;
    items_ = other.items_;
    other.items_ = items;
    const std::size_t size = size_, capacity = capacity_;
    size_ = other.size_;
    capacity_ = other.capacity_;
    other.size_ = size;
    other.capacity_ = capacity;
  }

  T* items_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace duet::graph
