// Folds: whole groups, even classes, clear errors; the same as scikit-learn's.

#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include "core/file.h"
#include "core/once.h"
#include "core/value.h"
#include "data/folds.h"
#include "engine/data/scratch.h"
#include "tree.h"

using namespace lumir;
using namespace lumir::data;

namespace {

std::vector<int> integers(const Value& list) {
  std::vector<int> out;
  for (const auto& number : *list.list()) out.push_back(static_cast<int>(*number.number()));
  return out;
}

std::vector<int> fold_of_rows(const std::vector<Fold>& folds, size_t rows) {
  std::vector<int> of(rows, -1);
  for (size_t fold = 0; fold < folds.size(); ++fold) {
    for (const int row : folds[fold].valid) of[static_cast<size_t>(row)] = static_cast<int>(fold);
  }
  return of;
}

}  // namespace

TEST_CASE("stratified grouped folds are those of scikit-learn, also where rounding decides between equals") {
  const Value golden = from_json(read_file(LUMIR_ROOT "/tests/golden/data/folds.json"), "folds.json");
  for (const auto& one : *golden.at("cases").list()) {
    const auto y = integers(one.at("y"));
    std::vector<std::string> groups;
    for (const int group : integers(one.at("groups")))
      groups.push_back((group < 10 ? "g0" : "g") + std::to_string(group));
    const auto folds = make_folds(y, groups, static_cast<int>(*one.at("folds").number()));
    CHECK(fold_of_rows(folds, y.size()) == integers(one.at("fold_of")));
  }
}

TEST_CASE("every row validates once, and no group is on both sides of a fold") {
  std::vector<int> y;
  std::vector<std::string> groups;
  for (int row = 0; row < 100; ++row) {
    groups.push_back("album " + std::to_string(row * 7 % 25));
    y.push_back(row * 7 % 25 % 4);
  }
  for (const bool stratify : {true, false}) {
    std::vector<int> seen(100);
    for (const auto& fold : make_folds(y, groups, 5, stratify)) {
      std::set<std::string> train;
      for (const int row : fold.train) train.insert(groups[static_cast<size_t>(row)]);
      for (const int row : fold.valid) {
        ++seen[static_cast<size_t>(row)];
        CHECK_FALSE(train.contains(groups[static_cast<size_t>(row)]));
      }
      CHECK(fold.train.size() + fold.valid.size() == 100);
      CHECK(fold.valid.size() == 20);
    }
    CHECK(seen == std::vector<int>(100, 1));
  }
}

TEST_CASE("a class with few groups is tested in as many folds as it has groups; one with a single group only trains") {
  const std::vector<int> y = {0, 0, 0, 0, 0, 1, 1, 1, 2, 2};
  const std::vector<std::string> groups = {"a", "b", "c", "d", "e", "f", "f", "g", "h", "h"};
  tests::Listener listener;
  const ObserverScope scope(listener);
  Told told;
  const ToldScope session(told);
  for (int twice = 0; twice < 2; ++twice) {
    const auto folds = make_folds(y, groups, 5, true, {{"abba", "queen", "solo"}, "artist", "album"});
    int with_queen = 0;
    for (const auto& fold : folds) {
      with_queen +=
          std::any_of(fold.valid.begin(), fold.valid.end(), [&](int row) { return y[static_cast<size_t>(row)] == 1; });
      for (const int row : {8, 9}) CHECK(std::count(fold.train.begin(), fold.train.end(), row) == 1);
    }
    CHECK(with_queen == 2);
  }
  CHECK(listener.warnings == std::vector<std::string>{"folds: 1 artist with fewer albums than folds = 5, tested in as "
                                                      "many folds as it has: queen (2); 1 artist with one album, "
                                                      "which only trains: solo"});
  {
    Told other;
    const ToldScope another(other);
    make_folds(y, groups, 5, true, {{"abba", "queen", "solo"}, "artist", "album"});
  }
  CHECK(listener.warnings.size() == 2);
  CHECK_THROWS_WITH(make_folds({0, 1}, {"a", "b"}, 2, true, {{"abba", "queen"}, "artist", "album"}),
                    "folds: every artist has one album only, so none can be both learnt and tested (by = 'track' with "
                    "leak = 'allowed' goes on, under a red line)");
  CHECK_THROWS_WITH(make_folds({}, {"a", "a", "b"}, 3, true, {{}, "", "album"}),
                    "folds: 2 albums to deal, fewer than folds = 3 (take folds = 2)");
  CHECK_THROWS_WITH(make_folds(y, groups, 1), "folds: 'folds' = 1 is out of range (at least 2)");
}

TEST_CASE("rows without groups are dealt as scikit-learn's StratifiedKFold deals them") {
  const Value golden = from_json(read_file(LUMIR_ROOT "/tests/golden/data/folds.json"), "folds.json");
  for (const auto& one : *golden.at("rows").list()) {
    const auto y = integers(one.at("y"));
    CHECK(fold_of_rows(make_folds(y, {}, static_cast<int>(*one.at("folds").number())), y.size()) ==
          integers(one.at("fold_of")));
  }
}
