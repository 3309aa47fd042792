// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The kernels of a pass on a GPU against the executor on the host. Prints one line per property and exits with the
// number of those that do not hold.
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>

#include <duet/device/cuda/elements.hpp>
#include <duet/tree/row.hpp>

#include "graphs.hpp"

namespace {

using namespace duet;
using namespace duet::test;
using device::check;

int failures = 0;

void report(const std::string& property, bool holds) {
  std::printf("%s  %s\n", holds ? "ok    " : "FAILED", property.c_str());
  if (!holds) ++failures;
}

/// An array on the device. `shift` elements before it are left, so that it is not aligned.
template <class T>
class Array {
 public:
  explicit Array(std::size_t size, std::size_t shift = 0) : size_(size), shift_(shift) {
    check(cudaMalloc(&data_, (size + shift + 1) * sizeof(T)), "allocating");
    check(cudaMemset(data_, 0xFF, (size + shift + 1) * sizeof(T)), "filling");
  }
  explicit Array(const std::vector<T>& values, std::size_t shift = 0) : Array(values.size(), shift) {
    check(cudaMemcpy(data(), values.data(), size_ * sizeof(T), cudaMemcpyHostToDevice), "copying");
  }
  Array(Array&& other) noexcept : data_(other.data_), size_(other.size_), shift_(other.shift_) {
    other.data_ = nullptr;
  }
  ~Array() { cudaFree(data_); }
  T* data() const { return data_ + shift_; }
  std::vector<T> values() const {
    std::vector<T> result(size_);
    check(cudaMemcpy(result.data(), data(), size_ * sizeof(T), cudaMemcpyDeviceToHost), "copying back");
    return result;
  }

 private:
  T* data_ = nullptr;
  std::size_t size_, shift_;
};

/// A case of a pass: the shapes of arrays and outputs.
struct Case {
  Shape whole;
  std::vector<Shape> from, to;
  std::size_t shift = 0;     ///< elements by which arrays are off their alignment
  std::vector<int> first{};  ///< empty: each output has its own target
  int absent = -1;           ///< an array that is not given
  int unwanted = -1;         ///< an output that nobody wants
};

double sample(std::size_t i, std::size_t k) {
  return 0.1 + 0.8 * std::fmod(static_cast<double>(i) * 0.6180339887498949 + 0.37 * static_cast<double>(k), 1.0);
}

/// The results on the host, with the sums of the magnitudes of what was added.
template <class Maker, class T, int N, int P, int M>
void expect(const Case& c, const std::vector<std::vector<T>>& x, const T* numbers,
            std::vector<std::vector<long double>>& sums, std::vector<std::vector<long double>>& magnitudes) {
  using Owner = graph::Frozen<Maker>;
  std::vector<Shape> steps;
  for (const Shape& shape : c.from) steps.push_back(tensor::steps_of(shape, c.whole));
  for (const Shape& shape : c.to) {
    steps.push_back(tensor::steps_of(shape, c.whole));
    sums.emplace_back(tensor::size_of(shape), 0.0L);
    magnitudes.emplace_back(tensor::size_of(shape), 0.0L);
  }
  for (std::size_t e = 0; e < tensor::size_of(c.whole); ++e) {
    std::vector<std::size_t> at(N + M, 0);
    std::size_t rest = e;
    for (std::size_t axis = c.whole.size(); axis-- > 0; rest /= c.whole[axis]) {
      for (std::size_t k = 0; k < at.size(); ++k) at[k] += rest % c.whole[axis] * steps[k][axis];
      if (axis == 0) break;
    }
    double inputs[N + P > 0 ? N + P : 1];
    for (int k = 0; k < N; ++k) inputs[k] = k == c.absent ? 0.0 : static_cast<double>(x[k][at[k]]);
    for (int k = 0; k < P; ++k) inputs[N + k] = static_cast<double>(numbers[k]);
    graph::execute<Owner, double>(tree::Leaves<double, N + P>{inputs}, [&](const auto& y) {
      tree::for_each_index<M>([&](auto k) {
        const int target = c.first.empty() ? static_cast<int>(k) : c.first[k];
        const double value = y.template get<k>();
        sums[target][at[N + target]] += value;
        magnitudes[target][at[N + target]] += std::abs(value);
      });
      return 0;
    });
  }
}

template <class Maker, class T, int N, int P, int M>
class Check {
 public:
  Check(const Case& c) : case_(c) {
    for (std::size_t k = 0; k < N; ++k) {
      x_.emplace_back();
      for (std::size_t i = 0; i < tensor::size_of(c.from[k]); ++i) x_[k].push_back(static_cast<T>(sample(i, k)));
      arrays_.emplace_back(x_[k], c.shift);
    }
    for (int k = 0; k < P; ++k) numbers_[k] = static_cast<T>(0.5 + 0.25 * k);
    for (const Shape& shape : c.to) results_.emplace_back(tensor::size_of(shape), c.shift);
  }

