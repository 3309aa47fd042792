// error: duet: a Tensor has elements of type double or float
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tensor/tensor.hpp>

#ifdef DUET_FAIL
duet::Tensor<int> x;
#else
duet::Tensor<float> x;
#endif
