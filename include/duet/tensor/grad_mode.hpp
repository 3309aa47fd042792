// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <utility>

/// Whether operations are recorded.
namespace duet {

namespace tensor {
/// Of the calling thread.
inline thread_local bool recording = true;
}  // namespace tensor

/// Whether operations of this thread are recorded.
inline bool is_grad_enabled() { return tensor::recording; }

/// While it lives, the thread's operations are recorded or not.
class GradMode {
 public:
  explicit GradMode(bool enabled) : before_(std::exchange(tensor::recording, enabled)) {}
  GradMode(const GradMode&) = delete;
  GradMode& operator=(const GradMode&) = delete;
  ~GradMode() { tensor::recording = before_; }

 private:
  bool before_;
};

/// While it lives, this thread's operations are not recorded.
struct NoGrad : GradMode {
  NoGrad() : GradMode(false) {}
};

/// While it lives, this thread's operations are recorded, also inside NoGrad.
struct EnableGrad : GradMode {
  EnableGrad() : GradMode(true) {}
};

/// `f` as a function whose operations are not recorded.
template <class F>
auto no_grad(F f) {
  return [f = std::move(f)](auto&&... x) -> decltype(auto) {
    const NoGrad guard;
    return f(std::forward<decltype(x)>(x)...);
  };
}

}  // namespace duet
