// See number_text.h.

#include "data/number_text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lumir::data {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr int kLeastPower = -27, kMostPower = 55;  // of ten: between these the method needs no second look
constexpr int kMostDigits = 19;                    // that 64 bits hold

/// The leading 128 bits of 5^q, rounded down, or of 1 / 5^-q, rounded up.
struct Power {
  uint64_t high = 0, low = 0;
};
constexpr std::array<Power, kMostPower - kLeastPower + 1> kPowers = [] {
  std::array<Power, kMostPower - kLeastPower + 1> powers{};
  const auto put = [&](int q, Wide bits) {
    powers[static_cast<size_t>(q - kLeastPower)] = {static_cast<uint64_t>(bits >> 64), static_cast<uint64_t>(bits)};
  };
  const Wide top = Wide{1} << 127;
  Wide five = 1;
  for (int q = 0; q <= kMostPower; ++q, five *= 5) {
    Wide bits = five;
    while (bits < top) bits <<= 1;
    put(q, bits);
  }
  five = 5;
  for (int q = -1; q >= kLeastPower; --q, five *= 5) {
    Wide rest = 1, quotient = 0;  // long division of a power of two, until 128 bits of the quotient are there
    while (quotient < top) {
      quotient <<= 1;
      rest <<= 1;
      if (rest < five) continue;
      rest -= five;
      quotient += 1;
    }
    put(q, quotient + 1);
  }
  return powers;
}();

uint64_t eight_bytes(const char* at) {
  uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  return bytes;
}

constexpr uint64_t kZeros = 0x3030303030303030;  // eight times '0'

/// Of eight bytes, the highest bit of each that is no digit.
inline uint64_t others_among(uint64_t bytes) {
  return ((bytes + 0x4646464646464646) | (bytes - kZeros)) & 0x8080808080808080;
}

/// How many of eight bytes are digits before the first that is none.
inline int digits_in(uint64_t bytes) { return std::countr_zero(others_among(bytes)) / 8; }

/// Of eight digits, the first of which stands in the lowest byte.
inline uint64_t number_of(uint64_t bytes) {
  constexpr uint64_t kMask = 0x000000FF000000FF;
  bytes -= kZeros;
  bytes = bytes * 10 + (bytes >> 8);
  return ((bytes & kMask) * 0x000F424000000064 + (bytes >> 16 & kMask) * 0x0000271000000001) >> 32;
}

constexpr std::array<uint64_t, kMostDigits + 1> kTens = [] {
  std::array<uint64_t, kMostDigits + 1> tens{1};
  for (size_t i = 1; i < tens.size(); ++i) tens[i] = tens[i - 1] * 10;
  return tens;
}();

