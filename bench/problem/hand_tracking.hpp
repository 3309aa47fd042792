// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

#include "hand_model.hpp"

namespace bench {

/// GradBench's `ht`, from ADBench: how far measured points are from a hand in a pose. A pose has 26 numbers: rotation
/// vector and translation of the whole, and for each of five fingers the angles of three joints, of which the first has
/// a second angle, to the side. A measured point belongs to a point of the skin or, in the complicated variant, to a
/// place in a triangle of skin points, given by two further variables for each.
struct HandTracking {
  static constexpr std::size_t pose_size = 26;

  HandModel hand;
  std::vector<std::array<double, 3>> measured;
  std::vector<std::size_t> nearest;                   // the skin point of each measured one, or
  std::vector<std::array<std::size_t, 3>> triangles;  // the corners of its triangle

  bool has_triangles() const { return !triangles.empty(); }

  /// The differences, three for each point; x is the pose and then the two variables of each point, if any.
  template <class T>
  std::vector<T> operator()(const std::vector<T>& x) const {
    std::vector<T> errors(3 * measured.size());
    std::vector<std::array<T, 3>> positions;
    each_error(
        x, [&](std::size_t k) -> const T& { return x[pose_size + k]; }, positions,
        [&](std::size_t i, const T& error) { errors[i] = error; });
    return errors;
  }

  /// The same, with `variable(k)` for the variables after the pose, and each difference given to `take(i, difference)`.
  /// `positions` will be where the skin is.
  template <class T, class Variable, class Take>
  void each_error(const std::vector<T>& pose, const Variable& variable, std::vector<std::array<T, 3>>& positions,
                  const Take& take) const {
    place_skin(pose, positions);
    for (std::size_t i = 0; i < measured.size(); ++i) {
      if (has_triangles()) {
        const auto& [a, b, c] = triangles[i];
        const T u = variable(2 * i);
        const T v = variable(2 * i + 1);
        const T w = 1.0 - u - v;
        for (std::size_t j = 0; j < 3; ++j) {
          take(3 * i + j, T(measured[i][j] - (u * positions[a][j] + v * positions[b][j] + w * positions[c][j])));
        }
      } else {
        for (std::size_t j = 0; j < 3; ++j) {
          take(3 * i + j, T(measured[i][j] - positions[nearest[i]][j]));
        }
      }
    }
  }

 private:
  /// Where the skin is in a pose.
  template <class T>
  void place_skin(const std::vector<T>& pose, std::vector<std::array<T, 3>>& positions) const {
    const Skeleton<T> skeleton(hand, pose);
    const std::array<T, 9> rotation = global_rotation(pose);
    positions.resize(hand.skin.size());
    for (std::size_t i = 0; i < positions.size(); ++i) {
      const std::array<T, 3> x = skeleton.place(hand.skin[i], hand.is_mirrored);
      for (std::size_t j = 0; j < 3; ++j) {
        positions[i][j] =
            rotation[3 * j] * x[0] + rotation[3 * j + 1] * x[1] + rotation[3 * j + 2] * x[2] + pose[3 + j];
      }
    }
  }

  /// Row by row, of the rotation vector that a pose begins with; where its length is below 1e-4, none.
  template <class T>
  static std::array<T, 9> global_rotation(const std::vector<T>& pose) {
    using std::cos;
    using std::sin;
    using std::sqrt;
    const T angle = sqrt(pose[0] * pose[0] + pose[1] * pose[1] + pose[2] * pose[2]);
    if (angle < 1e-4) return {T(1.0), T(0.0), T(0.0), T(0.0), T(1.0), T(0.0), T(0.0), T(0.0), T(1.0)};
    const T x = pose[0] / angle;
    const T y = pose[1] / angle;
    const T z = pose[2] / angle;
    const T c = cos(angle);
    const T s = sin(angle);
    const T d = 1.0 - c;
    return {x * x * d + c,     x * y * d - z * s, x * z * d + y * s,  //
            x * y * d + z * s, y * y * d + c,     y * z * d - x * s,  //
            x * z * d - y * s, y * z * d + x * s, z * z * d + c};
  }

