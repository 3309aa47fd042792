// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Structs as arguments: gradients in their shape, parts by name, arithmetic, leaves in a row.

#include <array>
#include <boost/hana/accessors.hpp>
#include <boost/hana/define_struct.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/string.hpp>
#include <boost/hana/tuple.hpp>
#include <cmath>
#include <cstdio>
#include <duet/duet.hpp>
#include <string>
#include <vector>

// A struct that is a template, with names for its members ...
template <class T>
struct Camera {
  BOOST_HANA_DEFINE_STRUCT(Camera, (std::array<T, 3>, rotation), (T, focal));
};

// ... and one without a macro, whose members have positions.
template <class T>
struct Scene {
  Camera<T> camera;
  std::pair<T, T> shift;
};

constexpr auto energy = []<class T>(const Scene<T>& s) {
  const auto& [x, y, z] = s.camera.rotation;
  return s.camera.focal * (x * y + z * z) + s.shift.first * s.shift.second;
};
constexpr Scene<double> scene{{{1, 2, 3}, 4}, {5, 6}};

// The gradient is a Scene<double>.
constexpr Scene<double> g = duet::grad(energy)(scene);
static_assert(g.camera.rotation == std::array{8.0, 4.0, 24.0} && g.camera.focal == 11);
static_assert(g.shift == std::pair(6.0, 5.0));

// A description of a template from outside; its order is the order of the leaves.
template <class T>
struct Line {
  T slope, offset;
};
template <class T>
struct boost::hana::accessors_impl<Line<T>> {
  static constexpr auto apply() {
    const auto offset = [](auto&& line) -> auto& { return line.offset; };
    const auto slope = [](auto&& line) -> auto& { return line.slope; };
    return make_tuple(make_pair(BOOST_HANA_STRING("offset"), offset), make_pair(BOOST_HANA_STRING("slope"), slope));
  }
};
constexpr auto product = [](const auto& line) { return line.slope * line.offset; };
static_assert(duet::jacobian(product)(Line<double>{3, 5})(0, 0) == 3);  // with respect to the offset

// Parts by name: members by their names, everything else by position.
constexpr auto view = [](const auto& camera, const auto& x) { return camera.focal * x + camera.rotation[2]; };
constexpr Camera<double> camera{{1, 2, 3}, 4};
static_assert(duet::grad(view, duet::wrt<"focal">)(camera, 5.0) == 5);
static_assert(duet::grad(view, duet::wrt<"rotation">)(camera, 5.0) == std::array{0.0, 0.0, 1.0});
static_assert(duet::grad(view, duet::wrt<"focal", "[1]">)(camera, 5.0) == std::tuple(5.0, 4.0));
static_assert(duet::grad(energy, duet::wrt<"[0].rotation[2]">)(scene) == 24);

// A peak in a spectrum; its kind is no number to differentiate, but decides what is computed.
template <class T>
struct Peak {
  BOOST_HANA_DEFINE_STRUCT(Peak, (T, amplitude), (T, centre), (T, sigma), (bool, lorentzian));

  T operator()(double x) const {
    const T u = (x - centre) / sigma;
    return lorentzian ? T(amplitude / (1 + u * u)) : T(amplitude * exp(-0.5 * u * u));
  }
};

constexpr auto misfit = []<class T>(const Peak<T>& peak, const std::vector<double>& xs, const std::vector<double>& ys) {
  T sum = 0;
  for (std::size_t i = 0; i < xs.size(); ++i) sum += square(peak(xs[i]) - ys[i]);
  return T(sum / static_cast<double>(xs.size()));
};

// Gradient descent on the struct itself.
Peak<double> fit(Peak<double> peak, const std::vector<double>& xs, const std::vector<double>& ys) {
  using namespace duet::structure_operators;
  for (int i = 0; i < 2000; ++i) {
    const Peak<double> slope = duet::grad(misfit, duet::wrt<0>)(peak, xs, ys);
    if (duet::norm(slope) < 1e-8) break;
    peak = peak - 0.5 * slope;
  }
  return peak;
}

int main() {
  const Peak<double> truth{2, 0.5, 0.8, true};
  std::vector<double> xs, ys;
  for (int i = -20; i <= 20; ++i) {
    xs.push_back(0.1 * i);
    ys.push_back(truth(xs.back()));
  }
  const Peak<double> found = fit(Peak<double>{1, 0, 1, true}, xs, ys);

  // Leaves in a row, with their names.
  const std::vector<double> row = duet::flatten(found);
  const std::vector<std::string> names = duet::leaf_names(found);
  for (std::size_t i = 0; i < row.size(); ++i) std::printf("%s = %.4f\n", names[i].c_str(), row[i]);
  const bool same = duet::unflatten(found, row).sigma == found.sigma;

  // Without operators.
  const Peak<double> difference = duet::axpy(-1, truth, found);
  const bool close = duet::norm(difference) < 1e-6 && found.lorentzian;
  return same && close ? 0 : 1;
}
