// Parameters, gradients and comparisons that the tests of optimisers share; numbers as tests/golden/nn/optimisers.py has
// them.

#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

// LibTorch has a CHECK of its own, so Catch stands behind it
#include <catch2/catch.hpp>

#include "core/file.h"
#include "engine/golden_table.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"
#include "tensor/convert.h"
#include "tree.h"

namespace lumir::tests::optim_cases {

using namespace lumir::optim;

using Shape = std::vector<int64_t>;

inline const std::vector<std::pair<std::string, Shape>>& shapes() {
  static const std::vector<std::pair<std::string, Shape>> all{
      {"0.weight", {5, 7}}, {"0.bias", {7}}, {"1.scale", {}}, {"2.weight", {2, 1, 3, 3}}, {"late.weight", {3}}};
  return all;
}

inline at::Tensor filled(const Shape& shape, at::ScalarType type, const std::function<double(double)>& value) {
  int64_t count = 1;
  for (const int64_t side : shape) count *= side;
  std::vector<double> values;
  for (int64_t i = 0; i < count; ++i) values.push_back(value(static_cast<double>(i)));
  return tensor::from_doubles(values, shape).to(type);
}

/// As optimisers.py has them.
inline std::vector<NamedTensor> start(at::ScalarType type) {
  std::vector<NamedTensor> all;
  for (const auto& [name, shape] : shapes()) {
    const auto k = static_cast<double>(all.size());
    all.push_back({name, filled(shape, type, [k](double i) { return std::sin(0.7 * i + k); })});
    all.back().tensor.requires_grad_(true);
  }
  return all;
}

inline void set_gradients(std::vector<NamedTensor>& parameters, int step) {
  for (size_t k = 0; k < parameters.size(); ++k) {
    auto& [name, tensor] = parameters[k];
    const auto value = [&](double i) {
      return (1 + 0.1 * step) * std::sin(1.3 * i + 2 * static_cast<double>(k) + 0.9 * step);
    };
    const bool late = name == "late.weight" && step < 3;
    tensor.mutable_grad() = late ? at::Tensor() : filled(shapes()[k].second, tensor.scalar_type(), value);
  }
}

/// The first of each, at most so many.
inline std::vector<double> numbers(const std::vector<NamedTensor>& parameters, bool gradients = false,
                                   size_t most = 1000) {
  std::vector<double> all;
  for (const auto& parameter : parameters) {
    const auto some = tensor::to_doubles(gradients ? parameter.tensor.grad() : parameter.tensor.detach(), "numbers");
    all.insert(all.end(), some.begin(), some.begin() + static_cast<long>(std::min(some.size(), most)));
  }
  return all;
}

inline constexpr size_t kKept = 5;  // numbers of each tensor in the golden

inline double furthest(const std::vector<double>& a, const Value& b) {
  double most = 0;
  REQUIRE(b.list());
  REQUIRE(a.size() == b.list()->size());
  for (size_t i = 0; i < a.size(); ++i) {
    const double wanted = *(*b.list())[i].number();
    most = testing::worse(most, std::abs(a[i] - wanted) / std::max(1.0, std::abs(wanted)));
  }
  return most;
}

inline double furthest_kept(const std::vector<NamedTensor>& parameters, const Value& golden, bool gradients = false) {
  return furthest(numbers(parameters, gradients, kKept), golden);
}

inline const Value& golden() {
  static const Value value =
      from_json(read_file(std::string(LUMIR_ROOT) + "/tests/golden/nn/optim.json"), "optim.json");
  return value;
}

/// Steps `from` to `to` - 1 of optimisers.py.
inline void run(const OptimizerPtr& optimizer, std::vector<NamedTensor>& parameters, int from, int to) {
  for (int step = from; step < to; ++step) {
    set_gradients(parameters, step);
    optimizer->step();
  }
}

inline std::vector<double> rates(const Optimizer& optimizer) {
  std::vector<double> all;
  for (size_t group = 0; group < optimizer.groups(); ++group) all.push_back(optimizer.lr(group));
  return all;
}

/// Two groups with rates 0.02 and 0.1.
inline OptimizerPtr two_groups() {
  const Map first{{"match", "a"}, {"lr", 0.02}};
  const auto one = [] { return at::ones({1}).requires_grad_(true); };
  return make_optimizer("SGD", {{"lr", 0.1}, {"momentum", 0.5}, {"groups", List{first}}})
      ->bind({{"a", one()}, {"b", one()}});
}

inline std::string problem(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

inline bool same(const State& a, const State& b) {
  if (a.size() != b.size()) return false;
  for (const auto& [name, array] : a) {
    const auto other = b.find(name);
    if (other == b.end() || array.doubles() != other->second.doubles()) return false;
  }
  return true;
}

/// The loss whose gradient by w is w itself.
inline at::Tensor half_square(const at::Tensor& w) { return w.mul(w).sum().div(2); }

}  // namespace lumir::tests::optim_cases
