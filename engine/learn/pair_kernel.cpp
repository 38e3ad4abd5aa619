#include "learn/pair_kernel.h"

#include <algorithm>
#include <utility>

namespace lumir::learn {
namespace {

constexpr int kBlock = 32;  // rows that a vector loop takes at once

int padded(int n) { return (n + kBlock - 1) / kBlock * kBlock; }

}  // namespace

void mirror(float* values, size_t stride, Rows rows, Rows columns) {
  constexpr int kSide = 64;  // of squares whose rows and columns both stay in the first cache
  const auto row = [&](int i) { return values + static_cast<size_t>(i) * stride; };
  for (int first = columns.first; first < columns.last; first += kSide) {
    const int last = std::min(first + kSide, columns.last);
    for (int i = std::max(rows.first, first); i < rows.last; ++i) {
      const float* from = row(i);
      for (int j = first; j < std::min(last, i); ++j) row(j)[i] = from[j];
    }
  }
}

PairKernel::PairKernel(int positives, int negatives)
    : PairKernel(positives, negatives, {}, static_cast<size_t>(positives + negatives), nullptr) {}

PairKernel::PairKernel(int positives, int negatives, std::vector<float> diagonal, size_t kept, Form form)
    : positives_(positives),
      negatives_(negatives),
      stride_(padded(positives + negatives)),
      diagonal_(std::move(diagonal)),
      form_(std::move(form)),
      values_(std::make_unique_for_overwrite<float[]>(kept * static_cast<size_t>(stride_))),
      place_of_(form_ ? static_cast<size_t>(size()) : 0, -1),
      row_at_(kept, -1),
      asked_(form_ ? kept : 0) {
  for (size_t place = 0; place < kept; ++place) std::fill(at(place) + size(), at(place) + stride_, 0.0F);
}

const float* PairKernel::row(int i) const {
  if (!form_) return at(static_cast<size_t>(i));
  int& place = place_of_[static_cast<size_t>(i)];
  if (place < 0) {
    place = static_cast<int>(oldest());
    int& before = row_at_[static_cast<size_t>(place)];
    if (before >= 0) place_of_[static_cast<size_t>(before)] = -1;
    before = i;
    form_(i, at(static_cast<size_t>(place)));
  }
  asked_[static_cast<size_t>(place)] = ++now_;
  return at(static_cast<size_t>(place));
}

size_t PairKernel::oldest() const {
  return static_cast<size_t>(std::min_element(asked_.begin(), asked_.end()) - asked_.begin());
}

PairKernel PairKernel::part(const std::vector<int>& rows, int positives) const {
  const auto gather = [this, rows](int i, float* to) {
    const float* from = row(rows[static_cast<size_t>(i)]);
    for (size_t j = 0; j < rows.size(); ++j) to[j] = from[rows[j]];
  };
  const int n = static_cast<int>(rows.size());
  if (form_) {
    std::vector<float> diagonal;
    for (const int row : rows) diagonal.push_back(diagonal_[static_cast<size_t>(row)]);
    return {positives, n - positives, std::move(diagonal), kept(), gather};
  }
  PairKernel out(positives, n - positives);
  for (int i = 0; i < n; ++i) gather(i, out.row(i));
  return out;
}

}  // namespace lumir::learn
