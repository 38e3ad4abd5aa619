// The nearest centre is that of least distance, for any numbers of rows, centres and columns.

#include "learn/nearest_centers.h"

#include <catch2/catch.hpp>

#include "engine/learn/blobs.h"
#include "learn/vectors.h"

using namespace lumir;
using namespace lumir::tests;

TEST_CASE("each row finds the centre that single distances find") {
  Lcg random(5);
  for (const size_t rows : {1, 4, 7, 260, 515}) {
    for (const size_t centers : {1, 2, 8, 9, 20}) {
      for (const size_t columns : {1, 3, 17}) {
        INFO(rows << " rows, " << centers << " centres, " << columns << " columns");
        Matrix x(rows, columns), middles(centers, columns);
        for (double& value : x.values) value = random.normal();
        for (double& value : middles.values) value = random.normal();
        const auto found = learn::nearest_centers(x, middles);
        REQUIRE(found.size() == rows);
        for (size_t i = 0; i < rows; ++i) {
          size_t best = 0;
          const auto distance = [&](size_t c) {
            return learn::squared_distance(x.row(i).data(), middles.row(c).data(), columns);
          };
          for (size_t c = 1; c < centers; ++c) best = distance(c) < distance(best) ? c : best;
          REQUIRE(found[i] == static_cast<int>(best));
        }
      }
    }
  }
}

TEST_CASE("of centres that lie together the first is found") {
  const Matrix x(5, 2, 3.0), middles(11, 2, 3.0);
  CHECK(learn::nearest_centers(x, middles) == std::vector<int>(5, 0));
}
