// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Memory that evaluations of a function leave to the next one.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include <duet/transform/reserve.hpp>

namespace {

using duet::transform::Reserve;
using D = duet::Dual<double, 3, duet::transform::FromReserve<struct Here>>;
using Array = std::vector<D>;

}  // namespace

TEST_CASE("a reserve serves nested evaluations, exceptions and arrays that outlive it") {
  const std::size_t n = 100000;
  Array kept;
  const void* place = nullptr;
  {
    Reserve outer;
    {
      Reserve inner;
      const Reserve::Use use(outer);
      Array a(n, D(1));
      place = &a[0];
      const Reserve::Use nested(inner);
      const Array b(n, D(2));
      kept = b;
      a.clear();
    }
    try {
      const Reserve::Use use(outer);
      const Array again(n, D(4));
      CHECK(&again[0] == place);
      throw 1;
    } catch (int) {
    }
    const Reserve::Use use(outer);
    const Array larger(2 * n + 1, D(5)), small(3, D(6)), again(n - 10, D(7));
    CHECK(&again[0] == place);
    CHECK(larger[2 * n].primal() == 5);
    CHECK(small[2].primal() == 6);
  }
  CHECK(kept[n - 1].primal() == 2);
  kept.resize(2 * n, D(3));
  CHECK(kept[n - 1].primal() == 2);
  CHECK(kept[n].primal() == 3);
}

TEST_CASE("what an evaluation did not take is released at its end") {
  const std::size_t n = 100000;
  Reserve reserve;
  const auto evaluate = [&](std::size_t size) {
    const Reserve::Use use(reserve);
    const Array a(size, D(1));
    const void* const place = a.data();
    return reinterpret_cast<std::uintptr_t>(place);
  };
  const std::uintptr_t first = evaluate(n);
  CHECK(evaluate(n) == first);
  evaluate(10 * n);  // too large for the array that is kept, which goes
  const Reserve::Use use(reserve);
  const Array kept(10 * n, D(2));
  const Array another(n, D(3));
  CHECK(kept[10 * n - 1].primal() == 2);
  CHECK(another[n - 1].primal() == 3);
}

TEST_CASE("a copy of a reserve begins with nothing") {
  const std::size_t n = 100000;
  Reserve reserve;
  const void* place = nullptr;
  {
    const Reserve::Use use(reserve);
    const Array a(n, D(1));
    place = &a[0];
  }
  Reserve copy(reserve), other;
  other = reserve;
  for (Reserve* one : {&copy, &other}) {
    const Reserve::Use use(*one);
    const Array a(n, D(2));
    CHECK(&a[0] != place);
  }
  const Reserve::Use use(reserve);
  const Array a(n, D(2));
  CHECK(&a[0] == place);
}