  tensor::Pass<T, N, P, M> pass() const {
    tensor::Pass<T, N, P, M> p{};
    p.whole = &case_.whole;
    for (int k = 0; k < N; ++k) {
      p.from[k] = k == case_.absent ? nullptr : arrays_[k].data();
      p.from_shape[k] = &case_.from[k];
    }
    p.numbers = numbers_;
    for (int k = 0; k < M; ++k) {
      p.first[k] = case_.first.empty() ? k : case_.first[k];
      p.to[k] = k == case_.unwanted ? nullptr : results_[p.first[k]].data();
      p.to_shape[k] = &case_.to[p.first[k]];
    }
    return p;
  }

  bool holds() {
    const auto p = pass();
    std::vector<std::vector<long double>> sums, magnitudes;
    expect<Maker, T, N, P, M>(case_, x_, numbers_, sums, magnitudes);
    std::vector<std::vector<T>> before;
    for (int time = 0; time < 3; ++time) {
      tensor::Elements<Device>::run<Maker>(p);
      check(cudaDeviceSynchronize(), "running");
      std::vector<std::vector<T>> now;
      for (int k = 0; k < M; ++k) {
        now.push_back(k == case_.unwanted || p.first[k] != k ? std::vector<T>() : results_[k].values());
      }
      if (time > 0 && !identical(now, before)) {
        std::printf("        the results differ from run to run\n");
        return false;
      }
      before = std::move(now);
    }
    for (int k = 0; k < M; ++k) {
      for (std::size_t i = 0; i < before[k].size(); ++i) {
        // rounded operands make an error of about their size in what nearly cancels
        const auto error = static_cast<double>(std::abs(static_cast<long double>(before[k][i]) - sums[k][i]));
        const auto scale = static_cast<double>(magnitudes[k][i] + 1);
        if (!(error <= 16 * std::numeric_limits<T>::epsilon() * scale)) {
          std::printf("        output %d, element %zu: %.17g instead of %.17g\n", k, i,
                      static_cast<double>(before[k][i]), static_cast<double>(sums[k][i]));
          return false;
        }
      }
    }
    return true;
  }

  /// How many kernels the pass starts.
  std::size_t kernels() {
    cudaStream_t stream;
    check(cudaStreamCreate(&stream), "making a stream");
    device::stream_of_thread = stream;
    tensor::Elements<Device>::run<Maker>(pass());
    cudaGraph_t captured;
    check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), "beginning to capture");
    tensor::Elements<Device>::run<Maker>(pass());
    check(cudaStreamEndCapture(stream, &captured), "capturing");
    std::size_t count = 0;
    check(cudaGraphGetNodes(captured, nullptr, &count), "counting");
    cudaGraphDestroy(captured);
    cudaStreamDestroy(stream);
    device::stream_of_thread = nullptr;
    return count;
  }

 private:
  static bool identical(const std::vector<std::vector<T>>& a, const std::vector<std::vector<T>>& b) {
    for (std::size_t k = 0; k < a.size(); ++k) {
      if (std::memcmp(a[k].data(), b[k].data(), a[k].size() * sizeof(T)) != 0) return false;
    }
    return true;
  }

  Case case_;
  std::vector<std::vector<T>> x_;
  T numbers_[P > 0 ? P : 1]{};
  std::vector<Array<T>> arrays_, results_;
};

template <class T>
void even(const std::string& type) {
  using Both = ValueAndGradients<ExpTimes, 2, 2>;
  bool sizes = true, shifted = true, single = true, shared = true, stored = true;
  for (std::size_t n : {0, 1, 2, 3, 4, 5, 7, 255, 256, 257, 1023, 4096, 10000, 100003, 1000000, 3000001}) {
    const Shape one, all{n};
    sizes = sizes && Check<Both, T, 2, 0, 3>({all, {all, all}, {all, all, one}}).holds();
    shifted = shifted && Check<Both, T, 2, 0, 3>({all, {all, all}, {all, all, one}, 1}).holds();
    single = single && Check<Both, T, 2, 0, 3>({all, {all, one}, {all, one, one}}).holds();
    shared = shared && Check<Both, T, 2, 0, 3>({all, {all, all}, {all, all, one}, 0, {0, 0, 2}}).holds();
    stored = stored && Check<Both, T, 2, 0, 3>({all, {all, all}, {all, all, all}, 0, {}, -1, 1}).holds();
  }
  report(type + ": value and gradients are those of the host, for many sizes", sizes);
  report(type + ": also where arrays are not aligned", shifted);
  report(type + ": a number's gradient is summed", single);
  report(type + ": gradients with one target are added up", shared);
  report(type + ": the value can be stored, and a gradient left out", stored);
  using Twelve = ValueAndGradients<TwelveOperations, 2, 4>;
  const Shape many{100001};
  report(type + ": numbers shared by all elements",
         Check<Twelve, T, 2, 2, 3>({many, {many, many}, {many, many, {}}}).holds());
  report(
      type + ": an array that the graph does not depend on need not be there",
      Check<ValueAndGradients<OnlyFirst, 2, 2>, T, 2, 0, 3>({many, {many, many}, {many, many, {}}, 0, {}, 1}).holds());
  report(type + ": one kernel for value and gradients",
         Check<Both, T, 2, 0, 3>({many, {many, many}, {many, many, {}}}).kernels() == 1);
}

