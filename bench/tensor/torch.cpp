// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The tasks in libtorch, written as its users would, on one thread.
#include <torch/torch.h>

#include "task.hpp"

namespace bench {
namespace {

torch::Tensor tensor_of(const std::vector<double>& from, std::vector<int64_t> shape = {}) {
  if (shape.empty()) shape.push_back(static_cast<int64_t>(from.size()));
  return torch::from_blob(const_cast<double*>(from.data()), shape, torch::kFloat64).clone();
}

std::vector<double> gradients_of(const std::vector<torch::Tensor>& leaves) {
  std::vector<double> all;
  for (const torch::Tensor& leaf : leaves) {
    const torch::Tensor g = leaf.grad().contiguous();
    all.insert(all.end(), g.data_ptr<double>(), g.data_ptr<double>() + g.numel());
  }
  return all;
}

/// Counts what libtorch's own allocator gives out.
class Counting final : public c10::Allocator {
 public:
  static Counting& instance() {
    static Counting counting(c10::GetAllocator(c10::DeviceType::CPU));
    return counting;
  }
  c10::DataPtr allocate(std::size_t size) const override {
    bytes += static_cast<double>(size);
    peak = std::max(peak, bytes);
    struct Block {
      c10::DataPtr memory;
      std::size_t size;
    };
    auto* const block = new Block{inner_->allocate(size), size};
    return {block->memory.get(), block,
            [](void* context) {
              auto* const done = static_cast<Block*>(context);
              bytes -= static_cast<double>(done->size);
              delete done;
            },
            c10::Device(c10::DeviceType::CPU)};
  }
  static inline double bytes = 0, peak = 0;

 private:
  explicit Counting(c10::Allocator* inner) : inner_(inner) {}
  c10::Allocator* inner_;
};

struct Task : TensorTask {
  std::vector<torch::Tensor> leaves;

  Task() {
    torch::set_num_threads(1);
    torch::manual_seed(0);
  }
  torch::Tensor leaf(const torch::Tensor& x) {
    leaves.push_back(x.requires_grad_());
    return leaves.back();
  }
  std::vector<double> gradients() const override { return gradients_of(leaves); }
  double peak_bytes() override {
    forget();
    static c10::Allocator* const own = c10::GetAllocator(c10::DeviceType::CPU);
    static Counting& counting = Counting::instance();
    c10::SetAllocator(c10::DeviceType::CPU, &counting, 1);
    Counting::bytes = Counting::peak = 0;
    step();
    c10::SetAllocator(c10::DeviceType::CPU, own, 1);
    return Counting::peak;
  }
  void forget() {
    for (torch::Tensor& x : leaves) x.mutable_grad() = torch::Tensor();
  }
};

struct Chain final : Task {
  bool smooth;
  torch::Tensor x, y, w, b;

  explicit Chain(const ChainData& d)
      : smooth(d.sigmoid), x(tensor_of(d.x)), y(tensor_of(d.y)), w(leaf(tensor_of(d.w))), b(leaf(tensor_of(d.b))) {}
  double step() override {
    forget();
    const torch::Tensor z = x * w + b;
    const torch::Tensor loss = torch::square((smooth ? torch::sigmoid(z) : torch::relu(z)) * y - x).sum();
    loss.backward();
    return loss.item<double>();
  }
};

struct Small final : Task {
  torch::Tensor x, w;

  explicit Small(const SmallData& d) : x(tensor_of(d.x)), w(leaf(tensor_of(d.w))) {}
  double step() override {
    forget();
    torch::Tensor a = x * w;
    a = a + x;
    a = torch::exp(a);
    a = a * w;
    a = torch::sin(a);
    a = a - x;
    a = torch::tanh(a);
    a = a / x;
    a = a * a;
    const torch::Tensor loss = a.sum();
    loss.backward();
    return loss.item<double>();
  }
};

struct Training final : Task {
  torch::Tensor x, ideal, weight1, bias1, weight2, bias2;

  explicit Training(const TrainingData& d)
      : x(tensor_of(d.x, {size(d.batch), size(d.inputs)})),
        ideal(tensor_of(d.ideal, {size(d.batch), size(d.outputs)})) {
    weight1 = leaf(tensor_of(d.weight1, {size(d.hidden), size(d.inputs)}));
    bias1 = leaf(tensor_of(d.bias1));
    weight2 = leaf(tensor_of(d.weight2, {size(d.outputs), size(d.hidden)}));
    bias2 = leaf(tensor_of(d.bias2));
  }
  static int64_t size(std::size_t n) { return static_cast<int64_t>(n); }
  double step() override {
    for (torch::Tensor& p : leaves) {
      if (p.grad().defined()) p.grad().zero_();
    }
    const torch::Tensor prediction = torch::linear(torch::relu(torch::linear(x, weight1, bias1)), weight2, bias2);
    const torch::Tensor loss = torch::square(ideal - prediction).sum();
    loss.backward();
    torch::NoGradGuard guard;
    for (torch::Tensor& p : leaves) p.sub_(p.grad(), 1e-9);
    return loss.item<double>();
  }
};

}  // namespace

std::unique_ptr<TensorTask> torch_task(const ChainData& data) { return std::make_unique<Chain>(data); }
std::unique_ptr<TensorTask> torch_task(const SmallData& data) { return std::make_unique<Small>(data); }
std::unique_ptr<TensorTask> torch_task(const TrainingData& data) { return std::make_unique<Training>(data); }

}  // namespace bench
