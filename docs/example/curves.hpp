// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

/// A picture of curves over their indices, as SVG.
struct Curve {
  std::string name, colour;
  std::vector<double> values;
};

/// Writes the curves, one height for one value, with a logarithmic axis from 10^`lowest` to 10^`highest`.
inline void draw(const std::string& path, const std::string& x_axis, const std::string& y_axis, int lowest, int highest,
                 const std::vector<Curve>& curves) {
  constexpr double left = 70, top = 20, width = 520, height = 260;
  std::size_t length = 2;
  for (const Curve& curve : curves) length = std::max(length, curve.values.size());
  const auto x_of = [&](double i) { return left + width * i / static_cast<double>(length - 1); };
  const auto y_of = [&](double exponent) {
    const double clamped = std::clamp<double>(exponent, lowest, highest);
    return top + height * (highest - clamped) / (highest - lowest);
  };
  const auto number = [](double x) {  // with one digit after the point, if that is not 0
    const std::string tenths = std::to_string(std::lround(10 * x));
    const std::string whole = tenths.size() > 1 ? tenths.substr(0, tenths.size() - 1) : "0";
    return tenths.back() == '0' ? whole : whole + "." + tenths.back();
  };

  std::ofstream svg(path);
  const auto text = [&](double x, double y, const char* anchor, const std::string& words) {
    svg << "<text x=\"" << number(x) << "\" y=\"" << number(y) << "\" text-anchor=\"" << anchor << "\">" << words
        << "</text>\n";
  };
  svg << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 620 330\" font-family=\"sans-serif\" "
         "font-size=\"13\">\n<rect width=\"620\" height=\"330\" fill=\"white\"/>\n";
  for (int exponent = lowest; exponent <= highest; ++exponent) {
    svg << "<path d=\"M" << left << " " << number(y_of(exponent)) << "h" << width << "\" stroke=\"#ddd\"/>\n";
    const double value = std::pow(10, exponent);
    text(left - 8, y_of(exponent) + 4, "end",
         exponent < 0 ? std::to_string(value).substr(0, 2 - exponent) : number(value));
  }
  for (std::size_t i = 0; i <= 4; ++i) {
    const std::size_t at = i * (length - 1) / 4;
    text(x_of(static_cast<double>(at)), top + height + 20, "middle", std::to_string(at));
  }
  text(left + width / 2, top + height + 42, "middle", x_axis);
  text(left, top - 6, "start", y_axis);
  double legend = top + 20;
  for (const Curve& curve : curves) {
    svg << "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"" << curve.colour << "\" points=\"";
    for (std::size_t i = 0; i < curve.values.size(); ++i) {
      svg << number(x_of(static_cast<double>(i))) << "," << number(y_of(std::log10(curve.values[i]))) << " ";
    }
    svg << "\"/>\n<path d=\"M" << left + width - 130 << " " << legend - 4 << "h20\" stroke-width=\"2\" stroke=\""
        << curve.colour << "\"/>\n";
    text(left + width - 104, legend, "start", curve.name);
    legend += 20;
  }
  svg << "</svg>\n";
}
