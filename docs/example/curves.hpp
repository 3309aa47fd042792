// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

/// A picture of curves over their indices, as SVG.
struct Curve {
  std::string name, colour;
  std::vector<double> values;
};

/// An axis for the values, from `low` to `high`, with a line per power of ten or at every quarter.
struct Axis {
  std::string name;
  double low, high;
  bool logarithmic = false;

  double scaled(double x) const { return logarithmic ? std::log10(x) : x; }
  /// Where `x` is between the ends, which are 0 and 1.
  double at(double x) const {
    const double part = (scaled(x) - scaled(low)) / (scaled(high) - scaled(low));
    return std::clamp(part, 0.0, 1.0);
  }
  std::vector<double> lines() const {
    std::vector<double> result;
    if (logarithmic) {
      for (double x = low; x < 1.5 * high; x *= 10) result.push_back(x);
    } else {
      for (int k = 0; k <= 4; ++k) result.push_back(low + k * (high - low) / 4);
    }
    return result;
  }
};

/// Writes the curves to a file. `x_high` stands at the right end, 0 at the left one.
inline void draw(const std::string& path, const std::string& x_name, double x_high, const Axis& axis,
                 const std::vector<Curve>& curves) {
  constexpr double left = 70, top = 20, width = 520, height = 260;
  std::size_t length = 2;
  for (const Curve& curve : curves) length = std::max(length, curve.values.size());
  const auto x_of = [&](std::size_t i) {
    return left + width * static_cast<double>(i) / static_cast<double>(length - 1);
  };
  const auto y_of = [&](double value) { return top + height * (1 - axis.at(value)); };
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
  const auto label = [](double x) {
    std::ostringstream words;
    words << x;
    return words.str();
  };
  for (const double value : axis.lines()) {
    svg << "<path d=\"M" << left << " " << number(y_of(value)) << "h" << width << "\" stroke=\"#ddd\"/>\n";
    text(left - 8, y_of(value) + 4, "end", label(value));
  }
  for (int k = 0; k <= 4; ++k) text(left + k * width / 4, top + height + 20, "middle", label(k * x_high / 4));
  text(left + width / 2, top + height + 42, "middle", x_name);
  text(left, top - 6, "start", axis.name);
  double legend = top + 20;
  for (const Curve& curve : curves) {
    svg << "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"" << curve.colour << "\" points=\"";
    for (std::size_t i = 0; i < curve.values.size(); ++i) {
      svg << number(x_of(i)) << "," << number(y_of(curve.values[i])) << " ";
    }
    svg << "\"/>\n<path d=\"M" << left + width - 130 << " " << legend - 4 << "h20\" stroke-width=\"2\" stroke=\""
        << curve.colour << "\"/>\n";
    text(left + width - 104, legend, "start", curve.name);
    legend += 20;
  }
  svg << "</svg>\n";
}
