// Columns of numbers in as few bytes as hold them: trees jump about in them, and what is near is fast.

#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace lumir::learn {

/// Whether none of them loses anything as a float.
inline bool are_floats(std::span<const double> numbers) {
  constexpr size_t kPiece = 4096;
  for (size_t begin = 0; begin < numbers.size(); begin += kPiece) {
    const size_t end = std::min(begin + kPiece, numbers.size());
    bool same = true;
    for (size_t i = begin; i < end; ++i) same &= static_cast<double>(static_cast<float>(numbers[i])) == numbers[i];
    if (!same) return false;
  }
  return true;
}

/// [columns, rows] of numbers, in the narrower of two types where that holds all of them.
template <class Narrow, class Wide>
class NarrowColumns {
 public:
  void resize(size_t rows, size_t columns, bool narrow) {
    rows_ = rows;
    is_narrow_ = narrow;
    narrow_.resize(narrow ? rows * columns : 0);
    wide_.resize(narrow ? 0 : rows * columns);
  }
  void set(size_t column, size_t row, Wide number) {
    if (is_narrow_) {
      narrow_[column * rows_ + row] = static_cast<Narrow>(number);
    } else {
      wide_[column * rows_ + row] = number;
    }
  }
  Wide at(size_t column, size_t row) const {
    return is_narrow_ ? narrow_[column * rows_ + row] : wide_[column * rows_ + row];
  }
  /// Those of some samples, each of which has a row.
  template <class Sample>
  void take(size_t column, std::span<const Sample> samples, Wide* out) const {
    if (is_narrow_) {
      take_from(narrow_.data() + column * rows_, samples, out);
    } else {
      take_from(wide_.data() + column * rows_, samples, out);
    }
  }
  /// The whole column.
  void read(size_t column, std::span<Wide> out) const {
    if (is_narrow_) {
      std::copy_n(narrow_.begin() + static_cast<ptrdiff_t>(column * rows_), out.size(), out.begin());
    } else {
      std::copy_n(wide_.begin() + static_cast<ptrdiff_t>(column * rows_), out.size(), out.begin());
    }
  }
  /// Becomes so many columns of some samples. `lines` has for each row a column, of what the row's columns are.
  template <class Sample>
  void turn(const NarrowColumns& lines, size_t columns, std::span<const Sample> samples) {
    rows_ = samples.size();
    is_narrow_ = lines.is_narrow_;
    if (is_narrow_) {
      turn_from(lines.narrow_, columns, samples, narrow_);
    } else {
      turn_from(lines.wide_, columns, samples, wide_);
    }
  }
  /// Begins to bring near what will soon be asked for.
  template <class Sample>
  void bring_near(size_t column, std::span<const Sample> samples) const {
    if (is_narrow_) {
      for (const Sample& sample : samples) __builtin_prefetch(narrow_.data() + column * rows_ + sample.row);
    } else {
      for (const Sample& sample : samples) __builtin_prefetch(wide_.data() + column * rows_ + sample.row);
    }
  }

 private:
  template <class T, class Sample>
  static void take_from(const T* numbers, std::span<const Sample> samples, Wide* out) {
    for (size_t s = 0; s < samples.size(); ++s) out[s] = numbers[samples[s].row];
  }

  template <class T, class Sample>
  static void turn_from(const std::vector<T>& lines, size_t columns, std::span<const Sample> samples,
                        std::vector<T>& out) {
    constexpr size_t kBeside = 32;  // columns that lie in a line of the cache or two
    const size_t n = samples.size();
    out.resize(std::max(out.size(), n * columns));
    for (size_t first = 0; first < columns; first += kBeside) {
      const size_t end = std::min(first + kBeside, columns);
      for (size_t s = 0; s < n; ++s) {
        const T* line = lines.data() + static_cast<size_t>(samples[s].row) * columns;
        for (size_t column = first; column < end; ++column) out[column * n + s] = line[column];
      }
    }
  }

  size_t rows_ = 0;
  bool is_narrow_ = false;
  std::vector<Narrow> narrow_;  // one of the two is empty
  std::vector<Wide> wide_;
};

}  // namespace lumir::learn
