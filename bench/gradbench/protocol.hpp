// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace bench {

using json = nlohmann::json;

/// A result in JSON, and how long each run took, in nanoseconds.
struct Evaluated {
  json output;
  std::vector<long long> nanoseconds;
};

/// A function of an evaluation, by the name that GradBench calls it. `evaluate` reads the input, runs the function at
/// least `min_runs` times and for at least `min_seconds`, both fields of the input, and tells of the last result.
struct Function {
  std::string name;
  std::function<Evaluated(const json& input)> evaluate;
};

/// An evaluation, by the name of its module.
struct Module {
  std::string name;
  std::vector<Function> functions;
};

/// A function of an Input. `prepare(input)` returns what is to be timed: a callable without arguments that can be
/// called again and again, and may return a reference to what lives as long as itself. As in GradBench's own harness
/// for C++, reading the input and preparing are not timed, so only the layout of data may change there; whatever
/// belongs to the mathematics is timed.
template <class Input, class Prepare>
Function function(std::string name, Prepare prepare) {
  return {std::move(name), [prepare](const json& message) {
            const Input input = message.get<Input>();
            // hello's input is a number, which asks for nothing
            const int runs = message.is_object() ? message.value("min_runs", 1) : 1;
            const double seconds = message.is_object() ? message.value("min_seconds", 0.0) : 0.0;
            auto run = prepare(input);
            using Clock = std::chrono::steady_clock;
            Evaluated evaluated;
            // what stays with the callable is not copied
            using Output = decltype(run());
            std::conditional_t<std::is_reference_v<Output>, std::remove_reference_t<Output>*, Output> output{};
            double elapsed = 0.0;
            for (int i = 0; i < std::max(runs, 1) || elapsed < seconds; ++i) {
              const Clock::time_point start = Clock::now();
              if constexpr (std::is_reference_v<Output>) {
                output = &run();
              } else {
                output = run();
              }
              const auto time = Clock::now() - start;
              evaluated.nanoseconds.push_back(std::chrono::duration_cast<std::chrono::nanoseconds>(time).count());
              elapsed += std::chrono::duration<double>(time).count();
            }
            if constexpr (std::is_reference_v<Output>) {
              evaluated.output = json(*output);
            } else {
              evaluated.output = json(output);
            }
            return evaluated;
          }};
}

/// What answers a tool's messages.
class Tool {
 public:
  Tool(std::string name, std::vector<Module> modules) : name_(std::move(name)), modules_(std::move(modules)) {}

  /// The answer to a message; null to those that want none. Whatever is wrong with a message is said in the answer.
  json answer(const json& message) const {
    json reply{{"id", message.is_object() ? message.value("id", json()) : json()}};
    try {
      const std::string kind = message.at("kind");
      if (kind == "end") return nullptr;
      if (kind == "start") {
        reply["tool"] = name_;
      } else if (kind == "define") {
        find(modules_, message.at("module"), "module");
        reply["success"] = true;
      } else if (kind == "evaluate") {
        const Module& module = find(modules_, message.at("module"), "module");
        const Evaluated evaluated =
            find(module.functions, message.at("function"), "function").evaluate(message.at("input"));
        reply["success"] = true;
        reply["output"] = evaluated.output;
        reply["timings"] = json::array();
        for (const long long time : evaluated.nanoseconds) {
          reply["timings"].push_back({{"name", "evaluate"}, {"nanoseconds", time}});
        }
      } else if (kind != "analysis") {
        throw std::invalid_argument("unknown kind of message: " + kind);
      }
    } catch (const std::exception& error) {
      reply["success"] = false;
      reply["error"] = error.what();
    }
    return reply;
  }

 private:
  template <class T>
  static const T& find(const std::vector<T>& those, const std::string& name, const char* what) {
    for (const T& one : those) {
      if (one.name == name) return one;
    }
    throw std::invalid_argument(std::string("unknown ") + what + ": " + name);
  }

  std::string name_;
  std::vector<Module> modules_;
};

/// Answers messages of GradBench's protocol (JSON, one per line) until the input ends or a message says so. Returns the
/// exit status. Source: github.com/gradbench/gradbench, CONTRIBUTING.md.
inline int serve(const Tool& tool, std::istream& in = std::cin, std::ostream& out = std::cout) {
  for (std::string line; std::getline(in, line);) {
    const json message = json::parse(line, nullptr, false);
    const json reply = message.is_discarded()
                           ? json{{"id", nullptr}, {"success", false}, {"error", "a line that is not JSON"}}
                           : tool.answer(message);
    if (reply.is_null()) break;
    out << reply.dump() << std::endl;
  }
  return 0;
}

}  // namespace bench
