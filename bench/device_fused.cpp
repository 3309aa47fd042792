// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Sums over two arrays with both gradients, as Duet's device arrays compute them on a back end of the processor,
// against a loop by hand and libtorch, each with as many threads as it likes:
//   device_fused_<back end> [N...]      (default 10000000)

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "device/formula.hpp"
#include "device/spread.hpp"
#include "device/task.hpp"
#include "harness.hpp"

namespace {

using Row = std::vector<std::string>;

template <class T>
double difference(const std::vector<T>& a, const std::vector<T>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    largest = std::max(largest, std::abs(double(a[i]) - double(b[i])) / (1 + std::abs(double(b[i]))));
  }
  return largest;
}

template <class F, class T>
Row race(std::size_t n) {
  const bench::FusedData<T> data{bench::spread_x<T>(n), bench::spread_y<T>(n)};
  const std::unique_ptr<bench::FusedTask<T>> tasks[] = {bench::hand_task<F>(data), bench::device_task<F>(data),
                                                        bench::host_task<F>(data), bench::torch_task<F>(data)};
  const double value = tasks[0]->step(), tolerance = sizeof(T) == 4 ? 1e-3 : 1e-9;
  const std::vector<T> gradients = tasks[0]->gradients();
  bench::Race race(bench::Race::wall);
  for (const auto& task : tasks) {
    if (!task) continue;
    if (std::abs(task->step() - value) > tolerance * std::abs(value)) throw std::runtime_error("the values differ");
    if (difference(task->gradients(), gradients) > tolerance) throw std::runtime_error("a wrong gradient");
    race.add([&task] { bench::keep(task->step()); }, 1);
  }
  race.run(15, 0.02);

  Row row{std::string(F::name) + (sizeof(T) == 4 ? ", float" : ", double") + ", n = " + std::to_string(n)};
  for (std::size_t k = 0; k < 4; ++k) row.push_back(tasks[k] ? bench::fixed(race.nanoseconds(k) * 1e-6, 3) : "-");
  row.push_back(bench::fixed(race.ratio(1, 0), 2));
  row.push_back(tasks[3] ? bench::fixed(race.ratio(3, 1), 2) : "-");
  return row;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::size_t> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(std::strtoull(argv[i], nullptr, 10));
  if (sizes.empty()) sizes = {10000000};
  std::vector<Row> rows{{"milliseconds", "hand", "Duet", "Duet's host", "libtorch", "Duet/hand", "libtorch/Duet"}};
  for (const std::size_t n : sizes) {
    rows.push_back(race<bench::Product, double>(n));
    rows.push_back(race<bench::Product, float>(n));
    rows.push_back(race<bench::Chain, double>(n));
    rows.push_back(race<bench::Chain, float>(n));
  }
  bench::print_table(rows);
}
