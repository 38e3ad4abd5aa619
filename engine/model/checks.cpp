// Checks that all estimators make.

#include "model/checks.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "core/error.h"
#include "core/parallel.h"
#include "core/value.h"
#include "model/weights.h"

namespace lumir::model {

void check_weights(const std::string& who, const Training& training) {
  if (training.weights.empty()) return;
  if (training.weights.size() != training.x.rows) {
    throw ArgumentError(who + ": " + std::to_string(training.x.rows) + " rows but " +
                        std::to_string(training.weights.size()) + " weights");
  }
  for (size_t i = 0; i < training.weights.size(); ++i) {
    if (training.weights[i] >= 0 && training.weights[i] <= kMostWeight) continue;
    throw ArgumentError(who + ": the weight of row " + std::to_string(i + 1) + " must be 0 or more" +
                        (training.weights[i] > 0 ? ", at most " + show_number(kMostWeight) : "") + ", got " +
                        show_number(training.weights[i]));
  }
}

namespace {

std::optional<size_t> first_infinite(const Matrix& x) {
  const auto bad = std::find_if(x.values.begin(), x.values.end(), [](double v) { return std::isinf(v); });
  if (bad == x.values.end()) return std::nullopt;
  return static_cast<size_t>(bad - x.values.begin());
}

/// Zero times a number that is not finite is none, and so is the sum. Eight sums are added up side by side.
bool all_finite(std::span<const double> numbers) {
  constexpr size_t kSums = 8;
  double sums[kSums] = {};
  const size_t whole = numbers.size() / kSums * kSums;
  for (size_t i = 0; i < whole; i += kSums) {
    for (size_t k = 0; k < kSums; ++k) sums[k] += 0 * numbers[i + k];
  }
  for (size_t i = whole; i < numbers.size(); ++i) sums[0] += 0 * numbers[i];
  return std::accumulate(sums, sums + kSums, 0.0) == 0;
}

/// Rows that weigh nothing teach no class.
void check_weighty(const std::string& who, const Training& training) {
  std::vector<bool> weighty(static_cast<size_t>(training.n_classes));
  for (size_t i = 0; i < training.weights.size(); ++i) {
    if (training.weights[i] > 0) weighty[static_cast<size_t>(training.y[i])] = true;
  }
  if (training.weights.empty() || std::count(weighty.begin(), weighty.end(), true) >= 2) return;
  throw ArgumentError(who + ": needs at least two classes whose rows weigh more than 0");
}

}  // namespace

std::optional<size_t> first_not_finite(const Matrix& x) {
  constexpr size_t kPiece = size_t{1} << 16;
  const size_t n = x.values.size();
  std::vector<size_t> first((n + kPiece - 1) / kPiece, n);
  parallel_for(first.size(), [&](size_t piece) {
    const auto some = std::span(x.values).subspan(piece * kPiece, std::min(kPiece, n - piece * kPiece));
    if (all_finite(some)) return;
    const auto bad = std::find_if_not(some.begin(), some.end(), [](double v) { return std::isfinite(v); });
    first[piece] = piece * kPiece + static_cast<size_t>(bad - some.begin());
  });
  const auto found = std::min_element(first.begin(), first.end());
  return found == first.end() || *found == n ? std::nullopt : std::optional(*found);
}

void check_finite(const std::string& who, const Matrix& x, bool missing) {
  const auto at = missing ? first_infinite(x) : first_not_finite(x);
  if (!at) return;
  const bool nan = std::isnan(x.values[*at]);
  throw ArgumentError(who + ": column " + std::to_string(*at % x.columns + 1) + " holds " +
                      (nan ? "NaN" : "an infinite number") + " in row " + std::to_string(*at / x.columns + 1) +
                      (nan ? " (SimpleImputer before it fills in what is missing)" : ""));
}

void check_rows(const std::string& who, const Matrix& x, bool missing) {
  if (x.rows == 0) throw ArgumentError(who + ": needs at least one row, got none");
  if (x.columns == 0) throw ArgumentError(who + ": needs at least one column, got none");
  check_finite(who, x, missing);
}

std::vector<int> check_classes(const std::string& who, const Training& training, bool missing) {
  if (training.values) {
    throw ArgumentError(who + ": tells classes apart, one a row, and these rows have " + words_of(training.target) +
                        (training.target == Target::tags ? " (learn.OneVsRest fits one for each tag)" : ""));
  }
  if (training.y.size() != training.x.rows) {
    throw ArgumentError(who + ": " + std::to_string(training.x.rows) + " rows but " +
                        std::to_string(training.y.size()) + " labels");
  }
  std::vector<int> counts(static_cast<size_t>(std::max(0, training.n_classes)));
  for (const int label : training.y) {
    if (label < 0 || label >= training.n_classes) {
      throw ArgumentError(who + ": label " + std::to_string(label + 1) + " is none of the " +
                          std::to_string(training.n_classes) + " classes");
    }
    ++counts[static_cast<size_t>(label)];
  }
  check_rows(who, training.x, missing);
  check_weights(who, training);
  const auto present = std::count_if(counts.begin(), counts.end(), [](int n) { return n > 0; });
  if (present < 2) {
    throw ArgumentError(who + ": needs at least two classes, got one (" + training.class_name(training.y[0]) + ")");
  }
  check_weighty(who, training);
  return counts;
}

void check_numbers(const std::string& who, const Training& training, bool missing) {
  if (training.target != Target::numbers || !training.values) {
    const Target target = training.y.empty() && !training.values ? Target::none : training.target;
    throw ArgumentError(who + ": foretells numbers, and these rows have " + words_of(target) +
                        (target == Target::classes ? " (target = 'numbers' beside x and y makes y some)" : ""));
  }
  check_rows(who, training.x, missing);
  check_finite(who, *training.values);
  check_weights(who, training);
}

void check_count_or_share(const std::string& who, const char* option, double number) {
  if (number < 1 || number == std::floor(number)) return;
  throw ArgumentError(who + ": '" + option + "' must be an integer or a share below 1, got " + show_number(number));
}

void check_columns(const std::string& who, const Matrix& x, size_t fitted_columns, bool missing) {
  if (fitted_columns == 0) throw ArgumentError(who + ": is not fitted yet; call fit first");
  if (x.columns != fitted_columns) {
    throw ArgumentError(who + ": was fitted on " + std::to_string(fitted_columns) + " columns, got " +
                        std::to_string(x.columns));
  }
  check_finite(who, x, missing);
}

const Array& state_array(const std::string& who, const State& state, const std::string& name, size_t dimensions) {
  const auto found = state.find(name);
  if (found == state.end()) throw Error(who + ": the model has no '" + name + "'");
  if (found->second.shape().size() != dimensions) {
    throw Error(who + ": '" + name + "' of the model must have " + std::to_string(dimensions) + " dimensions");
  }
  return found->second;
}

std::vector<double> state_numbers(const std::string& who, const State& state, const std::string& name) {
  return state_array(who, state, name, 1).doubles();
}

Matrix state_matrix(const std::string& who, const State& state, const std::string& name) {
  const Array& array = state_array(who, state, name, 2);
  Matrix matrix;
  matrix.rows = static_cast<size_t>(array.shape()[0]);
  matrix.columns = static_cast<size_t>(array.shape()[1]);
  matrix.values = array.doubles();
  return matrix;
}

int state_whole(const std::string& who, double value, double low, double high) {
  if (!(value >= low && value <= high && value == std::floor(value))) refuse_state(who);
  return static_cast<int>(value);
}

void refuse_state(const std::string& who) { throw Error(who + ": the arrays of the model do not fit together"); }

void refuse_fit(const std::string& who, const std::string& array, size_t column) {
  throw ArgumentError(who + ": '" + array + "' of column " + std::to_string(column + 1) +
                      " is not finite; the column's numbers are too large for it");
}

Array to_array(const Matrix& matrix) {
  return {{static_cast<int64_t>(matrix.rows), static_cast<int64_t>(matrix.columns)}, matrix.values};
}

}  // namespace lumir::model
