// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/forward/level.hpp>
#include <duet/op/chunk.hpp>

/// How a row of the op table acts on duals: the chain rule, once, for all rows.
namespace duet {

namespace chunks {
/// Whether an operand's tangents, if it has any, are a row of numbers of type `T`.
template <class T, class X>
inline constexpr bool has_row = !is_dual<X>;
template <class T, int N, class Tag>
inline constexpr bool has_row<T, Dual<T, N, Tag>> = true;
}  // namespace chunks

/// Carries out operations of which the operand with the highest rank is a Dual.
struct DualEngine : level::Engine<DualEngine> {
  template <class Op, class Outer, class Result, std::size_t... K, class... X>
  [[gnu::always_inline]] static constexpr auto propagate(std::index_sequence<K...>, const X&... x) {
    const typename Result::scalar y = op::apply<Op>(level::primal<Outer>(x)...);
    if constexpr (std::same_as<Op, op::Where>) {
      return choose<Outer, Result>(y, x...);
    } else {
      return combine<Op, Outer, Result>(y, x..., partial_for<Op, Outer, K, X>(level::primal<Outer>(x)..., y)...);
    }
  }

 private:
  /// Tells an operand's partial derivative from "no tangent here".
  struct None {};

  template <class Op, class Outer, std::size_t K, class X, class... P>
  [[gnu::always_inline]] static constexpr auto partial_for(const P&... primals_and_result) {
    if constexpr (level::carries<X, Outer> && op::has_partial<Op, K>) {
      return op::partial<Op, K>(primals_and_result...);
    } else {
      return None{};
    }
  }

  template <class Outer, class Result, class C, class A, class B>
  [[gnu::always_inline]] static constexpr auto choose(const typename Result::scalar& y, const C& condition, const A& a,
                                                      const B& b) {
    using T = typename Result::scalar;
    std::array<T, Outer::directions> t;
    for (int i = 0; i < Outer::directions; ++i) {
      t[i] = op::apply<op::Where>(condition, T(level::tangent<Outer>(a, i)), T(level::tangent<Outer>(b, i)));
    }
    return Result(y, t);
  }

  template <class Op, class Outer, class Result, class X, class P>
  [[gnu::always_inline]] static constexpr auto combine(const typename Result::scalar& y, const X& x, const P& p) {
    return fill<Op, Result, X>(
        y, [&](auto i, auto product) __attribute__((always_inline)) { return product(p, tangent<Outer, P>(x, i)); }, p);
  }
  template <class Op, class Outer, class Result, class A, class B, class P, class Q>
  [[gnu::always_inline]] static constexpr auto combine(const typename Result::scalar& y, const A& a, const B& b,
                                                       const P& p, const Q& q) {
    return fill<Op, Result, A, B>(
        y,
        [&](auto i, auto product) __attribute__((always_inline)) {
          return sum(product(p, tangent<Outer, P>(a, i)), product(q, tangent<Outer, Q>(b, i)));
        },
        p, q);
  }
  template <class Op, class Outer, class Result, class A, class B, class C, class P, class Q, class R>
  [[gnu::always_inline]] static constexpr auto combine(const typename Result::scalar& y, const A& a, const B& b,
                                                       const C& c, const P& p, const Q& q, const R& r) {
    return fill<Op, Result, A, B, C>(
        y,
        [&](auto i, auto product) __attribute__((always_inline)) {
          return sum(sum(product(p, tangent<Outer, P>(a, i)), product(q, tangent<Outer, Q>(b, i))),
                     product(r, tangent<Outer, R>(c, i)));
        },
        p, q, r);
  }

  /// The tangent of `x` in direction `i`, or those of a chunk of directions.
  template <class Outer, class P, class X, class I>
  [[gnu::always_inline]] static constexpr auto tangent(const X& x, I i) {
    if constexpr (std::same_as<P, None>) {
      return None{};
    } else if constexpr (std::same_as<I, int>) {
      return level::tangent<Outer>(x, i);
    } else {
      return i.load(x.tangents().data());
    }
  }

