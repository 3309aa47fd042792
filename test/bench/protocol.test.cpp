// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).

#include "../../bench/gradbench/protocol.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

namespace {

using bench::json;

struct Number {
  double x = 0.0;
};
void from_json(const json& message, Number& number) { message.at("x").get_to(number.x); }

const bench::Tool tool("counter", {{"count", {bench::function<Number>("calls", [](const Number& number) {
                                      return [start = number.x, calls = 0]() mutable { return start + ++calls; };
                                    })}}});

/// What the tool answers to these lines, one JSON a line.
std::vector<json> answers(const std::string& lines) {
  std::istringstream in(lines);
  std::ostringstream out;
  CHECK(bench::serve(tool, in, out) == 0);
  std::vector<json> result;
  std::istringstream written(out.str());
  for (std::string line; std::getline(written, line);) result.push_back(json::parse(line));
  return result;
}

json answer(const std::string& line) {
  const std::vector<json> all = answers(line + "\n");
  REQUIRE(all.size() == 1);
  return all[0];
}

TEST_CASE("a tool tells its name, and which modules it has") {
  CHECK(answer(R"({"id": 0, "kind": "start", "eval": "count"})") == json{{"id", 0}, {"tool", "counter"}});
  CHECK(answer(R"({"id": 1, "kind": "define", "module": "count"})") == json{{"id", 1}, {"success", true}});
  CHECK(answer(R"({"id": 2, "kind": "analysis", "of": 1, "valid": true})") == json{{"id", 2}});
}

TEST_CASE("unknown modules, functions and kinds are said to be so, each with the id of its message") {
  for (const auto& [line, error] : std::vector<std::pair<std::string, std::string>>{
           {R"({"id": 7, "kind": "define", "module": "gmm"})", "unknown module: gmm"},
           {R"({"id": 7, "kind": "evaluate", "module": "gmm", "function": "f", "input": 0})", "unknown module: gmm"},
           {R"({"id": 7, "kind": "evaluate", "module": "count", "function": "f", "input": 0})", "unknown function: f"},
           {R"({"id": 7, "kind": "dance"})", "unknown kind of message: dance"}}) {
    CHECK(answer(line) == json{{"id", 7}, {"success", false}, {"error", error}});
  }
}

TEST_CASE("whatever is wrong with a message is said in the answer, and the next message is answered") {
  for (const char* line : {"{not json", "[]", "3", "{}", R"({"kind": 3})", R"({"kind": "define"})",
                           R"({"kind": "evaluate"})", R"({"kind": "evaluate", "module": "count", "function": "calls"})",
                           R"({"kind": "evaluate", "module": "count", "function": "calls", "input": {}})",
                           R"({"kind": "evaluate", "module": "count", "function": "calls", "input": {"x": "text"}})"}) {
    CAPTURE(line);
    const std::vector<json> both = answers(std::string(line) + "\n" + R"({"id": 1, "kind": "start"})" + "\n");
    REQUIRE(both.size() == 2);
    CHECK(both[0].at("success") == false);
    CHECK(both[0].at("error").get<std::string>().size() > 0);
    CHECK(both[1].at("tool") == "counter");
  }
}

TEST_CASE("a function is run as often and as long as is asked, and its last result is told") {
  const auto evaluate = [](const std::string& input) {
    return answer(R"({"id": 1, "kind": "evaluate", "module": "count", "function": "calls", "input": )" + input + "}");
  };
  const json once = evaluate(R"({"x": 10})");
  CHECK(once.at("output") == 11.0);
  CHECK(once.at("timings").size() == 1);
  const json many = evaluate(R"({"x": 10, "min_runs": 5, "min_seconds": 0})");
  CHECK(many.at("output") == 15.0);
  CHECK(many.at("timings").size() == 5);
  const json long_one = evaluate(R"({"x": 0, "min_runs": 1, "min_seconds": 0.01})");
  double total = 0.0;
  for (const json& timing : long_one.at("timings")) {
    CHECK(timing.at("name") == "evaluate");
    total += timing.at("nanoseconds").get<double>();
  }
  CHECK(total >= 0.009e9);
  CHECK(long_one.at("output") == static_cast<double>(long_one.at("timings").size()));
}

TEST_CASE("nothing is answered after the end") {
  CHECK(answers("{\"id\": 0, \"kind\": \"end\"}\n{\"id\": 1, \"kind\": \"start\"}\n").empty());
  CHECK(answers("").empty());
}

}  // namespace
