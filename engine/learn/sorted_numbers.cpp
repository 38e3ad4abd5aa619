// Digits of 11 bits, the least first; a digit that all numbers share costs nothing.

#include "learn/sorted_numbers.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace lumir::learn {
namespace {

constexpr int kBits = 11;
constexpr size_t kValues = size_t{1} << kBits;
constexpr size_t kFew = 512;  // that comparing sorts as fast

/// Whole numbers in the order of the numbers: negative ones turned around.
uint64_t key_of(double number) {
  const auto bits = std::bit_cast<uint64_t>(number);
  return bits >> 63 ? ~bits : bits | uint64_t{1} << 63;
}

size_t digit_of(uint64_t key, int digit) { return key >> (digit * kBits) & (kValues - 1); }

/// By the keys' so many digits; equal keys stay as they stand.
template <int kDigits, class T, class Key>
void sort_by_digits(std::vector<T>& all, std::vector<T>& spare, const Key& key) {
  spare.resize(all.size());
  std::array<std::array<uint32_t, kValues>, kDigits> counts{};
  for (const T& one : all) {
    for (int digit = 0; digit < kDigits; ++digit) ++counts[static_cast<size_t>(digit)][digit_of(key(one), digit)];
  }
  for (int digit = 0; digit < kDigits; ++digit) {
    auto& places = counts[static_cast<size_t>(digit)];
    if (places[digit_of(key(all[0]), digit)] == all.size()) continue;
    uint32_t place = 0;
    for (uint32_t& count : places) {
      const uint32_t n = count;
      count = place;
      place += n;
    }
    for (const T& one : all) spare[places[digit_of(key(one), digit)]++] = one;
    all.swap(spare);
  }
}

constexpr int kHalf = 32;  // bits of a key that are sorted by digits; the rest is compared where these are equal

}  // namespace

void sort_numbers(std::vector<double>& numbers, std::vector<double>& spare) {
  if (numbers.size() < kFew) {
    std::sort(numbers.begin(), numbers.end());
  } else {
    sort_by_digits<6>(numbers, spare, key_of);
  }
}

void sort_places(std::span<const double> numbers, std::vector<uint32_t>& places) {
  std::vector<uint64_t> keyed(numbers.size()), spare;  // the upper half of the key, then the place
  for (size_t i = 0; i < numbers.size(); ++i) {
    keyed[i] = key_of(numbers[i] + 0.0) >> kHalf << kHalf | i;  // -0 becomes 0
  }
  if (keyed.size() < kFew) {
    std::sort(keyed.begin(), keyed.end());
  } else {
    sort_by_digits<3>(keyed, spare, [](uint64_t one) { return one >> kHalf; });
  }
  places.resize(numbers.size());
  std::transform(keyed.begin(), keyed.end(), places.begin(), [](uint64_t one) { return static_cast<uint32_t>(one); });
  for (size_t begin = 0, end; begin < keyed.size(); begin = end) {
    end = begin + 1;
    while (end < keyed.size() && keyed[end] >> kHalf == keyed[begin] >> kHalf) ++end;
    const auto first = places.begin() + static_cast<ptrdiff_t>(begin),
               last = places.begin() + static_cast<ptrdiff_t>(end);
    if (end - begin > 1) std::stable_sort(first, last, [&](uint32_t a, uint32_t b) { return numbers[a] < numbers[b]; });
  }
}

}  // namespace lumir::learn
