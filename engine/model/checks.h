// What estimators check before they work and after, each in one line of error text begun by `who`.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/state.h"
#include "model/training.h"

namespace lumir::model {

/// Where the first number that is NaN or infinite stands among the values, row by row; nothing where all are finite.
std::optional<size_t> first_not_finite(const Matrix& x);
/// Throws ArgumentError for NaN, unless it stands for what is missing, or an infinite number.
void check_finite(const std::string& who, const Matrix& x, bool missing = false);
/// At least one row and column, finite; NaN may stand for what is missing where `missing` is true.
void check_rows(const std::string& who, const Matrix& x, bool missing = false);
/// As many weights of rows as there are rows, each 0 or more, or none.
void check_weights(const std::string& who, const Training& training);
/// Finite, not empty, a label for each row, at least two classes, weights that can weigh; returns the number of rows of
/// each class.
std::vector<int> check_classes(const std::string& who, const Training& training, bool missing = false);
/// Numbers to be foretold of each row, finite; the rest as for classes.
void check_numbers(const std::string& who, const Training& training, bool missing = false);
/// A count that may be a share: whole from 1 on. Throws ArgumentError that names the option.
void check_count_or_share(const std::string& who, const char* option, double number);
/// Finite, as many columns as in the fit.
void check_columns(const std::string& who, const Matrix& x, size_t fitted_columns, bool missing = false);

/// The named array, of `dimensions` dimensions; Error where a state lacks it.
const Array& state_array(const std::string& who, const State& state, const std::string& name, size_t dimensions);
/// Its numbers, as doubles.
std::vector<double> state_numbers(const std::string& who, const State& state, const std::string& name);
Matrix state_matrix(const std::string& who, const State& state, const std::string& name);
/// A whole number of a state, from `low` to `high`; Error otherwise.
int state_whole(const std::string& who, double value, double low, double high);
/// Error "SVC: the arrays of the model do not fit together".
[[noreturn]] void refuse_state(const std::string& who);

/// ArgumentError for a fit whose array is not finite in a column (from 0).
[[noreturn]] void refuse_fit(const std::string& who, const std::string& array, size_t column);

/// A matrix as an array of a state.
Array to_array(const Matrix& matrix);

}  // namespace lumir::model