  template <class A, class B>
  [[gnu::always_inline]] static constexpr auto sum(const A& a, const B& b) {
    if constexpr (std::same_as<A, None>) {
      return b;
    } else if constexpr (std::same_as<B, None>) {
      return a;
    } else {
      return a + b;
    }
  }

  /// Whose zero makes a product zero even if the other factor is infinite: a zero tangent stays zero, and a side that
  /// was not chosen (a zero partial) contributes nothing.
  enum class Wins { neither, zero_tangent, zero_partial };

  /// The product of a partial and a tangent.
  template <Wins W>
  struct Product {
    template <class P, class X>
    [[gnu::always_inline]] constexpr auto operator()(const P& partial, const X& tangent) const {
      if constexpr (std::same_as<P, None>) {
        return None{};
      } else if constexpr (W == Wins::neither) {
        return partial * tangent;
      } else {
        using op::is_zero;
        const auto product = partial * tangent;
        const auto zero = op::like(product, 0);
        if constexpr (W == Wins::zero_tangent) {
          return choice(is_zero(tangent), zero, product);
        } else {
          return choice(is_zero(partial), zero, product);
        }
      }
    }

   private:
    template <class C, class T>
    [[gnu::always_inline]] static constexpr auto choice(const C& condition, const T& a, const T& b) {
      if constexpr (std::same_as<C, bool>) {
        return condition ? a : b;
      } else {
        return op::apply<op::Where>(condition, a, b);
      }
    }
  };
  using Plain = Product<Wins::neither>;

  /// The result with primal `y` and tangents component(i, product); `X...` are the operands.
  template <class Op, class Result, class... X, class... P>
  [[gnu::always_inline]] static constexpr auto fill(const typename Result::scalar& y, const auto& component,
                                                    const P&... partials) {
    if constexpr (Op::gates) {
      return fill_with<Result, X...>(y, component, Product<Wins::zero_partial>{});
    } else if constexpr (Op::singular) {
      if ((all_finite(partials) && ...)) [[likely]] {
        return fill_with<Result, X...>(y, component, Plain{});
      } else {
        return fill_with<Result, X...>(y, component, Product<Wins::zero_tangent>{});
      }
    } else {
      return fill_with<Result, X...>(y, component, Plain{});
    }
  }

  template <class Result, class... X>
  [[gnu::always_inline]] static constexpr auto fill_with(const typename Result::scalar& y, const auto& component,
                                                         auto product) {
    using T = typename Result::scalar;
    if constexpr (chunks::number<T> && (chunks::has_row<T, X> && ...) && std::same_as<decltype(product), Plain>) {
      if (!__builtin_is_constant_evaluated()) {
        return Result(
            y, [&](T * row) __attribute__((always_inline)) {
              chunks::for_each<T, Result::directions>([&](auto i) __attribute__((always_inline)) {
                i.store(row, component(i, product));
              });
            });
      }
    }
    std::array<T, Result::directions> t;
    for (int i = 0; i < Result::directions; ++i) t[i] = component(i, product);
    return Result(y, t);
  }

  /// Whether the usual product is safe; where that can't be told at once (batches, symbols), it is taken not to be.
  template <class P>
  [[gnu::always_inline]] static constexpr bool all_finite(const P& p) {
    if constexpr (std::same_as<P, None>) {
      return true;
    } else if constexpr (std::floating_point<P>) {
      return math::isfinite(p);
    } else if constexpr (is_dual<P>) {
      bool finite = all_finite(p.primal());
      for (const auto& t : p.tangents()) finite = finite && all_finite(t);
      return finite;
    } else if constexpr (requires { p.primal(); }) {
      return all_finite(p.primal());
    } else {
      return false;
    }
  }
};

}  // namespace duet