  /// Where a pose takes the bones. Those below no joint with an angle stay at rest, whatever the pose.
  template <class T>
  class Skeleton {
   public:
    Skeleton(const HandModel& hand, const std::vector<T>& pose) {
      const std::size_t count = hand.bones.size();
      std::vector<Affine<double>> resting(count);
      std::vector<Affine<T>> moved(count);
      is_moved_.resize(count);
      resting_skin_.resize(count);
      moved_skin_.resize(count);
      for (std::size_t i = 0; i < count; ++i) {
        const HandModel::Bone& bone = hand.bones[i];
        const std::optional<Affine<T>> joint = joint_of(i, bone.relative, pose);
        const bool parent_moved = bone.parent >= 0 && is_moved_[bone.parent];
        is_moved_[i] = joint || parent_moved;
        if (!is_moved_[i]) {
          resting[i] = bone.parent < 0 ? bone.relative : compose<double>(resting[bone.parent], bone.relative);
          resting_skin_[i] = compose<double>(resting[i], bone.from_skin);
          continue;
        }
        if (parent_moved) {
          moved[i] = joint ? compose<T>(moved[bone.parent], *joint) : compose<T>(moved[bone.parent], bone.relative);
        } else {
          moved[i] = bone.parent < 0 ? *joint : compose<T>(resting[bone.parent], *joint);
        }
        moved_skin_[i] = compose<T>(moved[i], bone.from_skin);
      }
    }

    /// Where a point of the skin is before the hand is turned as a whole.
    std::array<T, 3> place(const HandModel::SkinPoint& point, bool is_mirrored) const {
      const auto& [x, y, z] = point.at_rest;
      std::array<double, 3> rest{};
      std::array<T, 3> place;
      bool moves = false;
      for (const auto& [bone, weight] : point.influences) {
        for (std::size_t j = 0; j < 3; ++j) {
          if (is_moved_[bone]) {
            const T* const row = &moved_skin_[bone][4 * j];
            if (moves) {
              place[j] += weight * x * row[0] + weight * y * row[1] + weight * z * row[2] + weight * row[3];
            } else {
              place[j] = weight * x * row[0] + weight * y * row[1] + weight * z * row[2] + weight * row[3];
            }
          } else {
            const double* const row = &resting_skin_[bone][4 * j];
            rest[j] += weight * (x * row[0] + y * row[1] + z * row[2] + row[3]);
          }
        }
        moves = moves || is_moved_[bone];
      }
      for (std::size_t j = 0; j < 3; ++j) {
        if (moves) {
          place[j] += rest[j];
        } else {
          place[j] = rest[j];
        }
      }
      if (is_mirrored) place[0] = -place[0];
      return place;
    }

   private:
    /// Bone 4 f + k of finger f is at joint k - 1, for k = 2, 3, 4; the others have no angles.
    static std::optional<Affine<T>> joint_of(std::size_t bone, const Affine<double>& relative,
                                             const std::vector<T>& pose) {
      using std::cos;
      using std::sin;
      if (bone < 2 || bone > 20 || bone % 4 == 1) return std::nullopt;
      const std::size_t finger = (bone - 2) / 4;
      const std::size_t joint = (bone - 2) % 4;
      const T& bend = pose[6 + 4 * finger + (joint == 0 ? 0 : joint + 1)];
      const T c = cos(bend);
      const T s = sin(bend);
      Affine<T> result;
      // relative times a rotation about the x-axis and then, at a first joint, one about the z-axis
      for (std::size_t i = 0; i < 12; i += 4) {
        result[i + 3] = relative[i + 3];
        if (joint == 0) {
          const T& aside = pose[7 + 4 * finger];
          const T x = relative[i] * cos(aside) + relative[i + 1] * sin(aside);
          const T y = relative[i + 1] * cos(aside) - relative[i] * sin(aside);
          result[i] = x;
          result[i + 1] = y * c + relative[i + 2] * s;
          result[i + 2] = relative[i + 2] * c - y * s;
        } else {
          result[i] = relative[i];
          result[i + 1] = relative[i + 1] * c + relative[i + 2] * s;
          result[i + 2] = relative[i + 2] * c - relative[i + 1] * s;
        }
      }
      return result;
    }

    std::vector<bool> is_moved_;
    std::vector<Affine<double>> resting_skin_;
    std::vector<Affine<T>> moved_skin_;
  };
};

}  // namespace bench
