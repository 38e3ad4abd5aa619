// Which rows can be dealt, who deals them, and what is said of classes with few groups.

#include "data/folds.h"

#include <algorithm>
#include <numeric>

#include "core/matrix.h"
#include "core/once.h"
#include "data/iterative_stratification.h"
#include "data/stratified_groups.h"
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

/// The fold of each group where classes do not matter: the largest groups first, each to the emptiest fold.
std::vector<int> deal_by_size(const Groups& groups, int folds) {
  std::vector<size_t> order(groups.names.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return total(groups.counts[a]) > total(groups.counts[b]); });
  std::vector<long> held(static_cast<size_t>(folds));
  std::vector<int> fold_of(order.size());
  for (const size_t group : order) {
    const auto fold = std::min_element(held.begin(), held.end()) - held.begin();
    fold_of[group] = static_cast<int>(fold);
    held[static_cast<size_t>(fold)] += total(groups.counts[group]);
  }
  return fold_of;
}

/// How many groups each class has.
std::vector<size_t> groups_of_classes(const Groups& groups) {
  std::vector<size_t> found(groups.counts.front().size());
  for (const auto& counts : groups.counts) {
    for (size_t c = 0; c < counts.size(); ++c) found[c] += counts[c] > 0;
  }
  return found;
}

std::string named(const std::vector<std::pair<size_t, size_t>>& classes, const FoldWords& words) {
  constexpr size_t kMost = 20;
  std::string text;
  for (size_t i = 0; i < std::min(classes.size(), kMost); ++i) {
    const auto [c, n] = classes[i];
    text += (i > 0 ? ", " : "") + (c < words.classes.size() ? words.classes[c] : std::to_string(c + 1));
    if (n > 1) text += " (" + std::to_string(n) + ")";
  }
  return text + (classes.size() > kMost ? " and " + std::to_string(classes.size() - kMost) + " more" : "");
}

void warn_about_few(const std::vector<size_t>& n_groups, int folds, const FoldWords& words) {
  std::vector<std::pair<size_t, size_t>> lone, few;  // class, groups
  for (size_t c = 0; c < n_groups.size(); ++c) {
    if (n_groups[c] == 1) lone.emplace_back(c, 1);
    if (n_groups[c] > 1 && n_groups[c] < static_cast<size_t>(folds)) few.emplace_back(c, n_groups[c]);
  }
  if (lone.empty() && few.empty()) return;
  std::string line = "folds: ";
  if (!few.empty()) {
    line += count_of(few.size(), words.label) + " with fewer " + words.by + "s than folds = " + std::to_string(folds) +
            (few.size() == 1 ? ", tested in as many folds as it has: " : ", tested in as many folds as they have: ") +
            named(few, words);
  }
  if (!lone.empty()) {
    line += (few.empty() ? "" : "; ") + count_of(lone.size(), words.label) + " with one " + words.by +
            (lone.size() == 1 ? ", which only trains: " : ", which only train: ") + named(lone, words);
  }
  warn_once(line);
}

/// Rows to be dealt: those of classes that some fold can both learn and test.
std::vector<int> rows_to_deal(const std::vector<int>& y, const Groups& groups, int folds, const FoldWords& words) {
  std::vector<int> rows;
  if (y.empty()) {
    rows.resize(groups.of_row.size());
    std::iota(rows.begin(), rows.end(), 0);
    return rows;
  }
  const auto n_groups = groups_of_classes(groups);
  for (size_t row = 0; row < y.size(); ++row) {
    if (n_groups[static_cast<size_t>(y[row])] > 1) rows.push_back(static_cast<int>(row));
  }
  if (rows.empty()) {
    throw ArgumentError("folds: every " + words.label + " has one " + words.by +
                        " only, so none can be both learnt and tested" +
                        (words.by == "album" ? " (by = 'track' with leak = 'allowed' goes on, under a red line)" : ""));
  }
  warn_about_few(n_groups, folds, words);
  return rows;
}

