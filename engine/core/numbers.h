// The numbers of a matrix: a std::vector<double> in all that is asked of it here, with three differences.
//
//   - Zeros that nobody has written cost nothing: the system clears their pages when they are touched, so that the
//     threads that fill a large matrix do that, too.
//   - Large ones are copied by all threads, and lie in large pages where the system has some.
//   - They can be given away (a tensor takes them over), and numbers of someone else can be read as such without a copy:
//     see SharedMatrix, the only one that does so, since who writes must own.

#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace lumir {

class Numbers {
 public:
  using value_type = double;
  using iterator = double*;
  using const_iterator = const double*;

  Numbers() = default;
  explicit Numbers(size_t n, double fill = 0);
  Numbers(const std::vector<double>& other) { append(other.data(), other.size()); }
  Numbers(std::initializer_list<double> list) { append(list.begin(), list.size()); }
  Numbers(const Numbers& other) { append(other.data_, other.size_); }
  Numbers(Numbers&& other) noexcept { swap(other); }
  Numbers& operator=(Numbers other) noexcept { return swap(other), *this; }
  ~Numbers() { clear(); }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  double* data() { return data_; }
  const double* data() const { return data_; }
  double* begin() { return data_; }
  double* end() { return data_ + size_; }
  const double* begin() const { return data_; }
  const double* end() const { return data_ + size_; }
  double& operator[](size_t i) { return data_[i]; }
  double operator[](size_t i) const { return data_[i]; }
  double& front() { return data_[0]; }
  double front() const { return data_[0]; }
  double& back() { return data_[size_ - 1]; }
  double back() const { return data_[size_ - 1]; }

  /// Copies; a std::vector takes over nothing that is not its own.
  operator std::vector<double>() const { return {begin(), end()}; }
  friend bool operator==(const Numbers& a, const Numbers& b);

  void reserve(size_t n);
  /// What is new is zero.
  void resize(size_t n);
  void clear();
  void push_back(double number) {
    if (size_ == capacity_) reserve(2 * size_ + 8);
    data_[size_++] = number;
  }
  /// Behind the last number; no part of these numbers themselves.
  void append(const double* first, size_t n);
  void append(std::span<const double> more) { append(more.data(), more.size()); }
  void swap(Numbers& other) noexcept;

  /// The memory, which free_memory frees; these are none then. Null where there are none.
  double* give_away();
  static void free_memory(void* memory);

 private:
  friend class SharedMatrix;
  /// Those of `owner`, who neither changes them nor lets them go; read only.
  Numbers(const double* numbers, size_t n, std::shared_ptr<const void> owner)
      : data_(const_cast<double*>(numbers)), size_(n), capacity_(n), owner_(std::move(owner)) {}

  double* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
  std::shared_ptr<const void> owner_;  // null: they are these numbers' own
};

/// memcpy by all threads.
void copy_numbers(const double* from, size_t n, double* to);

}  // namespace lumir
