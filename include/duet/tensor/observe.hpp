// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cmath>
#include <source_location>
#include <string>

#include <duet/tensor/tensor.hpp>

/// Watching operations while they are carried out: the profiler and the search for the first NaN do.
namespace duet {

/// An operation gave NaN or an infinity, and somebody asked to be told (DetectAnomaly).
struct AnomalyError : Error {
  using Error::Error;
};

namespace tensor {

enum class Phase { forward, backward };

/// Is told when operations of the calling thread begin and end. They may be nested: the rule of an operation is made of
/// others. `where` is the line of the program that asked for the operation, `line() == 0` if that is not known.
struct Observer {
  virtual ~Observer() = default;
  virtual void begin(const std::string& operation, Phase phase, const std::source_location& where) = 0;
  virtual void end() = 0;
};
inline thread_local Observer* observer = nullptr;
inline thread_local bool detects_anomalies = false;

template <class T, class P>
bool is_finite(const Tensor<T, P>& x) {
  return !x.defined() || Memory<P>::is_finite(x.data(), x.size());
}
template <class T, class P>
bool is_finite(const Tensors<T, P>& all) {
  return std::all_of(all.begin(), all.end(), [](const Tensor<T, P>& x) { return is_finite(x); });
}

/// "; the operation is in model.cpp:12", if the line is known.
inline std::string at_line(const std::source_location& where) {
  if (where.line() == 0) return {};
  return std::string("; the operation is in ") + where.file_name() + ":" + std::to_string(where.line());
}

/// Carries out `operate`, whose result is a tensor or several. `name()` is the operation's name, `where` the line of
/// the program that asked for it.
template <class Name, class F>
auto observed(const Name& name, Phase phase, const std::source_location& where, const F& operate) {
  if (!observer && !detects_anomalies) [[likely]]
    return operate();
  struct Watch {
    Observer* told;
    Watch(const std::string& operation, Phase p, const std::source_location& line) : told(observer) {
      if (told) told->begin(operation, p, line);
    }
    ~Watch() {
      if (told) told->end();
    }
  };
  const Watch watch(name(), phase, where);
  auto result = [&] {
    // what an operation is made of is not looked at, if its own line can be named
    struct Pause {
      bool before = detects_anomalies;
      ~Pause() { detects_anomalies = before; }
    } pause;
    detects_anomalies = pause.before && where.line() == 0;
    return operate();
  }();
  if (detects_anomalies && !is_finite(result)) {
    throw AnomalyError(std::string(phase == Phase::forward ? "the result of " : "the gradient of ") + name() +
                       " is the first that is not finite" + at_line(where));
  }
  return result;
}

}  // namespace tensor

/// While it lives, an operation of this thread whose result or gradient is the first NaN or infinity throws an
/// AnomalyError with its name and line.
class DetectAnomaly {
 public:
  DetectAnomaly() : before_(std::exchange(tensor::detects_anomalies, true)) {}
  DetectAnomaly(const DetectAnomaly&) = delete;
  DetectAnomaly& operator=(const DetectAnomaly&) = delete;
  ~DetectAnomaly() { tensor::detects_anomalies = before_; }

 private:
  bool before_;
};

}  // namespace duet
