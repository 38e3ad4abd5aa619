// Tensors as tests/golden/nn/golden.py keeps them, and how far another one is from them.

#pragma once

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/value.h"
#include "engine/worse.h"
#include "tensor/convert.h"

namespace lumir::testing {

constexpr size_t kWhole = 8, kKept = 6;  // of more numbers than the first, so many are kept, evenly spaced

inline std::vector<int64_t> shape_of(const Value& described) {
  std::vector<int64_t> shape;
  for (const auto& size : *described["shape"].list()) shape.push_back(static_cast<int64_t>(*size.number()));
  return shape;
}

inline std::vector<double> numbers_of(const Value& described) {
  std::vector<double> numbers;
  for (const auto& number : *described["values"].list()) numbers.push_back(number.number() ? *number.number() : NAN);
  return numbers;
}

inline double off(double found, double wanted, double scale) { return std::abs(found - wanted) / std::max(1.0, scale); }

/// How far a tensor is from a golden at its worst: by the numbers that are kept, and by two sums over all of them.
inline double difference(const at::Tensor& tensor, const Value& wanted) {
  REQUIRE(tensor.defined());
  REQUIRE(std::vector<int64_t>(tensor.sizes().begin(), tensor.sizes().end()) == shape_of(wanted));
  const auto all = tensor::to_doubles(tensor.detach(), "test");
  const auto kept = numbers_of(wanted);
  REQUIRE(kept.size() == (all.size() > kWhole ? kKept : all.size()));
  double worst = 0;
  for (size_t i = 0; i < kept.size(); ++i) {
    const double found = all[all.size() > kWhole ? i * all.size() / kKept : i];
    worst = worse(worst, off(found, kept[i], std::abs(kept[i])));
  }
  if (all.size() <= kWhole) return worst;
  double squares = 0, dot = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    squares += all[i] * all[i];
    dot += all[i] * std::cos(static_cast<double>(i));
  }
  const double norm = *wanted["norm"].number();
  return worse(worst, worse(off(std::sqrt(squares), norm, norm), off(dot, *wanted["dot"].number(), norm)));
}

}  // namespace lumir::testing
