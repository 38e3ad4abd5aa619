// The solver ends where no two rows violate the optimum, however many stood still on the way.

#include "learn/smo.h"

#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "engine/learn/blobs.h"
#include "learn/vectors.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

/// e^(-gamma d²) of rows of two classes, the first one's first.
learn::PairKernel radial(const Labelled& table, double gamma) {
  std::vector<int> order;
  for (const int label : {0, 1}) {
    for (size_t i = 0; i < table.y.size(); ++i) {
      if (table.y[i] == label) order.push_back(static_cast<int>(i));
    }
  }
  const auto positives = static_cast<int>(std::count(table.y.begin(), table.y.end(), 0));
  learn::PairKernel kernel(positives, static_cast<int>(order.size()) - positives);
  const Matrix x = table.x.take(order);
  for (int i = 0; i < kernel.size(); ++i) {
    for (int j = 0; j < kernel.size(); ++j) {
      const double distance = learn::squared_distance(x.row(static_cast<size_t>(i)).data(),
                                                      x.row(static_cast<size_t>(j)).data(), x.columns);
      kernel.row(i)[j] = static_cast<float>(std::exp(-gamma * distance));
    }
  }
  return kernel;
}

}  // namespace

TEST_CASE("every row stands where the conditions of Karush, Kuhn and Tucker want it") {
  const learn::PairKernel kernel = radial(blobs(1500, 6, 2, 1.2, 4), 0.02);
  const auto n = static_cast<size_t>(kernel.size());
  for (const double cost : {0.1, 10.0, 3000.0}) {
    INFO("C " << cost);
    learn::SmoOptions options;
    options.costs.assign(n, cost);
    const auto solution = learn::solve_smo(kernel, options);
    REQUIRE(solution.converged);
    double sum = 0, worst = 0;
    size_t free = 0;
    for (size_t i = 0; i < n; ++i) {
      const int row = static_cast<int>(i);
      const double label = row < kernel.positives() ? 1 : -1, alpha = label * solution.coefficients[i];
      sum += solution.coefficients[i];
      REQUIRE((alpha >= 0 && alpha <= cost));
      double decision = solution.intercept;
      for (size_t k = 0; k < n; ++k) decision += solution.coefficients[k] * static_cast<double>(kernel.row(row)[k]);
      const double short_of_one = 1 - label * decision;  // above 0: within the margin
      if (alpha < cost) worst = std::max(worst, short_of_one);
      if (alpha > 0) worst = std::max(worst, -short_of_one);
      free += alpha > 0 && alpha < cost;
    }
    CHECK(sum == Approx(0).margin(1e-9 * cost * static_cast<double>(n)));
    CHECK(worst <= 1.01 * options.tolerance);
    CHECK(free > 3);
  }
}

TEST_CASE("iterations end at their limit, told and with what was reached") {
  const learn::PairKernel kernel = radial(blobs(1500, 6, 2, 1.2, 4), 0.02);
  learn::SmoOptions options;
  options.costs.assign(static_cast<size_t>(kernel.size()), 3000);
  options.max_iterations = 1200;  // some of them without the rows that stand still
  const auto solution = learn::solve_smo(kernel, options);
  CHECK_FALSE(solution.converged);
  CHECK(std::isfinite(solution.intercept));
  CHECK(std::count_if(solution.coefficients.begin(), solution.coefficients.end(), [](double c) { return c != 0; }) >
        10);
}
