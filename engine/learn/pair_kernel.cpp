#include "learn/pair_kernel.h"

#include <algorithm>
#include <utility>

namespace lumir::learn {
namespace {

constexpr size_t kBatch = 16;  // rows that are formed together
constexpr size_t kSide = 64;   // of squares whose rows and columns both stay in the first cache

}  // namespace

PaddedRows::PaddedRows(size_t rows, size_t columns)
    : rows_(rows), stride_(padded(columns)), values_(std::make_unique_for_overwrite<float[]>(rows * stride_)) {
  for (size_t i = 0; i < rows; ++i) std::fill(row(i) + columns, row(i) + stride_, 0.0F);
}

void PaddedRows::mirror() {
  for (size_t first = 0; first < rows_; first += kSide) {
    for (size_t i = first; i < rows_; ++i) {
      const float* from = row(i);
      for (size_t j = first; j < std::min(first + kSide, i); ++j) row(j)[i] = from[j];
    }
  }
}

PaddedRows PaddedRows::transposed(size_t columns) const {
  PaddedRows out(columns, rows_);
  for (size_t first = 0; first < columns; first += kSide) {
    for (size_t i = 0; i < rows_; ++i) {
      const float* from = row(i);
      for (size_t j = first; j < std::min(first + kSide, columns); ++j) out.row(j)[i] = from[j];
    }
  }
  return out;
}

WholeKernel::WholeKernel(Blocks blocks)
    : PairKernel(static_cast<int>(blocks.positive.rows()), static_cast<int>(blocks.negative.rows())),
      blocks_(std::move(blocks)) {}

float WholeKernel::diagonal(int i) const {
  return i < positives() ? row(i).positives[i] : row(i).negatives[i - positives()];
}

KernelRow WholeKernel::row(int i) const {
  if (i < positives())
    return {blocks_.positive.row(static_cast<size_t>(i)), blocks_.across.row(static_cast<size_t>(i))};
  const auto at = static_cast<size_t>(i - positives());
  return {blocks_.back.row(at), blocks_.negative.row(at)};
}

FormedKernel::FormedKernel(int positives, int negatives, std::vector<float> diagonal, size_t kept, Form form)
    : PairKernel(positives, negatives),
      middle_(PaddedRows::padded(static_cast<size_t>(positives))),
      stride_(middle_ + PaddedRows::padded(static_cast<size_t>(negatives))),
      diagonal_(std::move(diagonal)),
      kept_(std::clamp<size_t>(kept, 2, static_cast<size_t>(std::max(size(), 2)))),
      batch_(std::min(kBatch, kept_ / 2)),
      form_(std::move(form)),
      fresh_(batch_, stride_),
      place_of_(static_cast<size_t>(size()), -1) {}

size_t FormedKernel::place() const {
  if (rows_.size() < kept_) {
    rows_.push_back(std::make_unique_for_overwrite<float[]>(stride_));
    row_at_.push_back(-1);
    asked_.push_back(0);
    return rows_.size() - 1;
  }
  const auto oldest = static_cast<size_t>(std::min_element(asked_.begin(), asked_.end()) - asked_.begin());
  place_of_[static_cast<size_t>(row_at_[oldest])] = -1;
  return oldest;
}

void FormedKernel::form(std::span<const int> rows) const {
  for (size_t r = 0; r < rows.size(); ++r) std::fill_n(fresh_.row(r), stride_, 0.0F);
  form_(rows, fresh_.row(0), stride_);
  for (size_t r = 0; r < rows.size(); ++r) {
    const size_t at = place();
    row_at_[at] = rows[r];
    place_of_[static_cast<size_t>(rows[r])] = static_cast<int>(at);
    asked_[at] = ++now_;
    std::copy_n(fresh_.row(r), stride_, rows_[at].get());
  }
}

KernelRow FormedKernel::row(int i) const {
  const auto at = static_cast<size_t>(place_of_[static_cast<size_t>(i)]);
  asked_[at] = ++now_;
  return {rows_[at].get(), rows_[at].get() + middle_};
}

std::unique_ptr<PairKernel> part_of(const PairKernel& whole, const std::vector<int>& rows, int positives) {
  const auto gather = [&whole, rows, positives](std::span<const int> asked, float* to, size_t stride) {
    const auto middle = PaddedRows::padded(static_cast<size_t>(positives));
    for (size_t r = 0; r < asked.size(); ++r, to += stride) {
      const int own = rows[static_cast<size_t>(asked[r])];
      if (!whole.holds(own)) whole.form({&own, 1});
      const KernelRow from = whole.row(own);
      for (size_t j = 0; j < rows.size(); ++j) {
        const bool positive = j < static_cast<size_t>(positives);
        to[positive ? j : middle + j - static_cast<size_t>(positives)] =
            positive ? from.positives[rows[j]] : from.negatives[rows[j] - whole.positives()];
      }
    }
  };
  std::vector<float> diagonal;
  for (const int row : rows) diagonal.push_back(whole.diagonal(row));
  return std::make_unique<FormedKernel>(positives, static_cast<int>(rows.size()) - positives, std::move(diagonal),
                                        rows.size(), gather);
}

}  // namespace lumir::learn
