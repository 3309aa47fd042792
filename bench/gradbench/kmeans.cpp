// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).

#include "kmeans.hpp"

#include "../tensor/clusters.hpp"

int main() { return bench::serve({"duet", {bench::kmeans_by<bench::TensorClusters>()}}); }