void check_groups(size_t n_groups, int folds, const FoldWords& words) {
  if (n_groups >= static_cast<size_t>(folds)) return;
  throw ArgumentError("folds: " + count_of(n_groups, words.by) +
                      " to deal, fewer than folds = " + std::to_string(folds) +
                      (n_groups >= 2 ? " (take folds = " + std::to_string(n_groups) + ")" : ""));
}

/// The fold of each row: scikit-learn's StratifiedGroupKFold, or by size alone.
std::vector<int> deal_groups(const std::vector<int>& y, const std::vector<std::string>& groups, int n_classes,
                             int folds, bool by_class) {
  const Groups found = count_groups(y, groups, n_classes);
  const auto fold_of = by_class ? deal_stratified(found.counts, folds) : deal_by_size(found, folds);
  std::vector<int> of_row;
  for (const int group : found.of_row) of_row.push_back(fold_of[static_cast<size_t>(group)]);
  return of_row;
}

/// The fold of each row, as scikit-learn's StratifiedKFold deals unshuffled: the rows sorted by class, every folds-th
/// of them to a fold, say how many rows of a class it gets; these are taken from the top.
std::vector<int> deal_rows_by_class(const std::vector<int>& y, int folds) {
  std::vector<int> classes;  // in the order in which they occur
  for (const int label : y) {
    if (std::find(classes.begin(), classes.end(), label) == classes.end()) classes.push_back(label);
  }
  std::vector<int> of_row(y.size());
  size_t before = 0;  // rows of classes that come first
  for (const int label : classes) {
    const auto n = static_cast<size_t>(std::count(y.begin(), y.end(), label));
    std::vector<int> dealt;  // the fold of each row of the class
    for (int fold = 0; fold < folds; ++fold) {
      for (size_t at = before; at < before + n; ++at) {
        if (at % static_cast<size_t>(folds) == static_cast<size_t>(fold)) dealt.push_back(fold);
      }
    }
    size_t next = 0;
    for (size_t row = 0; row < y.size(); ++row) {
      if (y[row] == label) of_row[row] = dealt[next++];
    }
    before += n;
  }
  return of_row;
}

/// Blocks of rows, as scikit-learn's KFold deals unshuffled: the first ones are a row larger where it does not come out
/// even.
std::vector<int> deal_rows(size_t rows, int folds) {
  const auto n = static_cast<size_t>(folds);
  std::vector<int> of_row;
  for (size_t fold = 0; fold < n; ++fold) {
    of_row.insert(of_row.end(), rows / n + (fold < rows % n ? 1 : 0), static_cast<int>(fold));
  }
  return of_row;
}

/// Rows that are dealt validate in their fold and teach in the others, where no row of their group validates; those
/// that are not teach wherever their group does not validate.
std::vector<Fold> folds_from(const std::vector<int>& fold_of_row, const Groups& groups, int folds) {
  std::vector<int> fold_of_group(groups.names.size(), -1);
  for (size_t row = 0; row < fold_of_row.size(); ++row) {
    if (fold_of_row[row] >= 0) fold_of_group[static_cast<size_t>(groups.of_row[row])] = fold_of_row[row];
  }
  std::vector<Fold> out(static_cast<size_t>(folds));
  for (size_t row = 0; row < fold_of_row.size(); ++row) {
    for (int fold = 0; fold < folds; ++fold) {
      auto& made = out[static_cast<size_t>(fold)];
      if (fold_of_row[row] == fold) made.valid.push_back(static_cast<int>(row));
      if (fold_of_group[static_cast<size_t>(groups.of_row[row])] != fold) made.train.push_back(static_cast<int>(row));
    }
  }
  for (size_t fold = 0; fold < out.size(); ++fold) {
    if (!out[fold].valid.empty() && !out[fold].train.empty()) continue;
    throw ArgumentError("folds: fold " + std::to_string(fold + 1) + " of " + std::to_string(folds) +
                        " has nothing to " + (out[fold].valid.empty() ? "test on" : "learn from") +
                        " (take fewer folds)");
  }
  return out;
}

}  // namespace

