// Some columns of many.

#include "learn/selector.h"

#include <algorithm>

namespace lumir::learn {

Matrix Selector::transform_rows(const Matrix& x) const {
  check_columns(name(), x, scores_.size());
  Matrix out(x.rows, chosen_.size());
  for (size_t i = 0; i < x.rows; ++i) {
    const auto from = x.row(i);
    const auto to = out.row(i);
    for (size_t j = 0; j < chosen_.size(); ++j) to[j] = from[static_cast<size_t>(chosen_[j])];
  }
  return out;
}

std::vector<std::string> Selector::columns_out(const std::vector<std::string>& columns) const {
  std::vector<std::string> out;
  for (const int column : chosen_) out.push_back(columns.at(static_cast<size_t>(column)));
  return out;
}

State Selector::state() const {
  const std::vector<double> chosen(chosen_.begin(), chosen_.end());
  return {{score_name(), scores_}, {"chosen", chosen}};
}

void Selector::load_state(const State& state) {
  scores_ = state_numbers(name(), state, score_name());
  chosen_.clear();
  for (const double column : state_numbers(name(), state, "chosen")) {
    if (!(column >= 0 && column < static_cast<double>(scores_.size()))) {
      throw Error(name() + ": 'chosen' of the model names a column that is not there");
    }
    chosen_.push_back(static_cast<int>(column));
  }
}

void Selector::keep(std::vector<double> scores, std::vector<int> chosen) {
  std::sort(chosen.begin(), chosen.end());
  scores_ = std::move(scores);
  chosen_ = std::move(chosen);
}

}  // namespace lumir::learn
