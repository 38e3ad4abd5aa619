// Columns: transformers for some columns each, by name or place; the others stay or go.
//
//   learn.Columns { { 'mfcc_*', learn.StandardScaler() }, { { 'tempo', 'valence' }, learn.MinMaxScaler() } }

#include <algorithm>
#include <numeric>
#include <set>

#include "learn/side_by_side.h"

namespace lumir::learn {
namespace {

struct ColumnsOptions {
  Value transformers;
  std::string remainder = "drop";
  static Schema schema() {
    return {Option{"transformers", &ColumnsOptions::transformers,
                   "pairs of columns and a transformer: { { 'tempo', 'mfcc_*' }, learn.StandardScaler() }; columns are "
                   "names, names with '*' for any text, or places from 1",
                   Kind{"column transformers"}, kListed},
            Option{"remainder", &ColumnsOptions::remainder, "what becomes of columns that none of them names",
                   Choices{"drop", "passthrough"}}};
  }
};

/// True where the text is what the pattern says; '*' stands for any text.
bool matches(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() != '*') {
    return !text.empty() && pattern.front() == text.front() && matches(pattern.substr(1), text.substr(1));
  }
  for (size_t skip = 0; skip <= text.size(); ++skip) {
    if (matches(pattern.substr(1), text.substr(skip))) return true;
  }
  return false;
}

/// The columns that a word or number means, 0-based. Throws ArgumentError where it means none.
std::vector<int> columns_meant(const Value& word, size_t width, const std::vector<std::string>* names) {
  if (const double* place = word.number()) {
    if (*place >= 1 && *place <= static_cast<double>(width) && *place == static_cast<int>(*place)) {
      return {static_cast<int>(*place) - 1};
    }
    throw ArgumentError("Columns: column " + show(word) + " is none of the " + std::to_string(width) + " columns");
  }
  const std::string* pattern = word.text();
  if (!pattern) throw ArgumentError("Columns: a column is a name or a place from 1, got " + show(word));
  if (!names) throw ArgumentError("Columns: the table's columns have no names, got '" + *pattern + "'");
  std::vector<int> found;
  for (size_t j = 0; j < names->size(); ++j) {
    if (matches(*pattern, (*names)[j])) found.push_back(static_cast<int>(j));
  }
  if (found.empty()) {
    throw ArgumentError("Columns: no column is called '" + *pattern + "'" + did_you_mean(*pattern, *names));
  }
  return found;
}

/// One transformer with the words of its columns.
struct Pair {
  List words;
  Value description;
};

Pair pair_of(const Value& given) {
  const List* both = given.list();
  if (!both || both->size() != 2) {
    throw ArgumentError("Columns: each part must be { columns, transformer }, got " + show(given));
  }
  const List* words = (*both)[0].list();
  return {words ? *words : List{(*both)[0]}, (*both)[1]};
}

class Columns final : public Described<Transformer, ColumnsOptions> {
 public:
  Columns(const Entry& entry, const Map& options) : Described(entry, options) {
    const List* given = option().transformers.list();
    if (!given || given->empty()) throw ArgumentError("Columns: needs at least one { columns, transformer }");
    List descriptions;
    for (const Value& part : *given) {
      Pair pair = pair_of(part);
      words_.push_back(std::move(pair.words));
      descriptions.push_back(std::move(pair.description));
    }
    members_ = transformers_from("Columns", descriptions);
  }

  bool fitted() const override { return width_ > 0; }
  bool takes_missing() const override { return option().remainder == "drop" && all_take_missing(members_); }

  /// "columns" of all transformers one after the other, of which "counts" says how many each has, and "rest" those
  /// that pass; all counted from 0.
  State state() const override {
    State state;
    add_members(state, members_);
    std::vector<double> counts, columns;
    for (const auto& of_member : columns_) {
      counts.push_back(static_cast<double>(of_member.size()));
      columns.insert(columns.end(), of_member.begin(), of_member.end());
    }
    state["counts"] = counts;
    state["columns"] = columns;
    state["rest"] = std::vector<double>(rest_.begin(), rest_.end());
    state["n_features"] = {static_cast<double>(width_)};
    return state;
  }