/// The first `n` of eight bytes behind zeros. Shifts by 64 bits are made in two halves.
inline uint64_t behind_zeros(uint64_t bytes, int n) {
  const int half = 4 * (8 - n);
  return bytes << half << half | kZeros >> 4 * n >> 4 * n;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Adds up to eight digits to a number where `more` says so, without a branch that could be foreseen wrongly; `more`
/// then says whether all eight were digits.
inline void add_digits(const char*& at, uint64_t& number, bool& more) {
  const uint64_t bytes = eight_bytes(at);
  const int n = more ? digits_in(bytes) : 0;
  number = number * kTens[static_cast<size_t>(n)] + number_of(behind_zeros(bytes, n));
  at += n;
  more = n == 8;
}

/// Adds the digits that begin at `at` to a number; answers where they end. At least `blocks` times eight bytes are
/// looked at, where there are so many: a number has nearly always fewer.
template <int blocks>
const char* read_digits(const char* at, const char* end, uint64_t& number) {
  static_assert(std::endian::native == std::endian::little, "the first digit is taken for the lowest byte");
  bool more = true;
  if (end - at >= 8 * blocks) {
    for (int block = 0; block < blocks; ++block) add_digits(at, number, more);
  }
  for (; more && at != end && is_digit(*at); ++at) number = number * 10 + static_cast<uint64_t>(*at - '0');
  return at;
}

/// Passes over "e-3" and adds to `power`; null where it has no digits or too many.
const char* read_exponent(const char* at, const char* end, int& power) {
  if (at == end || (*at | 0x20) != 'e') return at;
  ++at;
  const bool minus = at != end && *at == '-';
  if (at != end && (*at == '-' || *at == '+')) ++at;
  uint64_t number = 0;
  const char* stop = read_digits<1>(at, end, number);
  if (stop == at || stop - at > 4) return nullptr;
  power += minus ? -static_cast<int>(number) : static_cast<int>(number);
  return stop;
}

/// digits * 10^power, rounded to even; `power` lies in the table.
double scaled(uint64_t digits, int power) {
  constexpr int kFraction = 52, kSpare = 3;
  const Power& five = kPowers[static_cast<size_t>(power - kLeastPower)];
  const int zeros = std::countl_zero(digits);
  const uint64_t shifted = digits << zeros;
  const Wide first = Wide{shifted} * five.high;
  auto high = static_cast<uint64_t>(first >> 64), low = static_cast<uint64_t>(first);
  constexpr uint64_t kBelow = ~uint64_t{0} >> (kFraction + kSpare);
  if ((high & kBelow) == kBelow) {  // the lower half of the power may still carry
    const auto carried = static_cast<uint64_t>(Wide{shifted} * five.low >> 64);
    low += carried;
    high += carried > low;
  }
  const int top = static_cast<int>(high >> 63), drop = top + 64 - kFraction - kSpare;
  uint64_t fraction = high >> drop;
  int exponent = (217706 * power >> 16) + 63 + top - zeros + 1023;
  const bool halfway = low <= 1 && power >= -4 && power <= 23 && (fraction & 3) == 1 && fraction << drop == high;
  if (halfway) fraction &= ~uint64_t{1};
  fraction = (fraction + (fraction & 1)) >> 1;
  if (fraction >= uint64_t{2} << kFraction) {
    fraction = uint64_t{1} << kFraction;
    ++exponent;
  }
  fraction &= ~(uint64_t{1} << kFraction);
  return std::bit_cast<double>(fraction | static_cast<uint64_t>(exponent) << kFraction);
}

/// The number under its sign, whose bit is the highest.
double signed_number(double value, bool minus) {
  return std::bit_cast<double>(std::bit_cast<uint64_t>(value) | static_cast<uint64_t>(minus) << 63);
}

/// Eight bytes as a number; `digits` stays true where all of them are digits.
inline uint64_t checked_number(uint64_t bytes, bool& digits) {
  digits &= others_among(bytes) == 0;
  return number_of(bytes);
}

/// The digits from `at` to `stop`, at most three times eight, as a number; `digits` stays true where all of them are.
/// They are taken from the end, so that only the first of them share eight bytes with something else.
inline uint64_t digits_between(const char* at, const char* stop, bool& digits) {
  constexpr uint64_t kBlock = 100000000;
  const ptrdiff_t n = stop - at;
  if (n <= 8) return checked_number(behind_zeros(eight_bytes(at), static_cast<int>(n)), digits);
  const uint64_t last = checked_number(eight_bytes(stop - 8), digits);
  if (n <= 16) return checked_number(behind_zeros(eight_bytes(at), static_cast<int>(n - 8)), digits) * kBlock + last;
  const uint64_t middle = checked_number(eight_bytes(stop - 16), digits);
  const uint64_t first = checked_number(behind_zeros(eight_bytes(at), static_cast<int>(n - 16)), digits);
  return (first * kBlock + middle) * kBlock + last;
}

}  // namespace

bool read_whole_number(const char* at, const char* stop, double& value) {
  const bool minus = *at == '-';
  at += minus;
  const uint64_t bytes = eight_bytes(at);
  const int whole = digits_in(bytes);
  uint64_t digits = number_of(behind_zeros(bytes, whole));
  const char* behind = at + whole;
  ptrdiff_t places = 0;
  if (behind != stop) {
    places = stop - behind - 1;
    if (*behind != '.' || places < 0 || places + (digits == 0 ? 0 : whole) > kMostDigits) return false;
    bool fits = true;
    digits = digits * kTens[static_cast<size_t>(places)] + digits_between(behind + 1, stop, fits);
    if (!fits) return false;
  }
  if (whole + places == 0) return false;
  value = signed_number(digits == 0 ? 0 : scaled(digits, -static_cast<int>(places)), minus);
  return true;
}

const char* read_number(const char* at, const char* end, double& value) {
  const bool minus = at != end && *at == '-';
  at += minus;
  const char* begin = at;
  uint64_t digits = 0;
  int power = 0;
  at = read_digits<1>(at, end, digits);
  auto count = at - begin;
  if (at != end && *at == '.') {
    const char* fraction = ++at;
    at = read_digits<3>(at, end, digits);
    power = -static_cast<int>(at - fraction);
    count += at - fraction;
  }
  if (count == 0) return nullptr;
  if (count > kMostDigits) {  // zeros in front are none
    for (const char* p = begin; p != at && (*p == '0' || *p == '.'); ++p) count -= *p == '0';
    if (count > kMostDigits) return nullptr;
  }
  at = read_exponent(at, end, power);
  if (!at) return nullptr;
  if (digits == 0) {
    value = 0;
  } else if (power < kLeastPower || power > kMostPower) {
    return nullptr;
  } else {
    value = scaled(digits, power);
  }
  value = signed_number(value, minus);
  return at;
}

}  // namespace lumir::data
