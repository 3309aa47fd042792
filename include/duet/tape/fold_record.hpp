// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/fold_walk.hpp>
#include <duet/tape/map_record.hpp>

/// A whole nest of two loops as one record.
namespace duet::tape {

/// The record of `count` recurrences of `steps` steps, each of them a call as in `C` with the state, the step's item
/// and the element. Its row holds the stretches of the leaves of the variables among the initial state, the items and
/// the other arguments, and then the number of steps; its numbers are the parameters in the same order.
///
/// The sweep computes the states again, for a few elements at a time, so that those of all steps lie in the cache.
template <class T, class C, bool Back, class Initial, class Items, class... A>
struct FoldRecord {
  using B = Lanes<T>;
  using Batch = typename B::type;
  using Walk = FoldWalk<T, C, Initial, Items, A...>;
  using Numbers = typename Walk::Numbers;
  static constexpr int n = C::variables, m = C::outputs, p = C::parameters;
  static constexpr int batches = Walk::batches, of_item = Walk::of_item;

  /// Writes the final states of all elements to `to`.
  static void evaluate(const T* values, const Key* row, const Numbers& numbers, std::size_t count, std::size_t steps,
                       T* to) {
    Walk walk(values, row, numbers, count, steps, Back);
    Batch x[batches][n], q[batches][p > 0 ? p : 1];
    while (walk.next()) {
      walk.load(x, q);
      run(walk, x, q, [](std::size_t, auto, const Batch*) {});
      tree::for_each_index<m>([&](auto i) {
        T* const result = to + static_cast<std::size_t>(i) * count + walk.at();
        walk.write(result, [&](auto b) { return x[b][i]; });
      });
    }
  }

  static void sweep(const Record<T>& r, Sweeping<T> s) {
    const std::size_t count = r.size;
    T* const adjoints = s.adjoints + r.made;
    const Key* const row = s.rows() + r.row_at;
    const std::size_t steps = static_cast<std::size_t>(Walk::after(row)[0]);
    Walk walk(s.values() + r.made, row, Numbers(s.numbers() + r.numbers, count, steps), count, steps, Back);
    Scratch<T> states(reads_state ? steps * batches * m * B::size : 0), of_items(steps * of_item * B::size);
    of_items.clear();
    Batch shared[n];
    for (Batch& sum : shared) sum = Batch(T(0));
    Batch x[batches][n], q[batches][p > 0 ? p : 1], w[batches][m], d[batches][n];
    while (walk.next()) {
      if (!walk.load_seeds(adjoints, w)) continue;
      walk.load(x, q);
      if constexpr (reads_state) {
        run(
            walk, x, q, [&](std::size_t k, auto b, const Batch* state) __attribute__((always_inline)) {
              T* const to = states.data() + (k * batches + b) * m * B::size;
              for (int i = 0; i < m; ++i) B::store(to + static_cast<std::size_t>(i) * B::size, state[i]);
            });
      }
      for (auto& row_of_batch : d) {
        for (Batch& derivative : row_of_batch) derivative = Batch(T(0));
      }
      for (std::size_t k = steps; k-- > 0;) {
        walk.load_item(k, x, q);
        Batch items[of_item > 0 ? of_item : 1];
        for (int j = 0; j < of_item; ++j) items[j] = B::load(of_items.data() + (k * of_item + j) * B::size);
        tree::for_each_index<batches>([&](auto b) __attribute__((always_inline)) {
          if constexpr (reads_state) {
            const T* const from = states.data() + (k * batches + b) * m * B::size;
            for (int i = 0; i < m; ++i) x[b][i] = B::load(from + static_cast<std::size_t>(i) * B::size);
          }
          expr::run<typename C::Pullback>(
              [&](const auto& all) __attribute__((always_inline)) {
                tree::for_each_index<n>([&](auto j) __attribute__((always_inline)) {
                  const Batch derivative(all.template get<j>());
                  if constexpr (j < m) {
                    w[b][j] = derivative;
                  } else if constexpr (j < m + of_item) {
                    items[j - m] = items[j - m] + derivative;
                  } else {
                    d[b][j] = d[b][j] + derivative;
                  }
                });
                return 0;
              },
              tree::Leaves<Batch, n>{x[b]}, tree::Leaves<Batch, p>{q[b]}, tree::Leaves<Batch, m>{w[b]});
        });
        for (int j = 0; j < of_item; ++j) B::store(of_items.data() + (k * of_item + j) * B::size, items[j]);
      }
      tree::for_each_index<n>([&](auto j) {
        const auto derivative = [&](auto b) {
          if constexpr (j < m) {
            return w[b][j];
          } else {
            return d[b][j];
          }
        };
        if constexpr (Walk::is_mapped_variable(j)) {
          walk.template add<j>(adjoints, derivative);
        } else if constexpr (Walk::is_shared_variable(j)) {
          tree::for_each_index<batches>([&](auto b) { shared[j] = shared[j] + derivative(b); });
        }
      });
    }
    tree::for_each_index<n>([&](auto j) {
      if constexpr (Walk::is_shared_variable(j)) walk.template add_shared<j>(adjoints, B::sum(shared[j]));
    });
    walk.add_items(adjoints, of_items.data());
  }

  /// A result is taken to be made of all that its element's recurrence reads.
  static void dependences(const Record<T>& r, Sweeping<T> s, Dependences& to) {
    const Key* const row = s.rows() + r.row_at;
    std::vector<Word> inputs;
    for (int i = 0; i < m; ++i) {
      Walk walk(nullptr, row, {}, r.size, 0, Back);
      for (std::size_t k = 0; k < r.size; ++k) {
        inputs.clear();
        walk.each_input(k, [&](std::ptrdiff_t offset) { inputs.push_back(r.made + static_cast<Word>(offset)); });
        to.add(r.made + static_cast<std::size_t>(i) * r.size + k, inputs);
      }
    }
  }
  static constexpr Kind<T> kind{.name = "map_fold", .sweep = &sweep_one<T, &sweep>, .dependences = &dependences};

 private:
  /// Whether the derivatives of a step depend on the state before it.
  static constexpr bool reads_state = [] {
    const auto& g = graph::Frozen<typename C::Pullback>::graph;
    const auto is_state = [&](int node) { return g[node].op == graph::Node::input && g[node].a < m; };
    for (const graph::Node& node : g.nodes) {
      for (int k = 0; k < node.arity(); ++k) {
        if (is_state(node.operand(k))) return true;
      }
    }
    for (int output : g.outputs) {
      if (is_state(output)) return true;
    }
    return false;
  }();

  /// Runs all steps; `before(k, batch, state)` is told the states before them.
  [[gnu::always_inline]] static void run(const Walk& walk, auto& x, auto& q, const auto& before) {
    for (std::size_t k = 0; k < walk.steps(); ++k) {
      walk.load_item(k, x, q);
      tree::for_each_index<batches>([&](auto b) __attribute__((always_inline)) {
        before(k, b, x[b]);
        expr::run<typename C::Recording>(
            [&](const auto& y) __attribute__((always_inline)) {
              tree::for_each_index<m>([&](auto i)
                                          __attribute__((always_inline)) { x[b][i] = Batch(y.template get<i>()); });
              return 0;
            },
            tree::Leaves<Batch, n>{x[b]}, tree::Leaves<Batch, p>{q[b]});
      });
    }
  }
};

}  // namespace duet::tape