Schema FoldOptions::schema() {
  return {Option{"folds", &FoldOptions::folds, "rounds; each row is tested on in one of them", Range{2, 1000}},
          Option{"by", &FoldOptions::by,
                 "what stays together: 'album', 'track' or another column; '' for albums where "
                 "there are any"},
          Option{"stratify", &FoldOptions::stratify,
                 "the same share of every class in each fold, or of every tag (iterative stratification)"},
          Option{"leak", &FoldOptions::leak,
                 "what is done where one leaks: an error, going on, or leaving the songs that both sides have out of "
                 "training",
                 Choices{"refused", "allowed", "moved"}}};
}

std::vector<Fold> make_folds(const std::vector<int>& y, const std::vector<std::string>& groups, int folds,
                             bool stratify, const FoldWords& words) {
  if (folds < 2) throw ArgumentError("folds: 'folds' = " + std::to_string(folds) + " is out of range (at least 2)");
  const int n_classes = y.empty() ? 1 : *std::max_element(y.begin(), y.end()) + 1;
  const bool grouped = !groups.empty();
  std::vector<std::string> own = groups;
  for (size_t row = own.size(); row < y.size(); ++row) own.push_back(std::to_string(row));
  const Groups found = count_groups(y, own, n_classes);
  const auto rows = rows_to_deal(y, found, folds, words);
  const auto dealt_groups = taken(own, rows);
  check_groups(distinct(dealt_groups).size(), folds, words);

  const auto dealt_y = taken(y, rows);
  const bool by_class = stratify && !y.empty();
  std::vector<int> dealt;
  if (grouped) {
    dealt = deal_groups(dealt_y, dealt_groups, n_classes, folds, by_class);
  } else {
    dealt = by_class ? deal_rows_by_class(dealt_y, folds) : deal_rows(rows.size(), folds);
  }
  std::vector<int> fold_of_row(own.size(), -1);
  for (size_t i = 0; i < rows.size(); ++i) fold_of_row[static_cast<size_t>(rows[i])] = dealt[i];
  return folds_from(fold_of_row, found, folds);
}

TagGroups count_tags(const Matrix& tags, const std::vector<std::string>& groups) {
  TagGroups found;
  found.names = distinct(groups);
  found.counts = Matrix(found.names.size(), tags.columns);
  found.sizes.assign(found.names.size(), 0);
  for (size_t row = 0; row < groups.size(); ++row) {
    const auto at = std::lower_bound(found.names.begin(), found.names.end(), groups[row]) - found.names.begin();
    found.of_row.push_back(static_cast<int>(at));
    const auto group = static_cast<size_t>(at);
    found.sizes[group] += 1;
    for (size_t tag = 0; tag < tags.columns; ++tag) found.counts(group, tag) += tags(row, tag);
  }
  return found;
}

std::vector<Fold> make_tag_folds(const Matrix& tags, const std::vector<std::string>& groups, int folds,
                                 const FoldWords& words) {
  std::vector<std::string> own = groups;
  for (size_t row = own.size(); row < tags.rows; ++row) own.push_back(std::to_string(row));
  const TagGroups found = count_tags(tags, own);
  check_groups(found.names.size(), folds, words);
  const auto side_of =
      deal_by_tags(found.counts, found.sizes, std::vector<double>(static_cast<size_t>(folds), 1.0 / folds));
  std::vector<int> fold_of_row;
  for (const int group : found.of_row) fold_of_row.push_back(side_of[static_cast<size_t>(group)]);
  return folds_from(fold_of_row, count_groups({}, own, 1), folds);
}

}  // namespace lumir::data
