// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "smooth.hpp"

/// Random programs over the whole op table, the same from a seed at compile time and at run time.
namespace property {

/// Random numbers (Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014: SplitMix).
class Random {
 public:
  constexpr explicit Random(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 0xD1B54A32D192ED03u) {}

  constexpr std::uint64_t bits() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  constexpr int below(int n) { return static_cast<int>((bits() >> 33) % static_cast<std::uint64_t>(n)); }
  constexpr double uniform(double low, double high) {
    return low + (high - low) * (static_cast<double>(bits() >> 11) * 0x1p-53);
  }

 private:
  std::uint64_t state_;
};

/// At how many points a program is smooth.
constexpr std::size_t points = 4;

/// A program with points at which it is smooth and moderate; `x[k]` is point number k.
struct Subject {
  Program program;
  std::vector<std::vector<double>> x;  // g++ 12 destroys arrays of vectors twice in constant expressions
};

/// Writes programs. Operands are moved into their domains by a factor and a shift where their values at the points are
/// not inside, and what is not smooth at all points is taken back.
class Generator {
 public:
  constexpr explicit Generator(std::uint64_t seed) : random_(seed) {}

  /// A program of about `size` operations, and one to three outputs.
  constexpr Subject subject(int size) {
    Subject s;
    s.x.resize(points);
    p_ = Program{};
    numbers_.clear(), truths_.clear();
    p_.inputs = p_.registers = random_.below(4) + 1;
    for (std::size_t k = 0; k < points; ++k) {
      for (int i = 0; i < p_.inputs; ++i) s.x[k].push_back(random_.uniform(-1.5, 1.5));
      v_[k] = s.x[k];
      active_[k] = true;
    }
    for (int i = 0; i < p_.inputs; ++i) numbers_.push_back(i);
    for (int i = 0; i < size; ++i) grow(0);
    const int outputs = 1 + random_.below(3);
    for (int k = 0; k < outputs; ++k) p_.outputs.push_back(k == 0 ? numbers_.back() : any(numbers_));
    s.program = p_;
    return s;
  }

 private:
  /// The registers at each point.
  using State = std::vector<std::vector<double>>;

  constexpr int any(const std::vector<int>& registers) {
    // often a late one, so that programs get deep
    const int size = static_cast<int>(registers.size());
    const int late = size < 4 ? size : 4;
    return registers[static_cast<std::size_t>(random_.below(2) ? random_.below(size) : size - 1 - random_.below(late))];
  }
  constexpr int fresh() {
    for (auto& v : v_) v.push_back(0);
    return p_.registers++;
  }

  /// Appends an instruction and runs it at the points that get there.
  constexpr int add(const Instruction& n) {
    for (std::size_t k = 0; k < points; ++k) {
      if (active_[k]) smooth_ = smooth_step(n, v_[k]) && smooth_;
    }
    p_.code.push_back(n);
    return n.to;
  }
  constexpr int constant(double c) { return add({Instruction::constant, -1, fresh(), -1, -1, -1, c}); }
  constexpr double favourite() {
    constexpr double favourites[] = {0, 1, -1, 2, 0.5, 3};
    return random_.below(2) ? favourites[random_.below(6)] : random_.uniform(-2, 2);
  }

  /// The smallest and the largest value of a register; the same number twice if no point gets here.
  constexpr std::pair<double, double> range(int r) const {
    double low = 1e300, high = -1e300;
    for (std::size_t k = 0; k < points; ++k) {
      if (!active_[k]) continue;
      const double x = v_[k][static_cast<std::size_t>(r)];
      low = x < low ? x : low, high = x > high ? x : high;
    }
    return low <= high ? std::pair(low, high) : std::pair(0.0, 0.0);
  }
  constexpr bool is_reached() const {
    for (bool active : active_) {
      if (active) return true;
    }
    return false;
  }

  /// A number inside the interval, far from its ends.
  constexpr int number(const op::Interval& in, bool free) {
    const double low = in.low, high = in.high, margin = 0.05 * (high - low);
    const int u = random_.below(6) == 0 ? constant(favourite()) : any(numbers_);
    const auto [smallest, greatest] = range(u);
    if (free || !is_reached() || (smallest > low + margin && greatest < high - margin)) return u;
    const double widest = (high - low - 4 * margin) / (greatest - smallest + 1e-3);
    const double usual = random_.uniform(0.3, 1);
    const double factor = (usual < widest ? usual : widest) * (random_.below(4) ? 1 : -1);
    const double from = factor > 0 ? smallest * factor : greatest * factor,
                 width = magnitude(greatest - smallest) * magnitude(factor);
    const double shift = random_.uniform(low + 2 * margin, high - 2 * margin - width) - from;
    const int scaled = add({Instruction::row, op::code<op::Multiply>, fresh(), constant(factor), u});
    return add({Instruction::row, op::code<op::Add>, fresh(), scaled, constant(shift)});
  }

  /// What a state can be taken back to.
  struct Mark {
    std::size_t code = 0, numbers = 0, truths = 0;
    int registers = 0;
    State v;
  };
  constexpr Mark mark() {
    smooth_ = true;
    Mark m;
    m.code = p_.code.size();
    m.numbers = numbers_.size();
    m.truths = truths_.size();
    m.registers = p_.registers;
    m.v = v_;
    return m;
  }
  constexpr void back_to(const Mark& m) {
    p_.code.resize(m.code);
    numbers_.resize(m.numbers), truths_.resize(m.truths);
    p_.registers = m.registers;
    v_ = m.v;
    smooth_ = true;
  }

