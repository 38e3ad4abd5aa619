// Digits of 11 bits, the least first; a digit that all numbers share costs nothing.

#include "learn/sorted_numbers.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace lumir::learn {
namespace {

constexpr int kBits = 11, kDigits = 6;
constexpr size_t kValues = size_t{1} << kBits;
constexpr size_t kFew = 512;  // that comparing sorts as fast

/// Whole numbers in the order of the numbers: negative ones turned around.
uint64_t key_of(double number) {
  const auto bits = std::bit_cast<uint64_t>(number);
  return bits >> 63 ? ~bits : bits | uint64_t{1} << 63;
}

size_t digit_of(uint64_t key, int digit) { return key >> (digit * kBits) & (kValues - 1); }

double number_of(double number) { return number; }
double number_of(const RowNumber& one) { return one.number; }

template <class T>
void sort_by_digits(std::vector<T>& numbers, std::vector<T>& spare) {
  if (numbers.size() < kFew) {
    std::sort(numbers.begin(), numbers.end(), [](const T& a, const T& b) { return number_of(a) < number_of(b); });
    return;
  }
  spare.resize(numbers.size());
  std::vector<std::array<uint32_t, kValues>> counts(kDigits);
  for (const T& number : numbers) {
    const uint64_t key = key_of(number_of(number));
    for (int digit = 0; digit < kDigits; ++digit) ++counts[static_cast<size_t>(digit)][digit_of(key, digit)];
  }
  for (int digit = 0; digit < kDigits; ++digit) {
    auto& places = counts[static_cast<size_t>(digit)];
    if (places[digit_of(key_of(number_of(numbers[0])), digit)] == numbers.size()) continue;
    uint32_t place = 0;
    for (uint32_t& count : places) {
      const uint32_t n = count;
      count = place;
      place += n;
    }
    for (const T& number : numbers) spare[places[digit_of(key_of(number_of(number)), digit)]++] = number;
    numbers.swap(spare);
  }
}

}  // namespace

void sort_numbers(std::vector<double>& numbers, std::vector<double>& spare) { sort_by_digits(numbers, spare); }
void sort_numbers(std::vector<RowNumber>& numbers, std::vector<RowNumber>& spare) { sort_by_digits(numbers, spare); }

}  // namespace lumir::learn
