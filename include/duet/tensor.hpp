// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/create.hpp>
#include <duet/tensor/einsum.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/gather.hpp>
#include <duet/tensor/inplace.hpp>
#include <duet/tensor/join.hpp>
#include <duet/tensor/linear.hpp>
#include <duet/tensor/operation.hpp>
#include <duet/tensor/rearrange.hpp>
#include <duet/tensor/selection.hpp>
#include <duet/tensor/sum.hpp>
#include <duet/tensor/triangle.hpp>