  constexpr void grow(int depth) {
    const Mark before = mark();
    const int kind = random_.below(16);
    if (kind == 0 && depth < 2) return loop(depth);
    if (kind == 1 && depth < 2) return branch(depth);
    const bool written = kind == 2 ? update() : kind == 3 ? mixed() : row();
    if (!written || !smooth_) back_to(before);
  }

  /// Where a result goes: mostly to a new register.
  constexpr int target() { return random_.below(6) == 0 ? any(numbers_) : fresh(); }
  constexpr void note(int to) {
    for (int r : numbers_) {
      if (r == to) return;
    }
    numbers_.push_back(to);
  }

  constexpr bool row() {
    const op::Code code = random_.below(op::code<op::Attach>);  // the last row, which claims what it likes
    const Domain& in = domain(code);
    const int arity = op::info(code).arity;
    const bool by_truth = code == op::code<op::Where>;
    if ((in.logic || by_truth) && truths_.empty()) return false;
    Instruction n{Instruction::row, code};
    for (int k = 0; k < arity; ++k) {
      if (in.ordered && k == 0) {
        n.value = random_.below(3);
      } else {
        *n.operand(k) = in.logic || (by_truth && k == 0) ? any(truths_) : number(in.of[k], takes_any(code));
      }
    }
    n.to = in.predicate ? fresh() : target();
    add(n);
    if (!smooth_) return false;
    if (in.predicate) {
      truths_.push_back(n.to);
    } else {
      note(n.to);
    }
    return true;
  }

  /// A row on an active number and a plain one of another type.
  constexpr bool mixed() {
    op::Code code = random_.below(op::code<op::Attach>);
    while (!domain(code).mixed) code = random_.below(op::code<op::Attach>);
    const Domain& in = domain(code);
    const bool left = random_.below(2);
    Instruction n{left ? Instruction::with_float : Instruction::with_int, code};
    const op::Interval& plain = in.of[left ? 0 : 1];
    const double steps = left ? 8 : 1;
    const double x = static_cast<double>(static_cast<int>(random_.uniform(plain.low, plain.high) * steps)) / steps;
    n.value = x;
    *n.operand(left ? 1 : 0) = number(in.of[left ? 1 : 0], takes_any(code));
    n.to = target();
    note(add(n));
    return true;
  }

  constexpr bool update() {
    constexpr op::Code operators[] = {op::code<op::Add>, op::code<op::Subtract>, op::code<op::Multiply>,
                                      op::code<op::Divide>};
    const op::Code code = operators[random_.below(4)];
    const int from = number(domain(code).of[1], takes_any(code));
    add({Instruction::update, code, any(numbers_), from});
    return true;
  }

  /// A loop: its body is written as it runs for the first time, and ends before the first round that is not smooth.
  constexpr void loop(int depth) {
    const std::size_t header = p_.code.size();
    p_.code.push_back({Instruction::loop});
    const int steps = 1 + random_.below(3), rounds = 1 + random_.below(5);
    for (int i = 0; i < steps; ++i) grow(depth + 1);
    const std::size_t length = p_.code.size() - header - 1;
    if (length == 0) {
      p_.code.pop_back();
      return;
    }
    int count = 1;
    for (; count < rounds; ++count) {
      State next = v_;
      bool smooth = true;
      for (std::size_t k = 0; k < points; ++k) {
        if (active_[k]) smooth = smooth && smooth_run(Code(p_.code).subspan(header + 1), next[k]);
      }
      if (!smooth) break;
      v_ = next;
    }
    p_.code[header].count = count;
    p_.code[header].length = static_cast<int>(length);
  }

  constexpr void branch(int depth) {
    const int a = any(numbers_), b = any(numbers_);
    const auto before = active_;
    std::array<bool, points> less{};
    for (std::size_t k = 0; k < points; ++k) {
      const double x = v_[k][static_cast<std::size_t>(a)], y = v_[k][static_cast<std::size_t>(b)];
      if (active_[k] && !apart(x, y)) return;
      less[k] = x < y;
    }
    const std::size_t header = p_.code.size();
    p_.code.push_back({Instruction::branch, -1, -1, a, b});
    const auto block = [&](bool side) {
      const std::size_t start = p_.code.size();
      for (std::size_t k = 0; k < points; ++k) active_[k] = before[k] && less[k] == side;
      const int steps = random_.below(3);
      for (int i = 0; i < steps; ++i) grow(depth + 1);
      active_ = before;
      return static_cast<int>(p_.code.size() - start);
    };
    const int length = block(true), otherwise = block(false);
    p_.code[header].length = length;
    p_.code[header].otherwise = otherwise;
    if (length + otherwise == 0) p_.code.pop_back();
  }

  Random random_;
  Program p_;
  State v_ = State(points);
  std::array<bool, points> active_{};
  std::vector<int> numbers_, truths_;
  bool smooth_ = true;
};

/// Program number `index` of a seed: mostly short ones, of which every operation counts, and some long ones.
constexpr Subject subject(std::uint64_t seed, std::uint64_t index) {
  Generator generator(seed << 32 ^ index);
  const int kind = static_cast<int>(index % 16);
  return generator.subject(kind == 15 ? 40 : 1 + kind);
}

}  // namespace property
