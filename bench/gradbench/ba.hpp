// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <memory>
#include <span>
#include <vector>

#include "../problem/bundle.hpp"
#include "../tool.hpp"
#include "protocol.hpp"

namespace bench {

using BundleCamera = std::array<double, 11>;
using BundlePoint = std::array<double, 3>;
using BundleFeature = std::array<double, 2>;

/// A bundle adjustment; observation i is of camera `camera_of[i]` and point `point_of[i]`.
struct BaInput {
  std::vector<BundleCamera> cameras;
  std::vector<BundlePoint> points;
  std::vector<double> weights;
  std::vector<BundleFeature> features;
  std::vector<int> camera_of, point_of;

  std::size_t observations() const { return features.size(); }
};

/// The message has one camera, one point and one observation, to be repeated.
inline void from_json(const json& message, BaInput& input) {
  const int cameras = message.at("n"), points = message.at("m"), observations = message.at("p");
  input.cameras.assign(cameras, message.at("cam").get<BundleCamera>());
  input.points.assign(points, message.at("x").get<BundlePoint>());
  input.weights.assign(observations, message.at("w").get<double>());
  input.features.assign(observations, message.at("feat").get<BundleFeature>());
  input.camera_of.resize(observations);
  input.point_of.resize(observations);
  for (int i = 0; i < observations; ++i) {
    input.camera_of[i] = i % cameras;
    input.point_of[i] = i % points;
  }
}

/// The residuals of the observations, and the errors of their weights.
struct BaResiduals {
  std::vector<std::array<double, 2>> observed;
  std::vector<double> weights;
};

inline void to_json(json& message, const BaResiduals& residuals) {
  message = {{"reproj_error", {{"elements", residuals.observed[0]}, {"repeated", residuals.observed.size()}}},
             {"w_err", {{"element", residuals.weights[0]}, {"repeated", residuals.weights.size()}}}};
}

/// The Jacobian of all residuals by compressed rows: two for each observation, then one for each weight. The columns
/// are those of the cameras, of the points, of the weights.
struct BaJacobian {
  std::vector<int> rows, columns;  // row i is from rows[i] to rows[i + 1]
  std::vector<double> values;

  /// Gives it the pattern of a bundle adjustment, whose values are still to be written, each observation's block one
  /// after the other, and then the weights' numbers.
  void start(const BaInput& input) {
    constexpr int in_row = Observed::inputs;
    const std::size_t count = input.observations();
    rows.resize(3 * count + 1);
    columns.resize((2 * in_row + 1) * count);
    values.resize(columns.size());
    const int first_point = static_cast<int>(11 * input.cameras.size());
    const int first_weight = first_point + static_cast<int>(3 * input.points.size());
    int* column = columns.data();
    int* row = rows.data();
    int end = 0;
    for (std::size_t i = 0; i < count; ++i) {
      for (int repeat = 0; repeat < 2; ++repeat) {
        for (int k = 0; k < 11; ++k) {
          *column++ = 11 * input.camera_of[i] + k;
        }
        for (int k = 0; k < 3; ++k) {
          *column++ = first_point + 3 * input.point_of[i] + k;
        }
        *column++ = first_weight + static_cast<int>(i);
        *row++ = end;
        end += in_row;
      }
    }
    for (std::size_t i = 0; i < count; ++i) {
      *column++ = first_weight + static_cast<int>(i);
      *row++ = end++;
    }
    *row = end;
  }

  std::span<double> block(std::size_t observation) {
    constexpr std::size_t size = 2 * Observed::inputs;
    return std::span(values).subspan(observation * size, size);
  }
  std::span<double> of_weights() { return std::span(values).last(values.size() / (2 * Observed::inputs + 1)); }
};

/// What GradBench asks to be shown: the first thirty elements, and the last one.
inline void to_json(json& message, const BaJacobian& jacobian) {
  const auto shown = [](const auto& row) {
    json elements(std::vector(row.begin(), row.begin() + std::min<std::ptrdiff_t>(30, std::ssize(row))));
    elements.push_back(row.back());
    return elements;
  };
  message = {{"rows", shown(jacobian.rows)}, {"cols", shown(jacobian.columns)}, {"vals", shown(jacobian.values)}};
}

/// The Jacobian by a tool, observation by observation.
template <class Tool>
class BundleJacobian {
 public:
  explicit BundleJacobian(const BaInput& input) : input_(input) {}

  const BaJacobian& operator()() {
    jacobian_.start(input_);
    for (std::size_t i = 0; i < input_.observations(); ++i) {
      auto x = x_.begin();
      for (const double number : input_.cameras[input_.camera_of[i]]) *x++ = number;
      for (const double number : input_.points[input_.point_of[i]]) *x++ = number;
      *x = input_.weights[i];
      tool_->jacobian(Observed{input_.features[i]}, x_, jacobian_.block(i));
    }
    const std::span<double> slopes = jacobian_.of_weights();
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      slopes[i] = slope(input_.weights[i]);
    }
    return jacobian_;
  }

 private:
  /// Of a weight's error, in forward mode if there is one.
  double slope(double weight) {
    if constexpr (nests_forward<Tool>) {
      return Tool::Forward::gradient(WeightError{}, std::array<double, 1>{weight})[0];
    } else {
      double result = 0.0;
      tool_->jacobian([](const auto& w) { return std::array{WeightError{}(std::array{w[0]})}; }, {weight},
                      std::span(&result, 1));
      return result;
    }
  }

  const BaInput& input_;
  std::unique_ptr<Tool> tool_ = std::make_unique<Tool>();
  std::vector<double> x_ = std::vector<double>(Observed::inputs);
  BaJacobian jacobian_;
};

/// GradBench's `ba` by what gives the Jacobian, a class that is made of the input.
template <class Jacobian>
Module ba_by() {
  return {"ba",
          {function<BaInput>("objective",
                             [](const BaInput& input) {
                               return [&input, residuals = BaResiduals{}]() mutable -> const BaResiduals& {
                                 residuals.observed.resize(input.observations());
                                 residuals.weights.resize(input.observations());
                                 for (std::size_t i = 0; i < input.observations(); ++i) {
                                   residuals.observed[i] =
                                       Observed::at(input.cameras[input.camera_of[i]], input.points[input.point_of[i]],
                                                    input.weights[i], input.features[i]);
                                   residuals.weights[i] = WeightError{}(std::array{input.weights[i]});
                                 }
                                 return residuals;
                               };
                             }),
           function<BaInput>("jacobian", [](const BaInput& input) {
             return [jacobian = Jacobian(input)]() mutable -> const BaJacobian& { return jacobian(); };
           })}};
}

/// GradBench's `ba`: bench::Observed and bench::WeightError of all observations.
template <class Tool>
requires takes_jacobians<Tool, Observed> Module ba() { return ba_by<BundleJacobian<Tool>>(); }

}  // namespace bench
