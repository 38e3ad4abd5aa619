// Dealing rows with several tags: every side has its share of each.

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

#include "core/random.h"
#include "data/folds.h"
#include "data/iterative_stratification.h"

using namespace lumir;
using namespace lumir::data;

namespace {

Matrix drawn_tags(size_t rows, const std::vector<double>& shares, uint64_t seed) {
  Random random(seed, "tags");
  Matrix tags(rows, shares.size());
  for (size_t row = 0; row < rows; ++row) {
    for (size_t tag = 0; tag < shares.size(); ++tag) tags(row, tag) = random.uniform() < shares[tag];
  }
  return tags;
}

double count_in(const Matrix& tags, const std::vector<int>& rows, size_t tag) {
  double count = 0;
  for (const int row : rows) count += tags(static_cast<size_t>(row), tag);
  return count;
}

}  // namespace

TEST_CASE("rows with several tags are dealt as Sechidis and others deal them") {
  // by hand: the second tag is rarest (2 rows): one to each side; then the first (2 rows are left of it) likewise; the
  // last two rows have no tag
  Matrix tags(6, 2);
  tags.values = {1, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0};
  const std::vector<int> sides = deal_by_tags(tags, std::vector<double>(6, 1), {0.5, 0.5});
  CHECK(sides[1] == 0);
  CHECK(sides[3] == 1);
  CHECK(sides[0] == 1);
  CHECK(std::count(sides.begin(), sides.end(), 0) == 3);
}

TEST_CASE("every fold has its share of each tag, to a row or two") {
  const std::vector<double> shares{0.5, 0.3, 0.1, 0.05};
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Matrix tags = drawn_tags(200, shares, seed);
    const auto folds = make_tag_folds(tags, {}, 5);
    for (size_t tag = 0; tag < shares.size(); ++tag) {
      std::vector<double> counts;
      for (const auto& fold : folds) counts.push_back(count_in(tags, fold.valid, tag));
      CHECK(*std::max_element(counts.begin(), counts.end()) - *std::min_element(counts.begin(), counts.end()) <= 4);
    }
  }
}

TEST_CASE("groups stay whole where rows have several tags") {
  const Matrix tags = drawn_tags(120, {0.4, 0.2}, 3);
  std::vector<std::string> groups;
  for (int row = 0; row < 120; ++row) groups.push_back("piece " + std::to_string(row / 4));
  for (const auto& fold : make_tag_folds(tags, groups, 4)) {
    for (const int row : fold.valid) {
      for (const int other : fold.train)
        REQUIRE(groups[static_cast<size_t>(row)] != groups[static_cast<size_t>(other)]);
    }
  }
  CHECK_THROWS_WITH(make_tag_folds(tags.take(std::vector<int>{0, 1}), {"a", "a"}, 2),
                    Catch::Contains("fewer than folds = 2"));
}
