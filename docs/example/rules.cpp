// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Prints the table of rewriting rules for docs/rewrites.md.

#include <cstdio>
#include <duet/duet.hpp>
#include <string>

int main() {
  std::printf("| rule | looked up at |\n|---|---|\n");
  for (const auto& rule : duet::graph::rules::table) {
    std::string name = rule.name, row = duet::op::info(rule.op).name;
    for (std::string* text : {&name, &row}) {
      for (std::size_t i = 0; (i = text->find('|', i)) != std::string::npos; i += 2) text->insert(i, "\\");
    }
    std::printf("| `%s` | `%s` |\n", name.c_str(), row.c_str());
  }
}
