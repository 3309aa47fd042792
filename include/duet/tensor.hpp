// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/create.hpp>
#include <duet/tensor/cross_entropy.hpp>
#include <duet/tensor/dropout.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/inplace.hpp>
#include <duet/tensor/loss.hpp>
#include <duet/tensor/map.hpp>
#include <duet/tensor/mask.hpp>
#include <duet/tensor/operation.hpp>
#include <duet/tensor/reduce.hpp>
#include <duet/tensor/scan.hpp>
#include <duet/tensor/softmax.hpp>
#include <duet/tensor/statistics.hpp>
#include <duet/tensor/sum.hpp>
