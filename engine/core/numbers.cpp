// Memory of numbers.

#include "core/numbers.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>

#include <sys/mman.h>
#include <unistd.h>

#include "core/parallel.h"

namespace lumir {
namespace {

constexpr size_t kPiece = size_t{1} << 18;      // numbers that one worker copies: 2 MB
constexpr size_t kLargePage = size_t{2} << 20;  // bytes

/// Asks for large pages, of which a thousandth as many must be given and found again; what is asked is no promise.
void ask_for_large_pages(void* memory, size_t bytes) {
#ifdef MADV_HUGEPAGE
  if (bytes < 4 * kLargePage) return;
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const auto first = reinterpret_cast<size_t>(memory), inner = (first + page - 1) / page * page;
  madvise(reinterpret_cast<void*>(inner), (first + bytes - inner) / page * page, MADV_HUGEPAGE);
#endif
}

/// Of n numbers, zero where `cleared`.
double* memory_of(size_t n, bool cleared) {
  if (n == 0) return nullptr;
  if (n > std::numeric_limits<size_t>::max() / sizeof(double)) throw std::bad_array_new_length();
  void* memory = cleared ? std::calloc(n, sizeof(double)) : std::malloc(n * sizeof(double));
  if (!memory) throw std::bad_alloc();
  ask_for_large_pages(memory, n * sizeof(double));
  return static_cast<double*>(memory);
}

}  // namespace

Numbers::Numbers(size_t n, double fill) : data_(memory_of(n, true)), size_(n), capacity_(n) {
  if (fill != 0) std::fill(begin(), end(), fill);
}

bool operator==(const Numbers& a, const Numbers& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

void Numbers::reserve(size_t n) {
  if (n <= capacity_) return;
  double* larger = memory_of(n, false);
  if (size_ > 0) std::memcpy(larger, data_, size_ * sizeof(double));
  std::free(data_);
  data_ = larger;
  capacity_ = n;
}

void Numbers::resize(size_t n) {
  reserve(n);
  if (n > size_) std::fill(end(), begin() + n, 0);
  size_ = n;
}

void Numbers::clear() {
  if (!owner_) std::free(data_);
  owner_ = nullptr;
  data_ = nullptr;
  size_ = capacity_ = 0;
}

void Numbers::append(const double* first, size_t n) {
  if (n == 0) return;
  if (size_ + n > capacity_) reserve(size_ == 0 ? n : std::max(size_ + n, 2 * capacity_));
  copy_numbers(first, n, end());
  size_ += n;
}

void Numbers::swap(Numbers& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  std::swap(owner_, other.owner_);
}

double* Numbers::give_away() {
  size_ = capacity_ = 0;
  return std::exchange(data_, nullptr);
}

void Numbers::free_memory(void* memory) { std::free(memory); }

void copy_numbers(const double* from, size_t n, double* to) {
  if (n <= kPiece) {
    if (n > 0) std::memcpy(to, from, n * sizeof(double));
    return;
  }
  parallel_for((n + kPiece - 1) / kPiece, [&](size_t piece) {
    const size_t begin = piece * kPiece;
    std::memcpy(to + begin, from + begin, std::min(kPiece, n - begin) * sizeof(double));
  });
}

}  // namespace lumir
