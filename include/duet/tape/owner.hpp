// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <utility>

namespace duet::tape {

/// What `std::shared_ptr` is, within one thread, as tapes are, and without the header of it, which would cost every
/// user of Duet a quarter of what the standard headers cost that a program has anyway.
template <class T>
class Owner {
 public:
  constexpr Owner() = default;
  explicit Owner(T* owned) : owned_(owned) {
    try {
      owners_ = new std::size_t(1);
    } catch (...) {
      delete owned;
      throw;
    }
  }
  Owner(const Owner& other) : owned_(other.owned_), owners_(other.owners_) {
    if (owners_) ++*owners_;
  }
  Owner(Owner&& other) noexcept
      : owned_(std::exchange(other.owned_, nullptr)), owners_(std::exchange(other.owners_, nullptr)) {}
  Owner& operator=(Owner other) noexcept {
    std::swap(owned_, other.owned_);
    std::swap(owners_, other.owners_);
    return *this;
  }
  constexpr ~Owner() {
    if (!owners_ || --*owners_ > 0) return;
    delete owned_;
    delete owners_;
  }

  explicit operator bool() const { return owned_ != nullptr; }
  T& operator*() const { return *owned_; }
  T* operator->() const { return owned_; }

 private:
  T* owned_ = nullptr;
  std::size_t* owners_ = nullptr;
};

}  // namespace duet::tape
