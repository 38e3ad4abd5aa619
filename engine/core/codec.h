// How results stand on disk: each kind of value that steps give has a codec, registered beside its type.
//
//   void write(const Clip& clip, Writer& to) { to.number(clip.rate); to.array(clip.samples); }
//   Clip read(Reader& from) { ... }
//   const RegisterCodec<Clip> clip_codec{"clip", write, read};
//
// Values are written piece by piece, so that none has to be in memory as bytes too, and read from a map of their file:
// what can lie there (a tensor's numbers) is not copied, and comes from the disk when it is looked at.

#pragma once

#include <any>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeindex>
#include <vector>

#include "core/kind.h"

namespace lumir {

/// Numbers begin at multiples of this many bytes.
inline constexpr size_t kNumbersAlignment = 64;

/// Bytes that something else keeps.
struct Bytes {
  std::shared_ptr<const void> owner;
  std::span<std::byte> all;
};

/// Bytes on their way to a file.
class Writer {
 public:
  virtual ~Writer() = default;
  void bytes(std::span<const std::byte> piece);
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void number(const T& value) { bytes(std::as_bytes(std::span(&value, 1))); }
  void text(std::string_view text);
  void texts(const std::vector<std::string>& list);
  /// How many there are, then all of them, aligned.
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void array(std::span<const T> values) {
    number<uint64_t>(values.size());
    align();
    bytes(std::as_bytes(values));
  }
  /// Zeros up to the next multiple of kNumbersAlignment.
  void align();
  /// Bytes so far.
  size_t size() const { return size_; }

 private:
  virtual void put(std::span<const std::byte> piece) = 0;
  size_t size_ = 0;
};

/// Bytes as a Writer wrote them. Throws Error where they end too early.
class Reader {
 public:
  explicit Reader(Bytes bytes, size_t at = 0) : bytes_(std::move(bytes)), at_(at) {}
  /// The next bytes, where they lie; owner() keeps them.
  std::span<std::byte> view(size_t size);
  template <class T>
  requires std::is_trivially_copyable_v<T> T number() {
    T value;
    std::memcpy(&value, view(sizeof value).data(), sizeof value);
    return value;
  }
  std::string text();
  std::vector<std::string> texts();
  /// What Writer::array wrote, where it lies.
  template <class T>
  std::span<T> array() {
    const auto count = number<uint64_t>();
    align();
    if (count > bytes_.all.size() / sizeof(T)) too_short();
    return {reinterpret_cast<T*>(view(count * sizeof(T)).data()), count};
  }
  void align();
  const std::shared_ptr<const void>& owner() const { return bytes_.owner; }

 private:
  [[noreturn]] static void too_short();
  Bytes bytes_;
  size_t at_;
};

/// One kind of value.
struct Codec {
  std::string name;
  std::function<void(const std::any&, Writer&)> write;  // a value of one's own, or a lent one
  std::function<std::any(Reader&)> read;
  std::function<uint64_t(const std::any&)> content;  // null: of the bytes that `write` gives
};
/// A type or name that has one already stops the program. `own` is T, `lent` is const T*.
void register_codec(std::type_index own, std::type_index lent, Codec codec);

/// See the top of this file.
template <class T>
struct RegisterCodec {
  RegisterCodec(const char* name, void (*write)(const T&, Writer&), T (*read)(Reader&),
                uint64_t (*content)(const T&) = nullptr) {
    Codec codec{name, [write](const std::any& value, Writer& to) { write(*held_as<T>(value), to); },
                [read](Reader& from) -> std::any { return read(from); }, nullptr};
    if (content) codec.content = [content](const std::any& value) { return content(*held_as<T>(value)); };
    register_codec(typeid(T), typeid(const T*), std::move(codec));
  }
};

/// The kind, then the value. Throws ArgumentError for a kind that has no codec.
void write_result(const std::any& value, Writer& to);
/// What write_result wrote. Throws Error for anything else.
std::any read_result(Reader& from);
/// A number that differs between values that differ. Throws ArgumentError for a kind that has no codec.
uint64_t content_of(const std::any& value);

}  // namespace lumir
