// A column in each lane. Numbers that are not negative are in the order of their bits, so the median is found bit
// by bit, from the highest: as many passes over the rows as there are bits, none of which branches.

#include "signal/row_median.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "signal/kernel.h"
#include "signal/lanes.h"

namespace lumir::signal {
namespace {

/// How many of the numbers in each lane are below a limit.
IntLanes count_below(const std::vector<IntLanes>& numbers, IntLanes limit) {
  IntLanes count{};
  for (const IntLanes number : numbers) count -= number < limit;  // true is -1
  return count;
}

/// The number of a rank in each lane, from 0.
IntLanes ranked(const std::vector<IntLanes>& numbers, int32_t rank) {
  constexpr int kHighest = 30;  // the bit above is the sign
  IntLanes found{};
  for (int bit = kHighest; bit >= 0; --bit) {
    const IntLanes higher = found | (int32_t{1} << bit);
    found = count_below(numbers, higher) <= rank ? higher : found;
  }
  return found;
}

Lanes median(const std::vector<IntLanes>& numbers) {
  const auto rank = static_cast<int32_t>(numbers.size() / 2);
  const IntLanes upper = ranked(numbers, rank);
  if (numbers.size() % 2 == 1) return std::bit_cast<Lanes>(upper);
  IntLanes below{};
  for (const IntLanes number : numbers) below = (number < upper) & (number > below) ? number : below;
  const IntLanes lower = count_below(numbers, upper) < rank ? upper : below;
  return (std::bit_cast<Lanes>(lower) + std::bit_cast<Lanes>(upper)) / 2;
}

}  // namespace

void row_medians(const float* const* rows, long count, long columns, float* out) {
  std::vector<IntLanes> numbers(static_cast<size_t>(count));
  for (long column = 0; column < columns; column += kLanes) {
    const size_t bytes = sizeof(float) * static_cast<size_t>(std::min<long>(kLanes, columns - column));
    for (size_t row = 0; row < numbers.size(); ++row) std::memcpy(&numbers[row], rows[row] + column, bytes);
    const Lanes medians = median(numbers);
    std::memcpy(out + column, &medians, bytes);
  }
}
LUMIR_KERNEL(row_medians);

}  // namespace lumir::signal
