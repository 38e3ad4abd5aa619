// Arrays of every element type, and parts of states.

#include "core/state.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <stdexcept>

#include "core/error.h"

namespace lumir {
namespace {

double half_to_double(uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const int fraction = bits & 1023;
  const double sign = bits >> 15 ? -1 : 1;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  if (exponent == 31) return fraction ? std::nan("") : sign * HUGE_VAL;
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

double bfloat_to_double(uint16_t bits) { return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }

/// One element as a double; bytes of a file need not be aligned.
template <class T>
double element(const std::byte* at) {
  T number;
  std::memcpy(&number, at, sizeof(T));
  return static_cast<double>(number);
}
template <double (*convert)(uint16_t)>
double short_float(const std::byte* at) {
  uint16_t bits;
  std::memcpy(&bits, at, sizeof bits);
  return convert(bits);
}

using Reader = double (*)(const std::byte* at);

Reader reader_of(ElementType type) {
  switch (type) {
    case ElementType::float64: return element<double>;
    case ElementType::float32: return element<float>;
    case ElementType::float16: return short_float<half_to_double>;
    case ElementType::bfloat16: return short_float<bfloat_to_double>;
    case ElementType::int64: return element<int64_t>;
    case ElementType::int32: return element<int32_t>;
    case ElementType::int16: return element<int16_t>;
    case ElementType::int8: return element<int8_t>;
    case ElementType::uint64: return element<uint64_t>;
    case ElementType::uint32: return element<uint32_t>;
    case ElementType::uint16: return element<uint16_t>;
    default: return element<uint8_t>;
  }
}

bool is_floating(ElementType type) {
  return type == ElementType::float64 || type == ElementType::float32 || type == ElementType::float16 ||
         type == ElementType::bfloat16;
}

size_t elements_of(const std::vector<int64_t>& shape) {
  size_t count = 1;
  for (const int64_t side : shape) count *= static_cast<size_t>(side);
  return count;
}

}  // namespace

size_t size_of(ElementType type) {
  switch (type) {
    case ElementType::complex128: return 16;
    case ElementType::float64:
    case ElementType::int64:
    case ElementType::uint64:
    case ElementType::complex64: return 8;
    case ElementType::float32:
    case ElementType::int32:
    case ElementType::uint32: return 4;
    case ElementType::float16:
    case ElementType::bfloat16:
    case ElementType::int16:
    case ElementType::uint16: return 2;
    default: return 1;
  }
}

bool is_complex(ElementType type) { return type == ElementType::complex64 || type == ElementType::complex128; }

Array::Array(std::vector<double> values) : shape_{static_cast<int64_t>(values.size())} {
  const auto kept = std::make_shared<const std::vector<double>>(std::move(values));
  bytes_ = std::as_bytes(std::span(*kept));
  owner_ = kept;
}

Array::Array(std::vector<int64_t> shape, std::vector<double> values) : Array(std::move(values)) {
  if (elements_of(shape) != count()) throw std::logic_error("array: the shape does not fit the number of values");
  shape_ = std::move(shape);
}

Array::Array(ElementType type, std::vector<int64_t> shape, std::span<const std::byte> bytes,
             std::shared_ptr<const void> owner)
    : type_(type), shape_(std::move(shape)), bytes_(bytes), owner_(std::move(owner)) {
  if (elements_of(shape_) * size_of(type) != bytes.size()) {
    throw std::logic_error("array: the shape does not fit the number of bytes");
  }
}

std::vector<double> Array::doubles() const {
  if (is_complex(type_)) throw Error("an array of complex numbers stands where one of plain numbers must be");
  std::vector<double> values(count());
  if (type_ == ElementType::float64) {
    if (!values.empty()) std::memcpy(values.data(), bytes_.data(), bytes_.size());
    return values;
  }
  const Reader read = reader_of(type_);
  const size_t size = size_of(type_);
  for (size_t i = 0; i < values.size(); ++i) values[i] = read(bytes_.data() + i * size);
  return values;
}

size_t Array::first_not_finite() const {
  const size_t n = count(), size = size_of(type_);
  if (!is_floating(type_)) return n;
  const Reader read = reader_of(type_);
  size_t i = 0;
  while (i < n && std::isfinite(read(bytes_.data() + i * size))) ++i;
  return i;
}

void add_part(State& whole, const std::string& prefix, const State& part) {
  for (const auto& [name, array] : part) whole[prefix + name] = array;
}

State part_of(const State& whole, const std::string& prefix) {
  State part;
  for (auto at = whole.lower_bound(prefix); at != whole.end() && at->first.starts_with(prefix); ++at) {
    part[at->first.substr(prefix.size())] = at->second;
  }
  return part;
}

}  // namespace lumir
