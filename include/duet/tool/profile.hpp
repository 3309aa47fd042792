// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include <duet/tensor/observe.hpp>
#include <duet/tool/columns.hpp>

/// Where the time of operations on tensors goes.
namespace duet {

/// An operation that was carried out. Times are nanoseconds since the profile began.
struct ProfileEvent {
  std::string name;
  tensor::Phase phase;
  std::source_location where;  ///< the line that asked for it; `line() == 0` if that is not known
  std::int64_t begin, end = 0;
  std::int64_t inside = 0;        ///< the time of the operations that it was made of
  bool is_inside_itself = false;  ///< whether it was part of another operation of the same name
};

/// A line of the table.
struct ProfileRow {
  std::string name;
  tensor::Phase phase;
  std::size_t calls = 0;
  std::int64_t self = 0, total = 0;  ///< nanoseconds, without and with the operations that it was made of
  double average() const { return static_cast<double>(total) / static_cast<double>(calls); }
};

enum class ProfileOrder { self, total, average, calls, name };
/// What is counted together: the calls of an operation, or those that a line of the program asked for.
enum class ProfileGroup { operation, line };

/// The operations of a thread while it was watched (Profiler).
class Profile {
 public:
  const std::vector<ProfileEvent>& events() const { return events_; }

  /// The events of equal name and phase together, the largest first (names: in alphabetical order).
  std::vector<ProfileRow> rows(ProfileOrder order = ProfileOrder::self,
                               ProfileGroup group = ProfileGroup::operation) const {
    std::map<std::pair<std::string, tensor::Phase>, ProfileRow> sums;
    for (const ProfileEvent& event : events_) {
      const std::string name = group == ProfileGroup::operation ? event.name : line_of(event);
      ProfileRow& row = sums.try_emplace({name, event.phase}, ProfileRow{name, event.phase}).first->second;
      ++row.calls;
      row.self += event.end - event.begin - event.inside;
      if (!event.is_inside_itself) row.total += event.end - event.begin;
    }
    std::vector<ProfileRow> result;
    for (const auto& [key, row] : sums) result.push_back(row);
    const auto size = [order](const ProfileRow& row) {
      switch (order) {
        case ProfileOrder::self:
          return static_cast<double>(row.self);
        case ProfileOrder::total:
          return static_cast<double>(row.total);
        case ProfileOrder::average:
          return row.average();
        case ProfileOrder::calls:
          return static_cast<double>(row.calls);
        default:
          return 0.0;
      }
    };
    std::stable_sort(result.begin(), result.end(),
                     [&](const ProfileRow& a, const ProfileRow& b) { return size(a) > size(b); });
    return result;
  }

  /// The rows as text.
  std::string table(ProfileOrder order = ProfileOrder::self, ProfileGroup group = ProfileGroup::operation) const {
    const std::vector<ProfileRow> all = rows(order, group);
    std::int64_t self = 0;
    for (const ProfileRow& row : all) self += row.self;
    std::vector<std::vector<std::string>> lines{{group == ProfileGroup::operation ? "operation" : "line", "sweep",
                                                 "self %", "self", "total", "average", "calls"}};
    for (const ProfileRow& row : all) {
      char share[16];
      std::snprintf(share, sizeof share, "%.2f%%",
                    self > 0 ? 100 * static_cast<double>(row.self) / static_cast<double>(self) : 0.0);
      lines.push_back({row.name, phase_name(row.phase), share, time(static_cast<double>(row.self)),
                       time(static_cast<double>(row.total)), time(row.average()), std::to_string(row.calls)});
    }
    return tool::columns(lines, 5) + "time of all operations: " + time(static_cast<double>(self)) + "\n";
  }

  /// The events in the format of Chrome's trace viewer (chrome://tracing) and Perfetto, as JSON.
  std::string chrome_trace() const {
    std::string json = "{\"displayTimeUnit\": \"ns\", \"traceEvents\": [";
    const char* comma = "\n";
    for (const ProfileEvent& event : events_) {
      char times[80];
      std::snprintf(times, sizeof times, "\"ts\": %.3f, \"dur\": %.3f", static_cast<double>(event.begin) / 1000,
                    static_cast<double>(event.end - event.begin) / 1000);
      json += std::string(comma) + "  {\"name\": " + quoted(event.name) + ", \"cat\": \"" + phase_name(event.phase) +
              "\", \"ph\": \"X\", " + times + ", \"pid\": 0, \"tid\": 0";
      if (event.where.line() > 0) json += ", \"args\": {\"line\": " + quoted(line_of(event)) + "}";
      json += "}";
      comma = ",\n";
    }
    return json + "\n]}\n";
  }

 private:
  friend class Profiler;

  static const char* phase_name(tensor::Phase phase) {
    return phase == tensor::Phase::forward ? "forward" : "backward";
  }
  static std::string line_of(const ProfileEvent& event) {
    if (event.where.line() == 0) return "(unknown)";
    return std::string(event.where.file_name()) + ":" + std::to_string(event.where.line());
  }
  static std::string time(double nanoseconds) {
    char text[32];
    const double size = nanoseconds < 1e6 ? nanoseconds / 1e3 : nanoseconds / 1e6;
    std::snprintf(text, sizeof text, "%.3f %s", size, nanoseconds < 1e6 ? "us" : "ms");
    return text;
  }
  static std::string quoted(const std::string& text) {
    std::string json = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') {
        json += std::string("\\") + c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        char code[8];
        std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
        json += code;
      } else {
        json += c;
      }
    }
    return json + "\"";
  }

  std::vector<ProfileEvent> events_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// While it lives, adds the operations of this thread to a profile. Profilers nest: all of them are told. Cost: some
/// hundred nanoseconds per operation; without a profiler nothing.
class Profiler final : public tensor::Observer {
 public:
  explicit Profiler(Profile& profile) : profile_(profile), outer_(std::exchange(tensor::observer, this)) {}
  Profiler(const Profiler&) = delete;
  Profiler& operator=(const Profiler&) = delete;
  ~Profiler() override { tensor::observer = outer_; }

 private:
  void begin(const std::string& operation, tensor::Phase phase, const std::source_location& where) override {
    if (outer_) outer_->begin(operation, phase, where);
    bool is_inside_itself = false;
    for (const std::size_t open : open_) {
      const ProfileEvent& event = profile_.events_[open];
      is_inside_itself = is_inside_itself || (event.name == operation && event.phase == phase);
    }
    open_.push_back(profile_.events_.size());
    profile_.events_.push_back({operation, phase, where, now(), 0, 0, is_inside_itself});
  }
  void end() override {
    const std::int64_t time = now();
    if (!open_.empty()) {  // it may have begun before this profiler
      ProfileEvent& event = profile_.events_[open_.back()];
      event.end = time;
      open_.pop_back();
      if (!open_.empty()) profile_.events_[open_.back()].inside += time - event.begin;
    }
    if (outer_) outer_->end();
  }
  std::int64_t now() const {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - profile_.start_)
        .count();
  }

  Profile& profile_;
  tensor::Observer* outer_;
  std::vector<std::size_t> open_;  ///< the events that have begun
};

/// The profile of a call of `f`, whose result is dropped. Where `f` throws, so does this.
template <class F>
Profile profile(const F& f) {
  Profile result;
  const Profiler watch(result);
  f();
  return result;
}

}  // namespace duet
