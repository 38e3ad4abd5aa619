// What a fit sees: rows, what is to be foretold of them, and which of them belong together.

#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/matrix.h"
#include "core/target.h"

namespace lumir::data {
class Dataset;
}

namespace lumir::model {

/// What a learner makes of rows once, for many fits on them: see learn/prepares_rows.h.
struct Prepared {
  Prepared() = default;
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;
  virtual ~Prepared() = default;
};

struct Training {
  const Matrix& x;            // [rows, columns]
  const std::vector<int>& y;  // the class of each row, from 0; may be empty for what needs no classes
  int n_classes = 0;
  const std::vector<std::string>& groups;             // what belongs together; may be empty
  const std::vector<std::string>* classes = nullptr;  // their names, for error texts; may be null
  std::string label = "class";                        // what they are: "artist"
  /// The group of each row at another level ("album"); null: only `groups` is known. Throws ArgumentError for a level
  /// that is none.
  std::function<std::vector<std::string>(const std::string& by)> level = nullptr;
  std::span<const double> weights = {};  // how much each row counts; empty: all alike
  Target target = Target::classes;
  const Matrix* values = nullptr;        // [rows, labels] of 0 and 1, or [rows, outputs]; null for classes
  std::string group = {};                // what `groups` are: "album"; empty where nothing is known
  const data::Dataset* songs = nullptr;  // whose recordings the rows are, for audits; null where none are known
  std::span<const int> song = {};        // which row of `songs` each row is all or a part of
  const std::vector<std::string>* columns = nullptr;  // their names; null where they are not known
  const SharedMatrix* shared = nullptr;  // the rows again, where nobody will write them; null where that is not known
  const Prepared* prepared = nullptr;    // what the learner has made of these very rows; null: nothing

  /// The rows for who holds them beyond the fit: shared where nobody will write them, else a copy.
  SharedMatrix kept_rows() const { return shared ? *shared : SharedMatrix(Matrix(x)); }
  /// The same rows with other columns, whose names are `names`.
  Training with(const Matrix& other, const std::vector<std::string>* names = nullptr) const;
  Training with(const SharedMatrix& other, const std::vector<std::string>* names = nullptr) const;
  /// The same rows, to be told apart by other classes.
  Training with_classes(const std::vector<int>& other, int count) const;
  /// "'singer_01'" or "class 1".
  std::string class_name(int number) const;
  /// The group of each row at the level of `by`; empty: the default.
  std::vector<std::string> groups_by(const std::string& by) const;
  double weight(size_t row) const { return weights.empty() ? 1 : weights[row]; }
};

/// Some rows of a training set (0-based, in this order), with all that travels with them.
class TrainingRows {
 public:
  TrainingRows(const Training& whole, std::vector<int> which);
  /// Valid as long as this and the whole are.
  Training training() const;
  const Matrix& x() const { return x_; }
  const std::vector<int>& y() const { return y_; }

 private:
  const Training& whole_;
  std::vector<int> which_;
  SharedMatrix x_;
  Matrix values_;
  std::vector<int> y_;
  std::vector<std::string> groups_;
  std::vector<double> weights_;
  std::vector<int> song_;
};

}  // namespace lumir::model
