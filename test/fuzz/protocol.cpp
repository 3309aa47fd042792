// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// What answers GradBench's messages: each line that is read gets an answer in JSON, until one says that it is the last.
#include "../../bench/gradbench/hello.hpp"
#include "../../bench/gradbench/lse.hpp"

#include <sstream>

#include "../../bench/dynamic/duet.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bench::Tool tool("duet", {bench::hello<bench::DuetMap>(), bench::lse<bench::DuetMap>()});
  const std::string input(fuzz::text(data, size));
  if (input.find("min_") != std::string::npos) return 0;  // how often or how long may be asked for is up to the asker
  std::istringstream in(input);
  std::ostringstream out;
  bench::serve(tool, in, out);
  std::istringstream answers(out.str());
  for (std::string line; std::getline(answers, line);) fuzz::require(bench::json::parse(line).contains("id"));
  return 0;
}
