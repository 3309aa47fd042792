// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cmath>
#include <functional>
#include <optional>

#include "smooth.hpp"

/// Making a program that fails smaller.
namespace property {

/// A program and the one point at which it fails.
struct Case {
  Program program;
  std::vector<double> x;
};

/// Tries simpler programs as long as one of them still fails: ever fewer instructions, then simpler operands and
/// numbers. A value can become an input, so that what led to it is not needed.
class Shrinker {
 public:
  using Fails = std::function<bool(const Case&)>;

  Shrinker(Case start, Fails fails) : best_(std::move(start)), fails_(std::move(fails)) {}

  Case smallest() {
    bool better = true;
    while (better) {
      better = false;
      better = earlier_output() || better;
      better = without_instructions() || better;
      better = with_fewer_blocks() || better;
      better = with_values_for_inputs() || better;
      better = with_simpler_operands() || better;
      better = with_simpler_numbers() || better;
      better = without_unused_registers() || better;
    }
    return best_;
  }

 private:
  static constexpr int most_inputs = 4;

  bool accept(const Case& c) {
    if (!is_smooth(c.program, c.x) || !fails_(c)) return false;
    best_ = c;
    return true;
  }
  std::size_t size() const { return best_.program.code.size(); }

  /// Leaves out instructions, for which the headers of the blocks around them become shorter.
  static void erase(Program& p, std::size_t first, std::size_t count) {
    for (std::size_t h = 0; h < first; ++h) {
      Instruction& n = p.code[h];
      if (!n.is_block()) continue;
      const std::size_t start = h + 1, middle = start + static_cast<std::size_t>(n.length),
                        end = middle + static_cast<std::size_t>(n.otherwise);
      if (first < middle) {
        n.length -= static_cast<int>(count);
      } else if (first < end) {
        n.otherwise -= static_cast<int>(count);
      }
    }
    p.code.erase(p.code.begin() + static_cast<std::ptrdiff_t>(first),
                 p.code.begin() + static_cast<std::ptrdiff_t>(first + count));
  }
  static std::size_t extent(const Instruction& n) {
    return 1 + static_cast<std::size_t>(n.length) + static_cast<std::size_t>(n.otherwise);
  }

  bool earlier_output() {
    if (best_.program.outputs.size() > 1) {
      Case c = best_;
      c.program.outputs.resize(1);
      if (accept(c)) return true;
    }
    for (std::size_t i = 0; i < size(); ++i) {
      if (best_.program.code[i].to < 0 || best_.program.code[i].to == best_.program.outputs[0]) continue;
      Case c = best_;
      c.program.outputs = {c.program.code[i].to};
      std::size_t end = 0;  // of the block around it
      while (end <= i) end += extent(c.program.code[end]);
      if (end == size()) continue;
      erase(c.program, end, size() - end);
      if (accept(c)) return true;
    }
    return false;
  }

  bool without_instructions() {
    bool any = false;
    for (std::size_t i = size(); i-- > 0;) {
      Case c = best_;
      erase(c.program, i, extent(c.program.code[i]));
      any = accept(c) || any;
    }
    return any;
  }

  bool with_fewer_blocks() {
    bool any = false;
    for (std::size_t i = size(); i-- > 0;) {
      const Instruction n = best_.program.code[i];
      if (!n.is_block()) continue;
      Case c = best_;
      c.program.code[i].count = 1;
      if (n.count > 1 && accept(c)) any = true;
      c = best_;
      if (n.otherwise > 0) {  // one way only
        erase(c.program, i + 1 + static_cast<std::size_t>(n.length), static_cast<std::size_t>(n.otherwise));
        if (accept(c)) return true;
        c = best_;
        erase(c.program, i + 1, static_cast<std::size_t>(n.length));
      }
      erase(c.program, i, 1);
      if (accept(c)) return true;
    }
    return any;
  }

  /// The values of the registers before instruction `i`, which is in no block.
  std::optional<std::vector<double>> values_before(std::size_t i) const {
    std::vector<double> v(static_cast<std::size_t>(best_.program.registers), 0.0);
    for (std::size_t k = 0; k < best_.x.size(); ++k) v[k] = best_.x[k];
    if (!smooth_run(Code(best_.program.code).first(i), v)) return {};
    return v;
  }

