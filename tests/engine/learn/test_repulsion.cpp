// What the tree of cells says of the forces is what all pairs say, but for little.

#include <cmath>

#include <catch2/catch.hpp>

#include "engine/learn/blobs.h"
#include "learn/repulsion.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

/// Clouds as t-SNE draws them: eight of them, far from each other.
learn::Points clouds(size_t n, size_t dimensions) {
  Lcg random(1);
  learn::Points points(n);
  for (size_t i = 0; i < n; ++i) {
    for (size_t d = 0; d < dimensions; ++d) {
      const double centre = 40 * std::sin(static_cast<double>(i % 8) * (1.3 + static_cast<double>(d)));
      points.along(d)[i] = static_cast<float>(centre + 8 * random.normal());
    }
  }
  return points;
}

/// The relative differences of all forces together, and of the sums of the kernel.
std::pair<double, double> differences(size_t n, size_t dimensions) {
  const auto points = clouds(n, dimensions);
  learn::Repulsion repulsion(n, dimensions);
  std::vector<learn::Force> exact(n), found(n);
  repulsion.find_by_pairs(points, exact);
  repulsion.find(points, found);
  double off = 0, all = 0, sum = 0, wanted = 0;
  for (size_t i = 0; i < n; ++i) {
    for (size_t d = 0; d < 3; ++d) {
      off += std::pow(found[i].along[d] - exact[i].along[d], 2);
      all += std::pow(exact[i].along[d], 2);
    }
    sum += found[i].closeness;
    wanted += exact[i].closeness;
  }
  return {std::sqrt(off / all), std::fabs(sum / wanted - 1)};
}

}  // namespace

TEST_CASE("cells that stand for their points push as these do, within a hundredth") {
  for (const size_t dimensions : {2, 3}) {
    const auto [forces, sums] = differences(4000, dimensions);
    CHECK((forces > 0 && forces < 0.01));  // at least some cells stood for points
    CHECK(sums < 0.01);
  }
  CHECK(differences(1000, 2).first == 0);  // few points are gone through pair by pair
}

TEST_CASE("points in one place, on a line or nowhere stop no search for forces") {
  learn::Points same(3000), line(3000), lost(3000);
  for (size_t i = 0; i < 3000; ++i) line.along(0)[i] = static_cast<float>(i);
  for (float& x : lost.along(0)) x = std::nanf("");
  learn::Repulsion repulsion(3000, 2);
  std::vector<learn::Force> forces(3000);
  repulsion.find(same, forces);
  CHECK(forces[7].closeness == Approx(2999));
  CHECK(forces[7].along[0] == 0);
  repulsion.find(line, forces);
  CHECK(forces[1500].closeness == Approx(2.1535).epsilon(0.01));  // pi * coth(pi) - 1, but for the ends
  CHECK(std::fabs(forces[1500].along[0]) < 0.01);
  repulsion.find(lost, forces);
  CHECK(std::isnan(forces[0].closeness));
}