template <class T>
void uneven(const std::string& type) {
  using Both = ValueAndGradients<ExpTimes, 2, 2>;
  const std::vector<std::pair<Shape, Shape>> pairs = {{{5, 7}, {7}},
                                                      {{5, 8}, {8}},
                                                      {{5, 7}, {5, 1}},
                                                      {{5, 8}, {5, 1}},
                                                      {{6, 1}, {1, 9}},
                                                      {{4, 1, 6}, {1, 5, 1}},
                                                      {{4, 1, 8}, {1, 5, 1}},
                                                      {{2, 3, 1, 4}, {3, 5, 1}},
                                                      {{1000, 3}, {3}},
                                                      {{1000, 4}, {4}},
                                                      {{3, 100000}, {3, 1}},
                                                      {{100000, 3}, {1, 3}},
                                                      {{300, 400}, {400}},
                                                      {{300, 400}, {300, 1}},
                                                      {{2, 70000}, {70000}},
                                                      {{70000, 2}, {70000, 1}},
                                                      {{20, 30, 40}, {20, 1, 40}},
                                                      {{20, 30, 40}, {30, 1}},
                                                      {{1, 8, 1, 8, 1}, {8, 1, 8, 1, 8}},
                                                      {{0, 3}, {3}},
                                                      {{3, 0}, {3, 1}},
                                                      {{9000, 33}, {9000, 1}},
                                                      {{33, 9000}, {9000}}};
  bool all = true, shifted = true, kept = true;
  for (const auto& [a, b] : pairs) {
    const Shape whole = tensor::broadcast("test", a, b);
    all = all && Check<Both, T, 2, 0, 3>({whole, {a, b}, {a, b, {}}}).holds();
    shifted = shifted && Check<Both, T, 2, 0, 3>({whole, {a, b}, {a, b, {}}, 1}).holds();
    Shape sum = whole;
    sum.back() = 1;
    kept = kept && Check<Both, T, 2, 0, 3>({whole, {whole, whole}, {whole, sum, b}}).holds();
  }
  report(type + ": arrays broadcast, and gradients are summed over the axes of their arrays", all);
  report(type + ": also where arrays are not aligned", shifted);
  report(type + ": sums over some axes of arrays of equal shape", kept);
  report(type + ": one kernel, and one more for each output that is summed over some axes",
         Check<Both, T, 2, 0, 3>({{30, 40}, {{30, 40}, {40}}, {{30, 40}, {40}, {}}}).kernels() == 2);
}

template <class T>
void rows(const std::string& type) {
  const Shape all{1001};
  constexpr int M = graph::Frozen<AllRows>::extent.outputs;
  report(type + ": all rows of the op table",
         Check<AllRows, T, 3, 0, M>({all, {all, all, all}, std::vector<Shape>(M, all)}).holds());
}

/// `y` of the graph of `Maker`'s output `k` by the interpreter, against the executor on the host.
template <class Maker, class T>
bool interpreted(const Shape& whole, const std::vector<Shape>& from, int output, std::size_t shift = 0) {
  graph::Graph g = graph::thaw(graph::Frozen<Maker>::graph);
  g.outputs = {g.outputs[output]};
  std::vector<std::vector<T>> x;
  std::vector<Array<T>> arrays;
  Array<T> y(tensor::size_of(whole), shift);
  std::vector<T> expected(tensor::size_of(whole));
  tensor::GraphPass<T> pass{g, &whole, {}, {}, y.data()}, host{g, &whole, {}, {}, expected.data()};
  for (std::size_t k = 0; k < from.size(); ++k) {
    x.emplace_back();
    for (std::size_t i = 0; i < tensor::size_of(from[k]); ++i) x[k].push_back(static_cast<T>(sample(i, k)));
    arrays.emplace_back(x[k], shift);
  }
  for (std::size_t k = 0; k < from.size(); ++k) {
    pass.from.push_back(arrays[k].data());
    host.from.push_back(x[k].data());
    pass.shapes.push_back(&from[k]);
    host.shapes.push_back(&from[k]);
  }
  tensor::Interpreter<Device>::run(pass);
  if (tensor::size_of(whole) > 0) tensor::Interpreter<Host>::run(host);
  check(cudaDeviceSynchronize(), "running");
  const std::vector<T> found = y.values();
  for (std::size_t i = 0; i < found.size(); ++i) {
    const T error = std::abs(found[i] - expected[i]);
    if (!(error <= 16 * std::numeric_limits<T>::epsilon() * (std::abs(expected[i]) + 1))) {
      std::printf("        output %d, element %zu: %.17g instead of %.17g\n", output, i, static_cast<double>(found[i]),
                  static_cast<double>(expected[i]));
      return false;
    }
  }
  return true;
}

