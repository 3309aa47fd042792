// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The quick start: refines a bundle-adjustment problem on Duet's Jacobians, then shows forward and reverse mode on the
// textbook function, and what they cost.  quickstart_main [PROBLEM], a file in the format "Bundle Adjustment in the
// Large".

#include <cstdio>
#include <duet/duet.hpp>
#include <exception>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "../hand/projection.hpp"
#include "../hand/seed.hpp"
#include "../harness.hpp"
#include "../points.hpp"
#include "../problem/seed.hpp"
#include "bal.hpp"
#include "levenberg_marquardt.hpp"
#include "residual.hpp"
#include "synthetic.hpp"
#include "trace.hpp"

namespace {

void adjust(bal::Problem problem) {
  std::printf("%zu cameras, %zu points, %zu observations\n\n", problem.cameras.size(), problem.points.size(),
              problem.observations.size());
  const bal::Projection project;
  const double before = bal::cost(problem, project);
  std::printf("iteration          cost  largest gradient    damping      time\n");
  std::printf("%9d  %12.6g\n", 0, before);
  const double after = bal::refine(problem, project, duet::value_and_jacobian(project), [](const bal::Progress& now) {
    std::printf("%9d  %12.6g  %16.3e  %9.1e  %6.1f ms%s\n", now.iteration, now.cost, now.gradient_norm, now.lambda,
                1e3 * now.seconds, now.accepted ? "" : "  step refused");
  });
  std::printf("\nreprojection error (root mean square): %.4f pixels before, %.4f pixels after\n",
              bal::rms(problem, before), bal::rms(problem, after));
}

/// A row of the table of times: one derivative by Duet and by hand, at the same points.
template <class Duet, class Hand, class Point>
std::vector<std::string> compare(const char* name, const Duet& duet, const Hand& hand,
                                 const std::vector<Point>& points) {
  bench::Race race;
  const auto ours = race.add([&] { bench::sweep(duet, points); }, points.size());
  const auto theirs = race.add([&] { bench::sweep(hand, points); }, points.size());
  race.run();
  return {name, bench::fixed(race.nanoseconds(ours), 1), bench::fixed(race.nanoseconds(theirs), 1),
          bench::fixed(race.ratio(ours, theirs), 2)};
}

void print_times() {
  std::vector<std::tuple<bal::Camera, bal::Point>> seen;
  const bal::Problem problem = bal::small_problem();
  for (const bal::Observation& observation : problem.observations) {
    seen.emplace_back(problem.cameras[observation.camera], problem.points[observation.point]);
  }
  std::printf("time of a derivative, with the value, in nanoseconds\n");
  bench::print_table({{"", "Duet", "by hand", "ratio"},
                      compare("gradient of ln(x1) + x1 x2 - sin(x2)", duet::value_and_grad(bench::Seed{}),
                              bench::hand::Seed{}, bench::points_between(std::tuple{0.5, -3.0}, std::tuple{4.0, 3.0})),
                      compare("2x12 Jacobian of the projection", duet::value_and_jacobian(bal::Projection{}),
                              bench::hand::Projection{}, seen)});
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc > 2) {
      throw std::invalid_argument("usage: quickstart_main [PROBLEM]");
    }
    if (argc == 1) {
      std::printf("no file given, so a generated problem: ");
    }
    adjust(argc == 2 ? bal::read(argv[1]) : bal::small_problem());
    std::printf("\n");
    trace::print();
    std::printf("\n");
    print_times();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "quickstart_main: %s\n", error.what());
    return 1;
  }
}
