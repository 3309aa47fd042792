// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <Eigen/Dense>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <vector>

#include "bal.hpp"

namespace bal {

/// When to stop, and how far to trust the first step.
struct Options {
  int iterations = 50;
  double lambda = 1e-4;
  double relative_decrease = 1e-9;  ///< stop when the cost decreases by less than this part of it
  double gradient = 1e-8;           ///< stop when no entry of the gradient is larger
};

/// What happened in one iteration.
struct Progress {
  int iteration;
  double cost;           ///< half the sum of the squared residuals, after the step if that was taken
  double gradient_norm;  ///< the largest entry of the gradient before the step
  double lambda;         ///< the damping of the step
  bool accepted;
  double seconds;
};

/// Half the sum of the squared distances, in pixels, of where points are seen and where they should be.
template <class Project>
double cost(const Problem& problem, const Project& project) {
  double sum = 0;
  for (const Observation& seen : problem.observations) {
    const auto value = project(problem.cameras[seen.camera], problem.points[seen.point]);
    const double x = value[0] - seen.position[0];
    const double y = value[1] - seen.position[1];
    sum += x * x + y * y;
  }
  return sum / 2;
}

/// The root of the mean squared distance that belongs to a cost, in pixels.
inline double rms(const Problem& problem, double cost) {
  return std::sqrt(2 * cost / static_cast<double>(problem.observations.size()));
}

/// The Gauss-Newton equations of a problem, in blocks: a point meets cameras only, and a camera meets points only. So
/// the points are eliminated first (the Schur complement), which leaves a dense system of 9 unknowns per camera: meant
/// for up to about a thousand cameras, and any number of points.
class NormalEquations {
 public:
  explicit NormalEquations(const Problem& problem)
      : of_point_(problem.points.size()),
        cameras_(problem.cameras.size()),
        points_(problem.points.size()),
        crossings_(problem.observations.size()) {
    for (std::size_t i = 0; i < problem.observations.size(); ++i) {
      crossings_[i].camera = problem.observations[i].camera;
      of_point_[problem.observations[i].point].push_back(i);
    }
  }

  /// Sets up the equations at the problem's cameras and points. `linearise(camera, point)` returns the projection and
  /// its 2x12 Jacobian, row by row behind `data()`.
  template <class Linearise>
  void assemble(const Problem& problem, const Linearise& linearise) {
    std::fill(cameras_.begin(), cameras_.end(), Block<9>());
    std::fill(points_.begin(), points_.end(), Block<3>());
    for (std::size_t i = 0; i < problem.observations.size(); ++i) {
      const Observation& seen = problem.observations[i];
      const auto [value, jacobian] = linearise(problem.cameras[seen.camera], problem.points[seen.point]);
      const Eigen::Map<const Eigen::Matrix<double, 2, 12, Eigen::RowMajor>> j(jacobian.data());
      const Eigen::Matrix<double, 2, 9> by_camera = j.leftCols<9>();
      const Eigen::Matrix<double, 2, 3> by_point = j.rightCols<3>();
      const Eigen::Vector2d residual(value[0] - seen.position[0], value[1] - seen.position[1]);
      cameras_[seen.camera].add(by_camera, residual);
      points_[seen.point].add(by_point, residual);
      crossings_[i].product.noalias() = by_camera.transpose() * by_point;
    }
  }

  /// The largest entry of the gradient.
  double gradient_norm() const {
    double norm = 0;
    for (const auto& block : cameras_) {
      norm = std::max(norm, block.gradient.lpNorm<Eigen::Infinity>());
    }
    for (const auto& block : points_) {
      norm = std::max(norm, block.gradient.lpNorm<Eigen::Infinity>());
    }
    return norm;
  }

  /// Solves the equations with `lambda` times their diagonal added, and moves the problem's cameras and points by the
  /// solution. Returns the decrease of the cost that the linear model promises; not positive, and nothing moved, where
  /// there is no solution. The damping also settles the gauge: moving everything at once changes no residual.
  double step(double lambda, Problem& problem) {
    const auto size = static_cast<Eigen::Index>(9 * cameras_.size());
    Eigen::MatrixXd schur = Eigen::MatrixXd::Zero(size, size);
    Eigen::VectorXd right(size);
    for (std::size_t c = 0; c < cameras_.size(); ++c) {
      schur.block<9, 9>(at(c), at(c)) = cameras_[c].damped(lambda);
      right.segment<9>(at(c)) = -cameras_[c].gradient;
    }
    std::vector<Eigen::Matrix3d> inverses(points_.size());
    for (std::size_t p = 0; p < points_.size(); ++p) {
      inverses[p] = points_[p].damped(lambda).inverse();
      eliminate(p, inverses[p], schur, right);
    }
    const Eigen::LLT<Eigen::MatrixXd> factors(schur);  // reads the lower triangle only
    if (factors.info() != Eigen::Success) {
      return 0;
    }
    const Eigen::VectorXd turn = factors.solve(right);

    double promised = 0;
    for (std::size_t p = 0; p < points_.size(); ++p) {
      Eigen::Vector3d rest = -points_[p].gradient;
      for (const std::size_t i : of_point_[p]) {
        rest.noalias() -= crossings_[i].product.transpose() * turn.segment<9>(at(crossings_[i].camera));
      }
      const Eigen::Vector3d shift = inverses[p] * rest;
      promised += points_[p].promise(lambda, shift);
      Eigen::Map<Eigen::Vector3d>(problem.points[p].data()) += shift;
    }
    for (std::size_t c = 0; c < cameras_.size(); ++c) {
      const Eigen::Matrix<double, 9, 1> shift = turn.segment<9>(at(c));
      promised += cameras_[c].promise(lambda, shift);
      Eigen::Map<Eigen::Matrix<double, 9, 1>>(problem.cameras[c].data()) += shift;
    }
    return promised;
  }

