// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Trains a small network on Fisher's irises:  train docs/data/iris.csv [loss.svg]

#include <cstdio>
#include <duet/tensor.hpp>
#include <filesystem>
#include <xtensor/xview.hpp>

#include "curves.hpp"

using duet::Tensor;
namespace nn = duet::nn;
namespace optim = duet::optim;

// A model is a struct of layers, or of tensors, that can be called.
template <class T>
struct Net {
  BOOST_HANA_DEFINE_STRUCT(Net, (nn::Linear<T>, hidden), (nn::Linear<T>, output));

  auto operator()(const auto& x) const { return output(tanh(hidden(x))); }
};

// Some flowers: four lengths each, and a species out of three.
struct Flowers {
  Tensor<double> lengths;
  duet::Indices species;

  std::size_t count() const { return species.size(); }

  // Those with these numbers.
  Flowers operator()(const duet::Indices& numbers) const {
    duet::Indices chosen = numbers;
    for (std::ptrdiff_t& one : chosen) one = species(one);
    return {index_select(lengths, 0, numbers), chosen};
  }
};

Flowers read(const char* path) {
  std::ifstream file(path);
  std::vector<double> lengths;
  std::vector<std::ptrdiff_t> species;
  for (std::string line; std::getline(file, line);) {
    double x[4];
    char name[16];
    if (std::sscanf(line.c_str(), "%lf,%lf,%lf,%lf,%15s", x, x + 1, x + 2, x + 3, name) != 5) continue;  // the title
    lengths.insert(lengths.end(), x, x + 4);
    species.push_back(std::string(name) == "setosa" ? 0 : std::string(name) == "versicolor" ? 1 : 2);
  }
  const std::size_t count = species.size();
  return {Tensor<double>(xt::adapt(lengths, std::vector{count, std::size_t{4}})),
          xt::adapt(species, std::vector{count})};
}

// The fraction of the flowers whose species is guessed right.
double accuracy(const auto& net, const Flowers& flowers) {
  const duet::NoGrad guard;
  const duet::Indices guess = argmax(net(flowers.lengths), 1);
  double right = 0;
  for (std::size_t i = 0; i < flowers.count(); ++i) right += guess(i) == flowers.species(i);
  return right / static_cast<double>(flowers.count());
}

void show_progress(int epoch, int epochs, double loss) {
  const int done = 40 * (epoch + 1) / epochs;
  std::fprintf(stderr, "\r[%-40.*s] epoch %3d, loss %.4f", done, "########################################", epoch + 1,
               loss);
}

// Numbers 0, 1, ... of which every fifth is taken, or left out.
duet::Indices numbers(std::size_t count, bool every_fifth) {
  std::vector<std::ptrdiff_t> taken;
  for (std::size_t i = 0; i < count; ++i) {
    if ((i % 5 == 4) == every_fifth) taken.push_back(static_cast<std::ptrdiff_t>(i));
  }
  return xt::adapt(taken, std::vector{taken.size()});
}

// The numbers from 0 to count - 1 in random order.
duet::Indices shuffled(std::size_t count, duet::Generator& generator) {
  duet::Indices order = xt::arange<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(count));
  for (std::size_t i = count; i > 1; --i) std::swap(order(i - 1), order(generator.index(i)));
  return order;
}

int main(int count, char** arguments) {
  if (count < 2) return 2;
  const Flowers all = read(arguments[1]);
  Flowers train = all(numbers(all.count(), false)), test = all(numbers(all.count(), true));

  // Lengths in units of their standard deviation, from their mean.
  const Tensor<double> centre = mean(train.lengths, 0), scale = duet::std(train.lengths, 0);
  train.lengths = (train.lengths - centre) / scale;
  test.lengths = (test.lengths - centre) / scale;

  // Parameters begin with random numbers, the same for the same seed.
  duet::Generator generator(1);
  const Net<double> net{nn::Linear(4, 16, generator), nn::Linear(16, 3, generator)};
  optim::AdamW optimizer(duet::parameters(net));

  // Batches of 24 flowers, in a new order in each epoch.
  constexpr int epochs = 80;
  constexpr std::size_t batch = 24;
  std::vector<double> losses, held_out;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    optimizer.options.lr = optim::cosine_rate(0.02, epoch, epochs);
    const duet::Indices order = shuffled(train.count(), generator);
    double total = 0;
    for (std::size_t first = 0; first < train.count(); first += batch) {
      const Flowers some = train(xt::view(order, xt::range(first, first + batch)));
      const Tensor<double> loss = cross_entropy(net(some.lengths), some.species);
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
      total += loss.item();
    }
    losses.push_back(total / static_cast<double>(train.count() / batch));
    const duet::NoGrad guard;
    held_out.push_back(cross_entropy(net(test.lengths), test.species).item());
    show_progress(epoch, epochs, losses.back());
  }
  const double right = accuracy(net, test);
  std::printf("\n%.1f %% of the held-out flowers are named right\n", 100 * right);

  // Parameters in a file that NumPy reads: numpy.load("iris.npz")["hidden.weight"].
  const std::string path = (std::filesystem::temp_directory_path() / "iris.npz").string();
  duet::save_npz(path, net);
  const Net<double> other{nn::Linear(4, 16, generator), nn::Linear(16, 3, generator)};
  duet::load_npz(path, other);
  std::filesystem::remove(path);

  // The gradient of the loss for each flower, all in one sweep. Large ones belong to flowers that are hard to tell.
  const auto loss_of_one = [](const auto& model, const auto& lengths, const auto& species) {
    return -sum(species * log_softmax(model(lengths), -1));
  };
  const Net<double> by_flower = duet::per_sample_grad(loss_of_one)(net, train.lengths, duet::one_hot(train.species, 3));
  const Tensor<double> sizes = norm(by_flower.output.weight, 2, {1, 2});
  const auto hardest = argmax(sizes);
  std::printf("hardest is flower %td of the training\n", hardest);

  if (count > 2) {
    draw(arguments[2], "epoch", "cross-entropy", -2, 0,
         {{"training", "#1f77b4", losses}, {"held out", "#ff7f0e", held_out}});
  }
  return right >= 0.96 && accuracy(other, test) == right && by_flower.hidden.weight.shape()[0] == train.count() ? 0 : 1;
}
