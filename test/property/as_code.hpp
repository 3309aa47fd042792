// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <sstream>
#include <string>
#include <string_view>

#include "generator.hpp"

/// Programs as C++.
namespace property {

/// The name of a type, as the compiler writes it.
template <class Op>
std::string_view type_name() {
  const std::string_view function = __PRETTY_FUNCTION__;
  const std::size_t start = function.find("Op = ") + 5;
  return function.substr(start, function.find_first_of(";]", start) - start);
}
template <class List = op::Table>
struct TypeNames;
template <class... Ops>
struct TypeNames<op::Rows<Ops...>> {
  static std::string_view of(op::Code code) {
    const std::string_view names[] = {type_name<Ops>()...};
    return names[code];
  }
};

inline std::string as_number(double x) {
  std::ostringstream out;
  out.precision(17);
  out << x;
  const std::string text = out.str();
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

/// Writes a program as a function that can be pasted into a test.
class AsCode {
 public:
  static std::string function(const Program& p) {
    AsCode writer;
    const std::string indent(2, ' ');
    writer.out_ << "template <class T>\nT program(const std::array<T, " << p.inputs << ">& x) {\n"
                << indent << "using namespace duet;\n"
                << indent << "T ";
    for (int r = 0; r < p.registers; ++r) {
      writer.out_ << (r ? ", " : "") << name(r) << " = ";
      r < p.inputs ? writer.out_ << "x[" << r << "]" : writer.out_ << "0";
    }
    writer.out_ << ";\n";
    writer.block(p.code, indent);
    writer.out_ << indent << "return " << name(p.outputs[0]) << ";\n}\n";
    return writer.out_.str();
  }

 private:
  static std::string name(int r) { return "v" + std::to_string(r); }

  void block(Code code, const std::string& indent) {
    for (std::size_t i = 0; i < code.size(); ++i) {
      const Instruction& n = code[i];
      if (!n.is_block()) {
        out_ << indent << step(n) << ";\n";
        continue;
      }
      const auto length = static_cast<std::size_t>(n.length), otherwise = static_cast<std::size_t>(n.otherwise);
      if (n.kind == Instruction::loop) {
        out_ << indent << "for (int i = 0; i < " << n.count << "; ++i) {\n";
      } else {
        out_ << indent << "if (" << name(n.a) << " < " << name(n.b) << ") {\n";
      }
      block(code.subspan(i + 1, length), indent + "  ");
      if (otherwise > 0) {
        out_ << indent << "} else {\n";
        block(code.subspan(i + 1 + length, otherwise), indent + "  ");
      }
      out_ << indent << "}\n";
      i += length + otherwise;
    }
  }

  static std::string step(const Instruction& n) {
    const std::string to = name(n.to);
    if (n.kind == Instruction::constant) return to + " = " + as_number(n.value);
    const op::Info& row = op::info(n.code);
    if (n.kind == Instruction::update) return to + " " + row.name + "= " + name(n.a);
    std::string operands[3];
    for (int k = 0; k < row.arity; ++k) operands[k] = n.operand(k) < 0 ? "" : name(n.operand(k));
    if (n.kind == Instruction::with_int) operands[1] = std::to_string(static_cast<int>(n.value));
    if (n.kind == Instruction::with_float) operands[0] = as_number(n.value) + "f";
    return to + " = " + call(n.code, operands, n.value);
  }

  static std::string call(op::Code code, const std::string (&operands)[3], double order) {
    const op::Info& row = op::info(code);
    const Domain& in = domain(code);
    const std::string row_name = row.name, of_row = "op::apply<" + std::string(TypeNames<>::of(code)) + ">(";
    const auto truth = [&](int k) { return operands[k] + " != 0"; };
    if (in.ordered) return of_row + "T(" + std::to_string(static_cast<int>(order)) + "), " + operands[1] + ")";
    if (code == op::code<op::Where>) return "where(" + truth(0) + ", " + operands[1] + ", " + operands[2] + ")";
    if (code == op::code<op::Not>) return chosen("!(" + truth(0) + ")");
    if (in.logic) return chosen("(" + truth(0) + ") " + row_name + " (" + truth(1) + ")");
    if (in.predicate) return chosen(operands[0] + " " + row_name + " " + operands[1]);
    const bool is_word = row_name[0] >= 'a' && row_name[0] <= 'z';
    if (!is_word) return row.arity == 1 ? row_name + operands[0] : operands[0] + " " + row_name + " " + operands[1];
    std::string text = row_name + "(" + operands[0];
    for (int k = 1; k < row.arity; ++k) text += ", " + operands[k];
    return text + ")";
  }
  static std::string chosen(const std::string& condition) { return "where(" + condition + ", T(1), T(0))"; }

  std::ostringstream out_;
};

}  // namespace property
