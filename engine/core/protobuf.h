// Protocol buffers, the writing half: the wire format of messages whose fields the caller knows by number.
//
//   ProtoMessage pair;
//   pair.text(1, "key").text(2, "value");
//   ProtoMessage().message(14, pair).bytes()

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lumir {

class ProtoMessage {
 public:
  /// int32, int64, bool or an enumeration, as a varint.
  ProtoMessage& whole(int field, int64_t number);
  ProtoMessage& real(int field, float number);
  /// string or bytes.
  ProtoMessage& text(int field, std::string_view text);
  ProtoMessage& message(int field, const ProtoMessage& inner);
  /// repeated int64, packed; nothing for none.
  ProtoMessage& wholes(int field, std::span<const int64_t> numbers);
  const std::string& bytes() const { return bytes_; }

 private:
  enum class Wire { varint = 0, length = 2, four_bytes = 5 };
  void tag(int field, Wire wire);
  void varint(uint64_t number);
  std::string bytes_;
};

}  // namespace lumir