/// A sum of many products, of which many are needed at a time.
struct Wide {
  static constexpr int inputs = 40;
  static graph::Graph make() {
    graph::Recorder r;
    const graph::List<int> x = graph::inputs(r, inputs);
    graph::List<int> rows;
    for (int k = 0; k < 60; ++k)
      rows.push_back(r.emit<op::Sin>(r.emit<op::Multiply>(x[k % inputs], x[(7 * k + 1) % inputs])));
    int y = rows[0];
    for (int k = 0; k < 600; ++k) y = r.emit<op::Add>(y, r.emit<op::Multiply>(rows[k % 60], r.constant(1.0 / (k + 1))));
    return graph::extract(r, {y});
  }
};

template <class T>
bool wide() {
  const graph::Graph g = Wide::make();
  const Shape whole{1000}, one{1};
  std::vector<T> x(1000), expected(1000);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<T>(sample(i, 0));
  const Array<T> from(x), y(1000);
  tensor::GraphPass<T> pass{g, &whole, {}, {}, y.data()}, host{g, &whole, {}, {}, expected.data()};
  for (int k = 0; k < Wide::inputs; ++k) {
    pass.from.push_back(from.data() + 4 * k);
    host.from.push_back(x.data() + 4 * k);
    pass.shapes.push_back(k % 3 == 0 ? &one : &whole);
    host.shapes.push_back(k % 3 == 0 ? &one : &whole);
  }
  // the arrays overlap, and end where the first one does
  const Shape part{1000 - 4 * Wide::inputs};
  pass.whole = host.whole = &part;
  for (int k = 0; k < Wide::inputs; ++k) {
    if (k % 3 != 0) pass.shapes[static_cast<std::size_t>(k)] = host.shapes[static_cast<std::size_t>(k)] = &part;
  }
  tensor::Interpreter<Device>::run(pass);
  tensor::Interpreter<Host>::run(host);
  check(cudaDeviceSynchronize(), "running");
  const std::vector<T> found = y.values();
  for (std::size_t i = 0; i < part[0]; ++i) {
    if (!(std::abs(found[i] - expected[i]) <= 256 * std::numeric_limits<T>::epsilon())) return false;
  }
  return true;
}

template <class T>
void interpreter(const std::string& type) {
  bool all = true, shapes = true;
  const Shape flat{1001};
  for (int k = 0; k < graph::Frozen<AllRows>::extent.outputs; ++k) {
    all = interpreted<AllRows, T>(flat, {flat, flat, flat}, k) && all;
  }
  for (const auto& [a, b] : std::vector<std::pair<Shape, Shape>>{{{1}, {1}},
                                                                 {{5, 7}, {7}},
                                                                 {{5, 8}, {5, 1}},
                                                                 {{4, 1, 8}, {1, 5, 1}},
                                                                 {{100000}, {}},
                                                                 {{0, 3}, {3}},
                                                                 {{6, 1}, {1, 9}}}) {
    for (std::size_t shift : {0, 1}) {
      const Shape whole = tensor::broadcast("test", a, b);
      shapes = interpreted<ValueAndGradients<ExpTimes, 2, 2>, T>(whole, {a, b}, 0, shift) && shapes;
    }
  }
  report(type + ": all rows of the op table are interpreted", all);
  report(type + ": graphs are interpreted on arrays that broadcast", shapes);
  report(type + ": a graph that needs more than the machine holds is cut", wide<T>());
}

}  // namespace

int main() {
  try {
    rows<double>("double");
    rows<float>("float");
    interpreter<double>("double");
    interpreter<float>("float");
    even<double>("double");
    even<float>("float");
    uneven<double>("double");
    uneven<float>("float");
  } catch (const std::exception& error) {
    std::printf("FAILED  %s\n", error.what());
    return 1;
  }
  std::printf("%d failures\n", failures);
  return failures;
}
