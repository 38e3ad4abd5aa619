// The kernel between all rows of two classes: whole where memory allows it, else the rows that were last asked for.

#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace lumir::learn {

/// Rows from `first` to `last`, without that.
struct Rows {
  int first = 0, last = 0;
};

/// Copies what lies under the diagonal of a square, in these rows and columns, above it.
void mirror(float* values, size_t stride, Rows rows, Rows columns);

/// Rows of the positive class come first. Kept in float, as libsvm does; of use to one thread at a time.
class PairKernel {
 public:
  /// Writes row i, `size` numbers.
  using Form = std::function<void(int i, float* row)>;

  /// A whole one, for its maker to fill.
  PairKernel(int positives, int negatives);
  /// One of which `kept` rows (two at least) stay; the others are formed again where they are asked for.
  PairKernel(int positives, int negatives, std::vector<float> diagonal, size_t kept, Form form);

  int size() const { return positives_ + negatives_; }
  int positives() const { return positives_; }
  /// Rows are padded with zeros to whole blocks of the vector loops.
  int stride() const { return stride_; }
  bool is_whole() const { return !form_; }
  /// Rows that stay: all of a whole one.
  size_t kept() const { return row_at_.size(); }

  float* row(int i) { return at(static_cast<size_t>(i)); }
  /// Copies what lies under the diagonal of a whole one, in these rows and columns, above it.
  void mirror(Rows rows, Rows columns) { learn::mirror(row(0), static_cast<size_t>(stride_), rows, columns); }
  /// Good until `kept` - 1 other rows were asked for.
  const float* row(int i) const;
  float diagonal(int i) const { return form_ ? diagonal_[static_cast<size_t>(i)] : row(i)[i]; }

  /// That of some rows, in ascending order, the first `positives` of them positive. It leans on this one.
  PairKernel part(const std::vector<int>& rows, int positives) const;

 private:
  float* at(size_t place) const { return values_.get() + place * static_cast<size_t>(stride_); }
  /// The place of the row that nobody has asked for longest.
  size_t oldest() const;

  int positives_, negatives_, stride_;
  std::vector<float> diagonal_;
  Form form_;  // none for a whole one
  std::unique_ptr<float[]> values_;
  mutable std::vector<int> place_of_;  // of each row; -1 where it is not there
  mutable std::vector<int> row_at_;    // each place's row; -1 for none
  mutable std::vector<long> asked_;    // when each place was asked for
  mutable long now_ = 0;
};

}  // namespace lumir::learn