  /// An operand becomes an input of its value; or the number itself.
  bool with_values_for_inputs() {
    for (std::size_t i = 0; i < size();) {
      const std::size_t next = i + extent(best_.program.code[i]);
      const auto v = values_before(i);
      if (!v) return false;
      for (int k = 0; k < 3; ++k) {
        const int r = std::as_const(best_).program.code[i].operand(k);
        if (r < best_.program.inputs) continue;
        const double value = (*v)[static_cast<std::size_t>(r)];
        Case c = best_;
        if (c.program.inputs < most_inputs) {
          const int input = c.program.inputs++;
          ++c.program.registers;
          c.x.push_back(value);
          const auto shift = [&](int& old) { old += old >= input; };
          for (Instruction& n : c.program.code) {
            shift(n.to);
            for (int j = 0; j < 3; ++j) shift(*n.operand(j));
          }
          for (int& output : c.program.outputs) shift(output);
          *c.program.code[i].operand(k) = input;
          if (shrinks(c)) return true;
        }
        for (int input = 0; input < best_.program.inputs; ++input) {
          c = best_;
          *c.program.code[i].operand(k) = input;
          c.x[static_cast<std::size_t>(input)] = value;
          if (shrinks(c)) return true;
        }
      }
      i = next;
    }
    return false;
  }

  /// Whether a case fails that has become shorter by what is not needed any more.
  bool shrinks(const Case& c) {
    const Case before = best_;
    const std::size_t old = size();
    if (!accept(c)) return false;
    without_instructions();
    if (size() < old) return true;
    best_ = before;
    return false;
  }

  bool with_simpler_operands() {
    bool any = false;
    for (std::size_t i = 0; i < size(); ++i) {
      for (int k = 0; k < 3; ++k) {
        const int r = std::as_const(best_).program.code[i].operand(k);
        for (int simpler = 0; simpler < r && simpler < best_.program.inputs; ++simpler) {
          Case c = best_;
          *c.program.code[i].operand(k) = simpler;
          if (!accept(c)) continue;
          any = true;
          break;
        }
      }
    }
    return any;
  }

  /// Numbers with ever more digits, of which the first is taken that will do.
  template <class Set>
  bool simplify(double old, const Set& set) {
    const double simpler[] = {0, 1, 2, 0.5, std::round(old), std::round(old * 10) / 10, std::round(old * 100) / 100};
    for (double x : simpler) {
      if (x == old) return false;
      Case c = best_;
      set(c, x);
      if (accept(c)) return true;
    }
    return false;
  }
  bool with_simpler_numbers() {
    bool any = false;
    for (std::size_t i = 0; i < size(); ++i) {
      if (best_.program.code[i].kind != Instruction::constant) continue;
      any = simplify(best_.program.code[i].value, [&](Case& c, double x) { c.program.code[i].value = x; }) || any;
    }
    for (std::size_t k = 0; k < best_.x.size(); ++k) {
      any = simplify(best_.x[k], [&](Case& c, double x) { c.x[k] = x; }) || any;
    }
    return any;
  }

  bool without_unused_registers() {
    bool any = false;
    for (int r = best_.program.registers - 1; r >= 0; --r) {
      Case c = best_;
      Program& p = c.program;
      bool used = p.registers == 1 || (r < p.inputs && p.inputs == 1);
      const auto look = [&](int& at) {
        used = used || at == r;
        at -= at > r;
      };
      for (Instruction& n : p.code) {
        look(n.to);
        for (int k = 0; k < 3; ++k) look(*n.operand(k));
      }
      for (int& output : p.outputs) look(output);
      if (used) continue;
      --p.registers;
      if (r < p.inputs) {
        --p.inputs;
        c.x.erase(c.x.begin() + r);
      }
      any = accept(c) || any;
    }
    return any;
  }

  Case best_;
  Fails fails_;
};

}  // namespace property