  std::vector<std::string> columns_out(const std::vector<std::string>& columns) const override {
    std::vector<std::string> names;
    for (size_t m = 0; m < members_.size(); ++m) {
      const auto more = members_[m]->columns_out(taken(columns, columns_[m]));
      names.insert(names.end(), more.begin(), more.end());
    }
    for (const int column : rest_) names.push_back(columns.at(static_cast<size_t>(column)));
    return names;
  }

 protected:
  void fit_rows(const Training& training) override {
    const size_t width = training.x.columns;
    check_rows(name(), training.x, takes_missing());
    find_columns(width, training.columns);
    for (size_t m = 0; m < members_.size(); ++m) {
      const Matrix some = columns_of(training.x, columns_[m]);
      std::vector<std::string> names;
      if (training.columns) names = taken(*training.columns, columns_[m]);
      members_[m]->fit(training.with(some, training.columns ? &names : nullptr));
    }
    width_ = width;
  }

  void load_state(const State& state) override {
    const auto counts = state_numbers(name(), state, "counts"), columns = state_numbers(name(), state, "columns");
    const auto rest = state_numbers(name(), state, "rest"), width = state_numbers(name(), state, "n_features");
    if (width.size() != 1 || counts.size() != members_.size()) refuse_state(name());
    width_ = static_cast<size_t>(state_whole(name(), width[0], 1, 1e9));
    const auto column = [&](double number) { return state_whole(name(), number, 0, width[0] - 1); };
    size_t at = 0;
    columns_.clear();
    rest_.clear();
    for (const double count : counts) {
      auto& of_member = columns_.emplace_back();
      const int n = state_whole(name(), count, 1, static_cast<double>(columns.size() - at));
      for (int i = 0; i < n; ++i) of_member.push_back(column(columns[at++]));
    }
    for (const double number : rest) rest_.push_back(column(number));
    load_members(state, members_);
  }

  Matrix transform_rows(const Matrix& x) const override {
    check_columns(name(), x, width_, takes_missing());
    Matrix out;
    for (size_t m = 0; m < members_.size(); ++m) {
      append_columns(out, members_[m]->transform(columns_of(x, columns_[m])));
    }
    if (!rest_.empty()) append_columns(out, columns_of(x, rest_));
    return out;
  }

  /// Its members have looked at theirs.
  void check_fit() const override {}

 private:
  void find_columns(size_t width, const std::vector<std::string>* names) {
    columns_.clear();
    rest_.clear();
    std::set<int> named;
    for (const List& words : words_) {
      auto& of_member = columns_.emplace_back();
      for (const Value& word : words) {
        for (const int column : columns_meant(word, width, names)) {
          if (std::find(of_member.begin(), of_member.end(), column) == of_member.end()) of_member.push_back(column);
          named.insert(column);
        }
      }
      if (of_member.empty()) throw ArgumentError("Columns: a transformer has no columns");
    }
    if (option().remainder == "drop") return;
    for (int column = 0; column < static_cast<int>(width); ++column) {
      if (!named.contains(column)) rest_.push_back(column);
    }
  }

  std::vector<List> words_;
  std::vector<EstimatorPtr> members_;
  std::vector<std::vector<int>> columns_;  // of each member
  std::vector<int> rest_;
  size_t width_ = 0;
};

LUMIR_ESTIMATOR(Columns,
                {
                    .summary = "Transformers for some columns each, by name or place; the others stay or go.",
                    .returns = "a transformer; what the transformers make stands side by side, then what passes",
                    .example = "learn.Columns { { { 1 }, learn.StandardScaler() }, remainder = 'passthrough' }",
                    .source = "scikit-learn's ColumnTransformer",
                });

}  // namespace
}  // namespace lumir::learn
