// The kernel between all rows of two classes, as the solver asks for it: row by row.

#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace lumir::learn {

/// Rows of numbers, each padded with zeros to whole blocks of the vector loops.
class PaddedRows {
 public:
  static constexpr size_t kBlock = 32;
  static size_t padded(size_t n) { return (n + kBlock - 1) / kBlock * kBlock; }

  PaddedRows() = default;
  PaddedRows(size_t rows, size_t columns);

  size_t rows() const { return rows_; }
  size_t stride() const { return stride_; }
  float* row(size_t i) { return values_.get() + i * stride_; }
  const float* row(size_t i) const { return values_.get() + i * stride_; }
  /// Copies what lies under the diagonal of as many columns above it.
  void mirror();
  /// The first `columns` columns as rows.
  PaddedRows transposed(size_t columns) const;

 private:
  size_t rows_ = 0, stride_ = 0;
  std::unique_ptr<float[]> values_;
};

/// A row's kernel with the rows of the positive class and with those of the negative one, both padded.
struct KernelRow {
  const float* positives;
  const float* negatives;
};

/// Rows of the positive class come first. Kept in float, as libsvm does; of use to one thread at a time.
class PairKernel {
 public:
  virtual ~PairKernel() = default;
  PairKernel(const PairKernel&) = delete;
  PairKernel& operator=(const PairKernel&) = delete;

  int positives() const { return positives_; }
  int negatives() const { return negatives_; }
  int size() const { return positives_ + negatives_; }
  virtual float diagonal(int i) const = 0;

  /// How many rows are formed together where one is missing; 0: none ever is.
  virtual size_t batch() const { return 0; }
  virtual bool holds(int /*i*/) const { return true; }
  /// Forms rows that it does not hold, at most `batch`; the one that was asked for last stays.
  virtual void form(std::span<const int> /*rows*/) const {}
  /// One that it holds.
  virtual KernelRow row(int i) const = 0;

 protected:
  PairKernel(int positives, int negatives) : positives_(positives), negatives_(negatives) {}

 private:
  int positives_, negatives_;
};

/// A whole one, of blocks that pairs share.
class WholeKernel final : public PairKernel {
 public:
  /// Of the positive rows with each other, of the negative ones, and of the former with the latter, both ways.
  struct Blocks {
    const PaddedRows &positive, &negative;
    PaddedRows across, back;
  };
  explicit WholeKernel(Blocks blocks);

  float diagonal(int i) const override;
  KernelRow row(int i) const override;

 private:
  Blocks blocks_;
};

/// One whose rows are formed where they are asked for, of which the last `kept` stay (two at least).
class FormedKernel final : public PairKernel {
 public:
  /// Writes the kernels of some rows with all, in their order: `stride` numbers each, the parts of KernelRow one behind
  /// the other.
  using Form = std::function<void(std::span<const int> rows, float* to, size_t stride)>;

  FormedKernel(int positives, int negatives, std::vector<float> diagonal, size_t kept, Form form);

  float diagonal(int i) const override { return diagonal_[static_cast<size_t>(i)]; }
  size_t batch() const override { return batch_; }
  bool holds(int i) const override { return place_of_[static_cast<size_t>(i)] >= 0; }
  void form(std::span<const int> rows) const override;
  KernelRow row(int i) const override;

 private:
  size_t middle_, stride_;  // where the negatives begin, where a row ends
  std::vector<float> diagonal_;
  size_t kept_, batch_;
  Form form_;
  mutable PaddedRows fresh_;                            // what was formed last
  mutable std::vector<std::unique_ptr<float[]>> rows_;  // at their places
  mutable std::vector<int> place_of_;                   // of each row; -1 where it is not there
  mutable std::vector<int> row_at_;                     // each place's row
  mutable std::vector<long> asked_;                     // when each place was asked for
  mutable long now_ = 0;

  /// A place for a row: a new one, or that of the row that nobody has asked for longest.
  size_t place() const;
};

/// That of some rows, in ascending order, the first `positives` of them positive. It leans on `whole`.
std::unique_ptr<PairKernel> part_of(const PairKernel& whole, const std::vector<int>& rows, int positives);

}  // namespace lumir::learn
