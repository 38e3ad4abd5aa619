// See protobuf.h; the format is that of protobuf.dev/programming-guides/encoding.

#include "core/protobuf.h"

#include <bit>

namespace lumir {

void ProtoMessage::varint(uint64_t number) {
  for (; number >= 0x80; number >>= 7) bytes_ += static_cast<char>((number & 0x7f) | 0x80);
  bytes_ += static_cast<char>(number);
}

void ProtoMessage::tag(int field, Wire wire) {
  varint(static_cast<uint64_t>(field) << 3 | static_cast<uint64_t>(wire));
}

ProtoMessage& ProtoMessage::whole(int field, int64_t number) {
  tag(field, Wire::varint);
  varint(static_cast<uint64_t>(number));
  return *this;
}

ProtoMessage& ProtoMessage::real(int field, float number) {
  tag(field, Wire::four_bytes);
  auto bits = std::bit_cast<uint32_t>(number);
  for (int byte = 0; byte < 4; ++byte, bits >>= 8) bytes_ += static_cast<char>(bits & 0xff);
  return *this;
}

ProtoMessage& ProtoMessage::text(int field, std::string_view text) {
  tag(field, Wire::length);
  varint(text.size());
  bytes_ += text;
  return *this;
}

ProtoMessage& ProtoMessage::message(int field, const ProtoMessage& inner) { return text(field, inner.bytes_); }

ProtoMessage& ProtoMessage::wholes(int field, std::span<const int64_t> numbers) {
  if (numbers.empty()) return *this;
  ProtoMessage packed;
  for (const int64_t number : numbers) packed.varint(static_cast<uint64_t>(number));
  return message(field, packed);
}

}  // namespace lumir
