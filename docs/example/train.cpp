// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Trains a small network on Fisher's irises:  train docs/data/iris.csv [loss.svg]

#include <cstdio>
#include <duet/tensor.hpp>
#include <filesystem>
#include <functional>
#include <numeric>
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

// Numbers 0, 1, ... below `count` of which every third is taken, the one numbered `part` first, or left out.
duet::Indices numbers(std::size_t count, std::size_t part, bool taken) {
  std::vector<std::ptrdiff_t> list;
  for (std::size_t i = 0; i < count; ++i) {
    if ((i % 3 == part) == taken) list.push_back(static_cast<std::ptrdiff_t>(i));
  }
  return xt::adapt(list, std::vector{list.size()});
}

// The numbers below `count` in random order.
duet::Indices shuffled(std::size_t count, duet::Generator& generator) {
  duet::Indices order = xt::arange<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(count));
  for (std::size_t i = count; i > 1; --i) std::swap(order(i - 1), order(generator.index(i)));
  return order;
}

void show_progress(int epoch, int epochs, double loss) {
  const int done = 40 * (epoch + 1) / epochs;
  std::fprintf(stderr, "\r[%-40.*s] epoch %3d, loss %.4f", done, "########################################", epoch + 1,
               loss);
}

// The losses after each epoch.
struct Curves {
  std::vector<double> training, held_out;
};

// Gradients go backwards through a batch, and the optimiser takes a step down.
Curves fit(const Net<double>& net, const Flowers& flowers, const Flowers& held_out, duet::Generator& generator) {
  constexpr int epochs = 80;
  constexpr std::size_t batch = 25;
  optim::AdamW optimizer(duet::parameters(net));
  Curves curves;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    optimizer.options.lr = optim::cosine_rate(0.02, epoch, epochs);
    const duet::Indices order = shuffled(flowers.count(), generator);
    double total = 0;
    for (std::size_t first = 0; first < flowers.count(); first += batch) {
      const Flowers some = flowers(xt::view(order, xt::range(first, first + batch)));
      const Tensor<double> loss = cross_entropy(net(some.lengths), some.species);
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
      total += loss.item();
    }
    curves.training.push_back(total / static_cast<double>(flowers.count() / batch));
    const duet::NoGrad guard;
    curves.held_out.push_back(cross_entropy(net(held_out.lengths), held_out.species).item());
    show_progress(epoch, epochs, curves.training.back());
  }
  return curves;
}

// How many species are guessed right.
std::size_t right(const Net<double>& net, const Flowers& flowers) {
  const duet::NoGrad guard;
  const duet::Indices guess = argmax(net(flowers.lengths), 1);
  return static_cast<std::size_t>(
      std::inner_product(guess.begin(), guess.end(), flowers.species.begin(), 0, std::plus<>(), std::equal_to<>()));
}

// Parameters in a file that NumPy reads: numpy.load("iris.npz")["hidden.weight"].
bool comes_back(const Net<double>& net, const Flowers& flowers) {
  const std::string path = (std::filesystem::temp_directory_path() / "iris.npz").string();
  duet::save_npz(path, net);
  duet::Generator other(100);
  const Net<double> loaded{nn::Linear(4, 16, other), nn::Linear(16, 3, other)};
  duet::load_npz(path, loaded);
  std::filesystem::remove(path);
  return right(loaded, flowers) == right(net, flowers);
}

// How far each flower is from a point, by a function of one flower.
Tensor<double> distances(const Flowers& flowers, const Tensor<double>& point) {
  return duet::vmap([&](const auto& lengths) { return norm(lengths - point); })(flowers.lengths);
}

// The gradients of each flower's loss, in one sweep. Their sizes tell which flowers are hard to learn.
Tensor<double> difficulty(const Net<double>& net, const Flowers& flowers) {
  const auto loss = [](const auto& model, const auto& lengths, const auto& species) {
    return -sum(species * log_softmax(model(lengths), -1));
  };
  const Net<double> gradients = duet::per_sample_grad(loss)(net, flowers.lengths, duet::one_hot(flowers.species, 3));
  return norm(gradients.output.weight, 2, {1, 2});
}

int main(int count, char** arguments) {
  if (count < 2) return 2;
  const Flowers all = read(arguments[1]);
  std::size_t sum_right = 0;
  for (const std::size_t part : {0, 1, 2}) {  // every flower is held out once
    Flowers flowers = all(numbers(all.count(), part, false)), held_out = all(numbers(all.count(), part, true));

    // Lengths from their mean, in units of their standard deviation.
    const Tensor<double> centre = mean(flowers.lengths, 0), scale = duet::std(flowers.lengths, 0);
    flowers.lengths = (flowers.lengths - centre) / scale;
    held_out.lengths = (held_out.lengths - centre) / scale;

    // Parameters begin with random numbers, the same for the same seed.
    duet::Generator generator(part);
    const Net<double> net{nn::Linear(4, 16, generator), nn::Linear(16, 3, generator)};
    const Curves curves = fit(net, flowers, held_out, generator);
    sum_right += right(net, held_out);
    std::fprintf(stderr, "\n");

    if (!comes_back(net, held_out) || difficulty(net, flowers).size() != flowers.count()) return 1;
    if (distances(flowers, duet::zeros({4})).shape() != duet::Shape{flowers.count()}) return 1;
    if (count > 2 && part == 1) {
      draw(arguments[2], "epoch", static_cast<double>(curves.training.size()), {"cross-entropy", 0.01, 1, true},
           {{"training", "#1f77b4", curves.training}, {"held out", "#ff7f0e", curves.held_out}});
    }
  }
  const double accuracy = static_cast<double>(sum_right) / static_cast<double>(all.count());
  std::printf("%.1f %% of the flowers that were held out are named right\n", 100 * accuracy);
  return accuracy >= 0.96 ? 0 : 1;
}
