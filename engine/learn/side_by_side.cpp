// Columns side by side.

#include "learn/side_by_side.h"

#include <algorithm>

namespace lumir::learn {

std::vector<EstimatorPtr> transformers_from(const std::string& who, const Value& list) {
  std::vector<EstimatorPtr> made;
  if (list.list()) {
    for (const Value& description : *list.list()) {
      made.push_back(model::make_estimator(description));
      if (made.back()->is(Role::transformer)) continue;
      throw ArgumentError(who + ": needs transformers, got " + model::show_estimator(*made.back()));
    }
  }
  if (made.empty()) throw ArgumentError(who + ": needs at least one transformer");
  return made;
}

void append_columns(Matrix& to, const Matrix& more) {
  Matrix out(more.rows, to.columns + more.columns);
  for (size_t i = 0; i < out.rows; ++i) {
    std::copy_n(to.values.begin() + static_cast<ptrdiff_t>(i * to.columns), to.columns, out.row(i).begin());
    std::copy(more.row(i).begin(), more.row(i).end(), out.row(i).begin() + static_cast<ptrdiff_t>(to.columns));
  }
  to = std::move(out);
}

Matrix columns_of(const Matrix& x, const std::vector<int>& which) {
  Matrix out(x.rows, which.size());
  for (size_t i = 0; i < x.rows; ++i) {
    for (size_t j = 0; j < which.size(); ++j) out(i, j) = x(i, static_cast<size_t>(which[j]));
  }
  return out;
}

}  // namespace lumir::learn
