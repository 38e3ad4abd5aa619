// Dealing groups out to folds. Arithmetic that decides between groups is on whole numbers, so that equal
// groups are equal on every machine.

#include "data/folds.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "data/words.h"

namespace lumir::data {
namespace {

/// Counts of each class in each group, and the groups in the order of their names.
struct Groups {
  std::vector<std::string> names;
  std::vector<int> of_row;
  std::vector<std::vector<long>> counts;  // [group][class]
};

Groups count_groups(const std::vector<int>& y, const std::vector<std::string>& groups, int n_classes) {
  Groups found;
  found.names = distinct(groups);
  found.counts.assign(found.names.size(), std::vector<long>(static_cast<size_t>(n_classes)));
  for (size_t row = 0; row < groups.size(); ++row) {
    const auto at = std::lower_bound(found.names.begin(), found.names.end(), groups[row]) - found.names.begin();
    found.of_row.push_back(static_cast<int>(at));
    ++found.counts[static_cast<size_t>(at)][y.empty() ? 0 : static_cast<size_t>(y[row])];
  }
  return found;
}

long total(const std::vector<long>& counts) { return std::accumulate(counts.begin(), counts.end(), 0L); }

/// n² times the variance of the counts.
long unevenness(const std::vector<long>& counts) {
  const long sum = total(counts);
  long squares = 0;
  for (const long count : counts) squares += count * count;
  return static_cast<long>(counts.size()) * squares - sum * sum;
}

/// Groups whose classes are most uneven first (largest first where there are no classes); ties by name.
std::vector<size_t> dealing_order(const Groups& groups, bool by_class) {
  std::vector<size_t> order(groups.names.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto weight = [&](size_t group) {
    return by_class ? unevenness(groups.counts[group]) : total(groups.counts[group]);
  };
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return weight(a) > weight(b); });
  return order;
}

/// Mean over classes of the standard deviation, over folds, of the share of the class that a fold holds.
double imbalance(const std::vector<std::vector<long>>& folds, const std::vector<long>& class_sizes) {
  double sum = 0;
  for (size_t c = 0; c < class_sizes.size(); ++c) {
    if (class_sizes[c] == 0) continue;
    std::vector<long> held;
    for (const auto& fold : folds) held.push_back(fold[c]);
    const double scale = static_cast<double>(folds.size()) * static_cast<double>(class_sizes[c]);
    sum += std::sqrt(static_cast<double>(unevenness(held))) / scale;
  }
  return sum / static_cast<double>(class_sizes.size());
}

void add(std::vector<long>& to, const std::vector<long>& counts, long sign) {
  for (size_t c = 0; c < counts.size(); ++c) to[c] += sign * counts[c];
}

/// The fold that `counts` makes most even; the emptiest of equals, the first of those.
size_t best_fold(std::vector<std::vector<long>>& folds, const std::vector<long>& counts,
                 const std::vector<long>& class_sizes, bool by_class) {
  constexpr double kEqual = 1e-9;
  size_t best = 0;
  double best_value = INFINITY;
  for (size_t fold = 0; fold < folds.size(); ++fold) {
    double value = 0;
    if (by_class) {
      add(folds[fold], counts, 1);
      value = imbalance(folds, class_sizes);
      add(folds[fold], counts, -1);
    }
    const bool emptier = total(folds[fold]) < total(folds[best]);
    if (value < best_value - kEqual || (value < best_value + kEqual && emptier)) {
      best = fold;
      best_value = value;
    }
  }
  return best;
}

std::string way_out(size_t enough_for, const std::string& by) {
  const std::string fewer = enough_for >= 2 ? "folds = " + std::to_string(enough_for) : "";
  const std::string finer = by == "track" ? "" : "by = 'track'";
  if (fewer.empty() && finer.empty()) return "";
  return " (take " + fewer + (fewer.empty() || finer.empty() ? "" : " or ") + finer + ")";
}

void check_groups(const Groups& groups, const std::vector<int>& y, int folds, const FoldWords& words) {
  const auto wanted = static_cast<size_t>(folds);
  if (groups.names.size() < wanted) {
    throw ArgumentError("folds: " + count_of(groups.names.size(), words.by) +
                        ", fewer than folds = " + std::to_string(folds) + way_out(groups.names.size(), words.by));
  }
  if (y.empty()) return;
  size_t fewest = wanted;
  size_t poorest = 0;
  for (size_t c = 0; c < groups.counts.front().size(); ++c) {
    const auto holds = [c](const auto& counts) { return counts[c] > 0; };
    const auto n = static_cast<size_t>(std::count_if(groups.counts.begin(), groups.counts.end(), holds));
    if (n == 0 || n >= fewest) continue;
    fewest = n;
    poorest = c;
  }
  if (fewest == wanted) return;
  const std::string name = poorest < words.classes.size() ? words.classes[poorest] : std::to_string(poorest + 1);
  throw ArgumentError("folds: " + words.label + " '" + name + "' has " + count_of(fewest, words.by) +
                      ", fewer than folds = " + std::to_string(folds) + way_out(fewest, words.by));
}

}  // namespace

Schema FoldOptions::schema() {
  return {Option{"folds", &FoldOptions::folds, "rounds; each row is tested on in one of them", Range{2, 1000}},
          Option{"by", &FoldOptions::by,
                 "what stays together: 'album', 'track' or another column; '' for albums where "
                 "there are any"},
          Option{"stratify", &FoldOptions::stratify, "the same share of every class in each fold"},
          Option{"leak", &FoldOptions::leak, "whether folds that leak are an error", Choices{"refused", "allowed"}}};
}

std::vector<Fold> make_folds(const std::vector<int>& y, const std::vector<std::string>& groups, int folds,
                             bool stratify, const FoldWords& words) {
  if (folds < 2) throw ArgumentError("folds: 'folds' = " + std::to_string(folds) + " is out of range (at least 2)");
  const int n_classes = y.empty() ? 1 : *std::max_element(y.begin(), y.end()) + 1;
  const Groups found = count_groups(y, groups, n_classes);
  check_groups(found, y, folds, words);

  const bool by_class = stratify && !y.empty();
  std::vector<long> class_sizes(static_cast<size_t>(n_classes));
  for (const auto& counts : found.counts) add(class_sizes, counts, 1);
  std::vector<std::vector<long>> held(static_cast<size_t>(folds), std::vector<long>(class_sizes.size()));
  std::vector<size_t> fold_of(found.names.size());
  for (const size_t group : dealing_order(found, by_class)) {
    fold_of[group] = best_fold(held, found.counts[group], class_sizes, by_class);
    add(held[fold_of[group]], found.counts[group], 1);
  }

  std::vector<Fold> out(static_cast<size_t>(folds));
  for (size_t row = 0; row < groups.size(); ++row) {
    const size_t own = fold_of[static_cast<size_t>(found.of_row[row])];
    for (size_t fold = 0; fold < out.size(); ++fold) {
      (fold == own ? out[fold].valid : out[fold].train).push_back(static_cast<int>(row));
    }
  }
  return out;
}

}  // namespace lumir::data
