// Protocol buffers are written as the format's own documents have it.

#include <catch2/catch.hpp>

#include <array>

#include "core/protobuf.h"

using namespace lumir;
using namespace std::string_literals;

TEST_CASE("protobuf: fields are a tag and a value", "[core]") {
  // protobuf.dev/programming-guides/encoding: Test1 { a = 150 }, Test2 { b = "testing" }, Test3 { c = Test1 }
  CHECK(ProtoMessage().whole(1, 150).bytes() == "\x08\x96\x01"s);
  CHECK(ProtoMessage().text(2, "testing").bytes() == "\x12\x07testing"s);
  CHECK(ProtoMessage().message(3, ProtoMessage().whole(1, 150)).bytes() == "\x1a\x03\x08\x96\x01"s);
  const std::array<int64_t, 3> numbers{3, 270, 86942};
  CHECK(ProtoMessage().wholes(6, numbers).bytes() == "\x32\x06\x03\x8e\x02\x9e\xa7\x05"s);
}

TEST_CASE("protobuf: numbers below 0 take ten bytes, fields from 16 on two of a tag", "[core]") {
  CHECK(ProtoMessage().whole(1, -2).bytes() == "\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01"s);
  CHECK(ProtoMessage().whole(20, 0).bytes() == "\xa0\x01\x00"s);
  CHECK(ProtoMessage().wholes(1, {}).bytes().empty());
}