 private:
  /// The equations of one camera or point by itself.
  template <int N>
  struct Block {
    Eigen::Matrix<double, N, N> product = Eigen::Matrix<double, N, N>::Zero();
    Eigen::Matrix<double, N, 1> gradient = Eigen::Matrix<double, N, 1>::Zero();

    void add(const Eigen::Matrix<double, 2, N>& jacobian, const Eigen::Vector2d& residual) {
      product.noalias() += jacobian.transpose() * jacobian;
      gradient.noalias() += jacobian.transpose() * residual;
    }

    /// What damping adds to the diagonal: lambda times itself, and something even where a parameter has no effect.
    Eigen::Matrix<double, N, 1> damping(double lambda) const { return lambda * product.diagonal().cwiseMax(1e-6); }

    Eigen::Matrix<double, N, N> damped(double lambda) const {
      Eigen::Matrix<double, N, N> result = product;
      result.diagonal() += damping(lambda);
      return result;
    }

    /// This block's part of the decrease that the linear model promises for the solution of the damped equations.
    double promise(double lambda, const Eigen::Matrix<double, N, 1>& shift) const {
      return shift.dot(damping(lambda).cwiseProduct(shift) - gradient) / 2;
    }
  };

  /// Where a camera and a point meet: an observation.
  struct Crossing {
    std::size_t camera;
    Eigen::Matrix<double, 9, 3> product;
  };

  static Eigen::Index at(std::size_t camera) { return static_cast<Eigen::Index>(9 * camera); }

  /// Takes a point out of the equations of the cameras that see it.
  void eliminate(std::size_t p, const Eigen::Matrix3d& inverse, Eigen::MatrixXd& schur, Eigen::VectorXd& right) const {
    for (const std::size_t i : of_point_[p]) {
      const Eigen::Matrix<double, 9, 3> weighted = crossings_[i].product * inverse;
      right.segment<9>(at(crossings_[i].camera)).noalias() += weighted * points_[p].gradient;
      for (const std::size_t k : of_point_[p]) {
        if (crossings_[k].camera <= crossings_[i].camera) {
          schur.block<9, 9>(at(crossings_[i].camera), at(crossings_[k].camera)).noalias() -=
              weighted * crossings_[k].product.transpose();
        }
      }
    }
  }

  std::vector<std::vector<std::size_t>> of_point_;
  std::vector<Block<9>> cameras_;
  std::vector<Block<3>> points_;
  std::vector<Crossing> crossings_;
};

/// Refines the cameras and points of a problem by the method of Levenberg and Marquardt, so that the sum of the squared
/// residuals becomes least; returns the last cost. `project` is the model, `linearise` returns it with its Jacobian,
/// `report` is called with the Progress of every iteration. Throws std::domain_error where the first cost is not
/// finite.
template <class Project, class Linearise, class Report>
double refine(Problem& problem, const Project& project, const Linearise& linearise, const Report& report,
              const Options& options = {}) {
  double current = cost(problem, project);
  if (!std::isfinite(current)) {
    throw std::domain_error("a point lies in the plane of a camera that sees it: the first cost is not finite");
  }
  NormalEquations equations(problem);
  equations.assemble(problem, linearise);
  double lambda = options.lambda;
  double growth = 2;
  for (int iteration = 1; iteration <= options.iterations; ++iteration) {
    const auto start = std::chrono::steady_clock::now();
    const double gradient_norm = equations.gradient_norm();
    if (gradient_norm <= options.gradient) {
      break;
    }
    Problem trial = problem;
    const double promised = equations.step(lambda, trial);
    const double next = cost(trial, project);
    const double gain = (current - next) / promised;
    const bool accepted = promised > 0 && gain > 0;  // not so where either cost is not a number
    const double decrease = accepted ? current - next : 0;
    const double used = lambda;
    if (accepted) {
      problem = std::move(trial);
      current = next;
      equations.assemble(problem, linearise);
      // Nielsen's rule: trust a model that foretold the gain, and do not jump about where it half did.
      lambda *= std::max(1.0 / 3, 1 - std::pow(2 * gain - 1, 3));
      growth = 2;
    } else {
      lambda *= growth;
      growth *= 2;
    }
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    report(Progress{iteration, current, gradient_norm, used, accepted, elapsed.count()});
    if (accepted ? decrease <= options.relative_decrease * current : lambda > 1e16) {
      break;
    }
  }
  return current;
}

}  // namespace bal
