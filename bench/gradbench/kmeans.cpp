// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Tensors for the search, which takes most of the time: all distances are a product of matrices, and the nearest
// centroid is the smallest element of a column. Only the distance from that one is differentiated, coordinate by
// coordinate, by functions that the static tape has differentiated when this was compiled: the Hessian is diagonal.

#include "kmeans.hpp"

#include "../tensor/clusters.hpp"

int main() { return bench::serve({"duet", {bench::kmeans_by<bench::TensorClusters>()}}); }
