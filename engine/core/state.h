// What a fitted estimator or a network knows: named arrays. Written as safetensors by tensor/safetensors.
//
// An array keeps the type of its elements, so that a network's float32 weights stay 4 bytes each, and it may stand on
// bytes that someone else keeps alive (a mapped file, a tensor), so that saving and loading copy nothing.

#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lumir {

enum class ElementType {
  float64,
  float32,
  float16,
  bfloat16,
  int64,
  int32,
  int16,
  int8,
  uint64,
  uint32,
  uint16,
  uint8,
  boolean,
  complex64,
  complex128
};
/// Bytes of one element.
size_t size_of(ElementType type);
bool is_complex(ElementType type);

/// Numbers of any shape, row-major. A value: copies share the bytes, which never change.
class Array {
 public:
  /// float64, shape [0].
  Array() : Array(std::vector<double>{}) {}
  /// float64, one dimension.
  Array(std::vector<double> values);
  Array(std::initializer_list<double> values) : Array(std::vector<double>(values)) {}
  /// float64. Throws std::logic_error where the shape holds another number of values.
  Array(std::vector<int64_t> shape, std::vector<double> values);
  /// Elements that `owner` keeps alive. Throws std::logic_error where the shape takes another number of bytes.
  Array(ElementType type, std::vector<int64_t> shape, std::span<const std::byte> bytes,
        std::shared_ptr<const void> owner);

  ElementType type() const { return type_; }
  const std::vector<int64_t>& shape() const { return shape_; }
  /// Elements.
  size_t count() const { return bytes_.size() / size_of(type_); }
  std::span<const std::byte> bytes() const { return bytes_; }
  /// What keeps the bytes alive.
  const std::shared_ptr<const void>& owner() const { return owner_; }
  /// Every element as a double, in row-major order. Throws Error for complex numbers.
  std::vector<double> doubles() const;
  /// Where the first NaN or infinite number stands; count() where there is none.
  size_t first_not_finite() const;

 private:
  ElementType type_ = ElementType::float64;
  std::vector<int64_t> shape_;
  std::span<const std::byte> bytes_;
  std::shared_ptr<const void> owner_;
};

/// Names as PyTorch's state dicts have them: "steps.1.center".
using State = std::map<std::string, Array>;

/// Adds the arrays of a part under a prefix ("steps.1.").
void add_part(State& whole, const std::string& prefix, const State& part);
/// The arrays that stand under a prefix, without it.
State part_of(const State& whole, const std::string& prefix);

/// What a checkpoint can hold: a network, an optimiser, a schedule, a curve.
class Stateful {
 public:
  virtual ~Stateful() = default;
  /// All that it needs to go on as if it had never stopped.
  virtual State state() const = 0;
  /// All or nothing. Throws Error, begun by `who` (the file), where the arrays are not those of such a thing.
  virtual void load_state(const State& state, const std::string& who) = 0;
};

}  // namespace lumir
