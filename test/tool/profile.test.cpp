// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Profiles of operations on tensors, as tables and as Chrome traces.
#include <doctest/doctest.h>

#include <stdexcept>

#include <duet/tensor/create.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/inplace.hpp>
#include <duet/tensor/operation.hpp>
#include <duet/tensor/sum.hpp>
#include <duet/tool/profile.hpp>

using duet::Profile, duet::ProfileOrder, duet::ProfileRow, duet::Tensor;
using duet::tensor::Phase;
using T = Tensor<double>;

namespace {

/// Reads JSON, and counts what is in it.
struct Json {
  const std::string& text;
  std::size_t at = 0;
  int objects = 0, strings = 0;

  void space() {
    while (at < text.size() && std::isspace(static_cast<unsigned char>(text[at]))) ++at;
  }
  bool take(char c) {
    space();
    if (at >= text.size() || text[at] != c) return false;
    ++at;
    return true;
  }
  void need(char c) {
    if (!take(c)) throw std::runtime_error("no " + std::string(1, c) + " at " + std::to_string(at));
  }
  void string() {
    need('"');
    ++strings;
    while (text.at(at) != '"') at += text[at] == '\\' ? 2 : 1;
    ++at;
  }
  void value() {
    space();
    if (text.at(at) == '{') {
      need('{');
      ++objects;
      if (take('}')) return;
      do {
        string();
        need(':');
        value();
      } while (take(','));
      need('}');
    } else if (text[at] == '[') {
      need('[');
      if (take(']')) return;
      do value();
      while (take(','));
      need(']');
    } else if (text[at] == '"') {
      string();
    } else {
      std::size_t length = 0;
      std::stod(text.substr(at, 40), &length);
      at += length;
    }
  }
  bool is_whole() {
    value();
    space();
    return at == text.size();
  }
};

const ProfileRow* find(const std::vector<ProfileRow>& rows, const std::string& name, Phase phase) {
  for (const ProfileRow& row : rows) {
    if (row.name == name && row.phase == phase) return &row;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("002-profile: 1000 divisions and multiplications, forward and backward, as a table and as a Chrome trace") {
  T x = T{{1.5, -0.3, 0.8}, {0.2, 1.1, -0.9}}.requires_grad();
  T y = T{{0.9, 0.1, 0.4}, {0.3, 0.7, 0.6}}.requires_grad();
  T z = duet::ones({2, 3}).requires_grad();
  const Profile p = duet::profile([&] {
    for (int k = 0; k < 1000; ++k) {
      z = z / x;
      z = z * y;
    }
    z.backward({.gradient = duet::ones({2, 3})});
  });
  for (const Phase phase : {Phase::forward, Phase::backward}) {
    for (const char* name : {"Div", "Mul"}) {
      const ProfileRow* row = find(p.rows(), name, phase);
      REQUIRE(row);
      CHECK(row->calls == 1000);
      CHECK(row->self > 0);
      CHECK(row->total >= row->self);
      CHECK(row->average() == doctest::Approx(static_cast<double>(row->total) / 1000));
    }
  }
  const std::string table = p.table(ProfileOrder::calls);
  CHECK(table.starts_with("operation"));
  CHECK(std::count(table.begin(), table.end(), '\n') == 7);  // heading, four, the leaves, the sum
  CHECK(table.find("Div             forward") != std::string::npos);
  CHECK(table.find(" 1000\n") != std::string::npos);

  const std::string trace = p.chrome_trace();
  Json json{trace};
  CHECK(json.is_whole());
  CHECK(static_cast<std::size_t>(json.objects) > p.events().size());
  CHECK(trace.find("\"ph\": \"X\"") != std::string::npos);
  CHECK(trace.find("profile.test.cpp:") != std::string::npos);
}

TEST_CASE("a statement is one operation, whatever its length") {
  T x{1, 2};
  const Profile p = duet::profile([&] { T((x / 3 + 1) * x); });
  CHECK(p.events().size() == 1);
}

TEST_CASE("rows are sorted by what one asks for, and times add up") {
  const T small{1, 2}, large = duet::ones({200'000});
  const Profile p = duet::profile([&] {
    for (int k = 0; k < 5; ++k) T(small + small);
    T(exp(large));
    sum(large);
  });
  const auto is_sorted = [&](ProfileOrder order, const auto& key) {
    const auto rows = p.rows(order);
    return rows.size() == 3 && key(rows[0]) >= key(rows[1]) && key(rows[1]) >= key(rows[2]);
  };
  CHECK(is_sorted(ProfileOrder::self, [](const ProfileRow& row) { return static_cast<double>(row.self); }));
  CHECK(is_sorted(ProfileOrder::total, [](const ProfileRow& row) { return static_cast<double>(row.total); }));
  CHECK(is_sorted(ProfileOrder::average, [](const ProfileRow& row) { return row.average(); }));
  CHECK(is_sorted(ProfileOrder::calls, [](const ProfileRow& row) { return static_cast<double>(row.calls); }));
  CHECK(p.rows(ProfileOrder::calls)[0].name == "Add");
  CHECK(p.rows(ProfileOrder::name)[0].name == "Add");
  CHECK(p.rows(ProfileOrder::name)[2].name == "Sum");
  std::int64_t self = 0, all = 0;
  for (const ProfileRow& row : p.rows()) self += row.self;
  for (const auto& event : p.events()) all += event.end - event.begin;
  CHECK(self == all);
  CHECK(p.rows(ProfileOrder::self, duet::ProfileGroup::line).size() == 3);
}

TEST_CASE("the time of an operation's own operations is not its own, and what throws ends as well") {
  const T x = T{1, 2}.requires_grad();
  const auto nested = [](const T& z, bool fails) {
    return duet::tensor::operation<double>(
        "Nested", {z}, {}, std::source_location::current(),
        [&] {
          const T y = duet::tensor::mul(z, z);
          if (fails) throw std::runtime_error("stop");
          return y;
        },
        [](const auto& call) { return duet::tensor::Tensors<double>{call.cotangent()}; });
  };
  Profile outer, inner;
  {
    const duet::Profiler watch(outer);
    {
      const duet::Profiler watch_too(inner);
      nested(x, false);
    }
    CHECK_THROWS(nested(x, true));
    T(x + x);
  }
  T(x + x);
  CHECK(duet::tensor::observer == nullptr);
  CHECK(inner.events().size() == 2);
  CHECK(outer.events().size() == 5);
  const auto rows = outer.rows();
  const ProfileRow& whole = *find(rows, "Nested", Phase::forward);
  const ProfileRow& part = *find(rows, "Mul", Phase::forward);
  CHECK(whole.total == whole.self + part.total);
  for (const auto& event : outer.events()) CHECK(event.end >= event.begin);
}
