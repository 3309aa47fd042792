// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

#include "../problem/hand_tracking.hpp"
#include "../tool.hpp"
#include "protocol.hpp"

namespace bench {

/// A problem, and the pose and the further variables at which to take it.
struct HtInput {
  HandTracking problem;
  std::vector<double> pose, variables;

  /// All variables.
  std::vector<double> x() const {
    std::vector<double> all = pose;
    all.insert(all.end(), variables.begin(), variables.end());
    return all;
  }

  /// The Jacobian has a column for each number of the pose; in front of these, if there are triangles, two for the
  /// variables of the points, each of which is in the rows of its own point alone.
  std::size_t columns() const { return pose.size() + (problem.has_triangles() ? 2 : 0); }
  double seed(std::size_t variable, std::size_t column) const {
    const std::size_t in_front = columns() - pose.size();
    if (column >= in_front) return variable == column - in_front ? 1.0 : 0.0;
    return variable >= pose.size() && (variable - pose.size()) % 2 == column ? 1.0 : 0.0;
  }
};

/// Messages have matrices of four rows.
inline Affine<double> affine_from(const json& rows) {
  Affine<double> result;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 4; ++j) {
      rows.at(i).at(j).get_to(result[4 * i + j]);
    }
  }
  if (rows.at(3) != json{0.0, 0.0, 0.0, 1.0}) throw std::invalid_argument("the last row of a matrix isn't 0, 0, 0, 1");
  return result;
}

/// Reads a hand without the points of its skin that no measured one belongs to, and without weights that are zero.
inline void from_json(const json& message, HtInput& input) {
  message.at("theta").get_to(input.pose);
  for (const json& pair : message.at("us")) {
    for (const json& number : pair) {
      input.variables.push_back(number);
    }
  }
  const json& data = message.at("data");
  const json& model = data.at("model");
  HandTracking& problem = input.problem;
  data.at("points").get_to(problem.measured);
  for (std::size_t i = 0; i < model.at("parents").size(); ++i) {
    problem.hand.bones.push_back({model["parents"][i], affine_from(model.at("base_relatives").at(i)),
                                  affine_from(model.at("inverse_base_absolutes").at(i))});
  }
  model.at("is_mirrored").get_to(problem.hand.is_mirrored);

  constexpr std::size_t unknown = -1;
  std::vector<std::size_t> place(model.at("base_positions").size(), unknown);
  const auto skin_point = [&](std::size_t i) {
    if (place.at(i) == unknown) {
      place[i] = problem.hand.skin.size();
      const json& at_rest = model["base_positions"][i];
      HandModel::SkinPoint point{{at_rest.at(0), at_rest.at(1), at_rest.at(2)}, {}};
      const json& weights = model.at("weights").at(i);
      for (std::size_t bone = 0; bone < weights.size(); ++bone) {
        if (const double weight = weights[bone]; weight != 0.0) point.influences.push_back({bone, weight});
      }
      problem.hand.skin.push_back(std::move(point));
    }
    return place[i];
  };
  for (const std::size_t i : data.at("correspondences")) {
    if (input.variables.empty()) {
      problem.nearest.push_back(skin_point(i));
    } else {
      const json& corners = model.at("triangles").at(i);
      problem.triangles.push_back({skin_point(corners.at(0)), skin_point(corners.at(1)), skin_point(corners.at(2))});
    }
  }
}

/// A matrix, row by row.
struct HtJacobian {
  std::size_t columns = 0;
  std::vector<double> elements;
};

inline void to_json(json& message, const HtJacobian& jacobian) {
  message = json::array();
  for (auto row = jacobian.elements.begin(); row != jacobian.elements.end(); row += jacobian.columns) {
    message.push_back(std::vector<double>(row, row + jacobian.columns));
  }
}

/// The Jacobian by a tool.
template <class Tool>
class HandJacobian {
 public:
  explicit HandJacobian(const HtInput& input) : input_(input), x_(input.x()), jacobian_{input.columns(), {}} {}

  const HtJacobian& operator()() {
    jacobian_.elements.resize(3 * input_.problem.measured.size() * jacobian_.columns);
    tool_->pushforward(
        input_.problem, x_, jacobian_.columns,
        [this](std::size_t variable, std::size_t column) { return input_.seed(variable, column); }, jacobian_.elements);
    return jacobian_;
  }

 private:
  const HtInput& input_;
  std::unique_ptr<Tool> tool_ = std::make_unique<Tool>();
  std::vector<double> x_;
  HtJacobian jacobian_;
};

/// GradBench's `ht` by what gives the Jacobian, a class that is made of the input.
template <class Jacobian>
Module ht_by() {
  return {"ht",
          {function<HtInput>(
               "objective",
               [](const HtInput& input) { return [&problem = input.problem, x = input.x()] { return problem(x); }; }),
           function<HtInput>("jacobian", [](const HtInput& input) {
             return [jacobian = Jacobian(input)]() mutable -> const HtJacobian& { return jacobian(); };
           })}};
}

/// GradBench's `ht`: bench::HandTracking.
template <class Tool>
requires pushes_forward<Tool, HandTracking> Module ht() { return ht_by<HandJacobian<Tool>>(); }

}  // namespace bench
