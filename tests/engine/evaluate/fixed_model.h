// A classifier that answers what a test wrote down.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/registry.h"
#include "data/table.h"
#include "model/estimator.h"

namespace lumir::tests {

/// Column 0 of a row is its number: the model answers with the scores of that row.
class FixedModel final : public model::Estimator {
 public:
  explicit FixedModel(Matrix scores)
      : Estimator(*find_entry("learn.KNeighbors"), defaults()), scores_(std::move(scores)) {
    n_classes_ = static_cast<int>(scores_.columns);
  }
  bool is(model::Role role) const override { return role == model::Role::classifier; }
  bool fitted() const override { return scores_.rows > 0; }
  State state() const override { return {}; }

 protected:
  void fit_rows(const model::Training&) override {}
  void load_state(const State&) override {}
  model::Predictions answer_rows(const Matrix& x) const override {
    std::vector<int> rows;
    for (size_t i = 0; i < x.rows; ++i) rows.push_back(static_cast<int>(x(i, 0)));
    Matrix scores = scores_.take(rows);
    return {model::highest(scores), std::move(scores), ScoreKind::decisions};
  }

 private:
  static Map defaults() {
    Map options;
    for (const auto& parameter : find_entry("learn.KNeighbors")->parameters) {
      options[parameter.name] = parameter.default_value;
    }
    return options;
  }
  Matrix scores_;
};

/// A model that predicts these classes; the second rank goes to the next class.
inline std::shared_ptr<FixedModel> model_that_predicts(const std::vector<int>& classes, int n_classes) {
  Matrix scores(classes.size(), static_cast<size_t>(n_classes));
  for (size_t i = 0; i < classes.size(); ++i) {
    for (int c = 0; c < n_classes; ++c) {
      scores(i, static_cast<size_t>(c)) = -((c - classes[i] + n_classes) % n_classes);
    }
  }
  return std::make_shared<FixedModel>(std::move(scores));
}

/// A table whose column 0 numbers the rows; groups are named "g0", "g1" ...: `per_group` rows each.
inline data::Table numbered_table(const std::vector<int>& truth, const std::vector<std::string>& classes,
                                  size_t per_group) {
  data::Table table;
  Matrix numbers(truth.size(), 1);
  for (size_t i = 0; i < truth.size(); ++i) {
    numbers(i, 0) = static_cast<double>(i);
    table.ids.push_back("row" + std::to_string(i));
    table.groups.push_back("g" + std::to_string(i / per_group));
  }
  table.x = std::move(numbers);
  table.y = truth;
  table.classes = classes;
  table.label = "artist";
  table.group = "album";
  return table;
}

}  // namespace lumir::tests
