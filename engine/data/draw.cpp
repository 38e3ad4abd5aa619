// Drawing rows, and labels among rows.

#include "data/draw.h"

#include <algorithm>
#include <map>

#include "core/random.h"

namespace lumir::data {

Schema DrawOptions::schema() {
  return {Option{"n", &DrawOptions::n, "how many rows at most", kRequired, Range{1}},
          Option{"per", &DrawOptions::per, "so many of each: 'genre', 'artist'; '' for so many of all"},
          Option{"seed", &DrawOptions::seed, "of the draw; 'none' takes that of lumir.seed"}};
}

namespace {

/// At most so many rows of each word, in their order.
std::vector<int> drawn_rows(const std::vector<std::string>& of, const DrawOptions& options) {
  const uint64_t seed = seed_or_global(options.seed);
  std::map<std::string, std::vector<int>> rows_of;
  for (size_t row = 0; row < of.size(); ++row) rows_of[of[row]].push_back(static_cast<int>(row));
  std::vector<int> drawn;
  for (const auto& [word, rows] : rows_of) {
    // each has a stream of its own: what one genre gives does not depend on the others
    Random random(seed, "draw " + word);
    auto order = random.permutation(static_cast<int>(rows.size()));
    order.resize(std::min(order.size(), static_cast<size_t>(options.n)));
    for (const int place : order) drawn.push_back(rows[static_cast<size_t>(place)]);
  }
  std::sort(drawn.begin(), drawn.end());
  return drawn;
}

}  // namespace

Dataset draw(const Dataset& songs, const DrawOptions& options) {
  const auto all = std::vector<std::string>(songs.size());
  return songs.take(drawn_rows(options.per.empty() ? all : songs.groups(options.per), options));
}

Table draw(const Table& table, const DrawOptions& options) {
  const auto all = std::vector<std::string>(table.rows());
  return table.take(drawn_rows(options.per.empty() ? all : table.groups_by(options.per), options));
}

Schema ShuffleOptions::schema() {
  return {Option{"seed", &ShuffleOptions::seed, "of the shuffle; 'none' takes that of lumir.seed"}};
}

Dataset shuffle_labels(const Dataset& songs, const ShuffleOptions& options) {
  const auto labels = songs.labels();
  if (labels.empty()) throw ArgumentError("shuffle_labels: " + songs.name() + " has no labels");
  Random random(seed_or_global(options.seed), "labels");
  std::vector<std::string> dealt;
  for (const int row : random.permutation(static_cast<int>(labels.size()))) {
    dealt.push_back(labels[static_cast<size_t>(row)]);
  }
  return songs.with_labels(dealt);
}

}  // namespace lumir::data
