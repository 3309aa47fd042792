// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// What headers of tensors and devices stand on takes longer to read than they do, so it is read once.
#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xshape.hpp>
#include <xtensor/xstorage.hpp>
#include <xtensor/xview.hpp>
#if __has_include(<thrust/device_vector.h>)
#include <thrust/device_vector.h>
#include <thrust/sort.h>
#endif
