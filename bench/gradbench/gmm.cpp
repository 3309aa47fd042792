// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).

#include "gmm.hpp"

#include "../tensor/mixture.hpp"

int main() {
  return bench::serve({"duet", {bench::gmm_by<bench::TensorMixture, bench::OwnGradient<bench::TensorMixture>>()}});
}
