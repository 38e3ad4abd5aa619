// What the grid and the tree of cells say of the forces is what all pairs say, but for little.

#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include "core/parallel.h"
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

struct Differences {
  double forces, sums;  // of all forces together, and of the sums of the kernel; relative
};

Differences differences(const learn::Points& points, size_t dimensions) {
  const size_t n = points.size();
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

learn::Points scaled(learn::Points points, float factor) {
  for (size_t d = 0; d < 3; ++d) {
    for (float& x : points.along(d)) x *= factor;
  }
  return points;
}

/// Without gaps between clouds: as many in each square of a plane that is `side` wide.
learn::Points uniform(size_t n, float side) {
  Lcg random(2);
  learn::Points points(n);
  for (size_t i = 0; i < n; ++i) {
    for (size_t d = 0; d < 2; ++d) points.along(d)[i] = side * static_cast<float>(random.uniform());
  }
  return points;
}

}  // namespace

TEST_CASE("a grid, and cells that stand for their points, push as pairs do, within a hundredth") {
  for (const size_t dimensions : {2, 3}) {
    const auto [forces, sums] = differences(clouds(4000, dimensions), dimensions);
    CHECK((forces > 0 && forces < 0.01));  // neither goes through the pairs
    CHECK(sums < 0.01);
  }
  CHECK(differences(clouds(1000, 2), 2).forces == 0);  // few points are gone through pair by pair
}

TEST_CASE("the grid suits crowds, clouds, and points without gaps between them") {
  for (const float factor : {0.01f, 0.1f, 0.3f, 1.0f, 3.0f}) {
    const auto [forces, sums] = differences(scaled(clouds(5000, 2), factor), 2);
    INFO("clouds, times " << factor);
    CHECK(forces < 0.012);
    CHECK(sums < 1e-3);
  }
  for (const float side : {2.0f, 20.0f, 60.0f, 200.0f}) {
    const auto [forces, sums] = differences(uniform(6000, side), 2);
    INFO("a plane of " << side);
    CHECK(forces < 0.015);  // forces from all sides nearly cancel
    CHECK(sums < 1e-3);
  }
}

TEST_CASE("a crowd keeps the shape of its forces however narrow it is") {
  const auto points = scaled(clouds(3000, 2), 1e-9f);
  const auto [forces, sums] = differences(points, 2);
  CHECK(forces < 0.02);
  CHECK(sums < 1e-5);
}

TEST_CASE("points far from 0, whose places are rounded, keep within the grid") {
  Lcg random(3);
  const auto cloud = [&](float middle, float reach) {
    learn::Points points(3000);
    for (size_t i = 0; i < points.size(); ++i) {
      for (size_t d = 0; d < 2; ++d) {
        points.along(d)[i] = middle + reach * static_cast<float>(2 * random.uniform() - 1);
      }
    }
    points.along(0)[0] = std::nextafter(middle + reach, 2 * middle);
    return points;
  };
  for (const float middle : {3e5f, -1e6f}) {
    const auto [forces, sums] = differences(cloud(middle, 20), 2);
    INFO("at " << middle);
    CHECK(forces < 0.02);
    CHECK(sums < 1e-3);
  }
  for (const float middle : {1e9f, -1e9f}) {  // floats are 64 apart: nearly all points are in one place
    const auto points = cloud(middle, 1);
    learn::PlaneRepulsion plane(points.size());
    REQUIRE(plane.suits(points));
    INFO("at " << middle);
    CHECK(differences(points, 2).sums < 0.01);
  }
}

TEST_CASE("one grid serves points that move apart and together again") {
  const auto points = clouds(3000, 2);
  learn::Repulsion repulsion(3000, 2);
  std::vector<learn::Force> exact(3000), found(3000);
  for (const float factor : {0.02f, 0.5f, 0.55f, 2.0f, 0.1f}) {
    const auto moved = scaled(points, factor);
    repulsion.find_by_pairs(moved, exact);
    repulsion.find(moved, found);
    double off = 0, all = 0;
    for (size_t i = 0; i < 3000; ++i) {
      off += std::pow(found[i].along[0] - exact[i].along[0], 2);
      all += std::pow(exact[i].along[0], 2);
    }
    CHECK(std::sqrt(off / all) < 0.012);
  }
}

TEST_CASE("points too far apart for a grid are left to the tree") {
  auto points = clouds(3000, 2);
  points.along(0)[7] = 1e8f;
  points.along(1)[8] = -3e7f;
  learn::PlaneRepulsion plane(3000);
  CHECK_FALSE(plane.suits(points));
  CHECK(differences(points, 2).forces < 0.02);
  points.along(0)[7] = std::numeric_limits<float>::infinity();
  CHECK_FALSE(plane.suits(points));
  CHECK(plane.suits(clouds(3000, 2)));
}

TEST_CASE("forces do not depend on the number of threads") {
  const auto points = clouds(5000, 2);
  const int before = thread_count();
  const auto forces = [&](int threads) {
    set_thread_count(threads);
    learn::Repulsion repulsion(5000, 2);
    std::vector<learn::Force> found(5000);
    repulsion.find(points, found);
    std::vector<float> numbers;
    for (const auto& force : found) numbers.insert(numbers.end(), {force.along[0], force.along[1], force.closeness});
    return numbers;
  };
  const auto alone = forces(1);
  CHECK(forces(3) == alone);
  set_thread_count(before);
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
