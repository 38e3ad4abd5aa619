// The bytes of terminals as keys.

#include <catch2/catch.hpp>

#include "repl/keys.h"

namespace lumir::lua {
namespace {

using Kind = Key::Kind;

/// All keys that the bytes hold; what is left of them stays.
std::vector<Key> keys_in(std::string& bytes) {
  std::vector<Key> keys;
  while (auto key = take_key(bytes, false)) keys.push_back(*key);
  return keys;
}

TEST_CASE("letters, control keys and sequences come one by one") {
  std::string bytes = "a\x01\x7F\r\t\033[A\033OB\033[1;5C\033[3~\033b曲";
  const auto keys = keys_in(bytes);
  REQUIRE(keys.size() == 11);
  CHECK(keys[0].text == "a");
  CHECK((keys[1].kind == Kind::control && keys[1].letter == 'a'));
  CHECK(keys[2].kind == Kind::backspace);
  CHECK(keys[3].kind == Kind::enter);
  CHECK(keys[4].kind == Kind::tab);
  CHECK(keys[5].kind == Kind::up);
  CHECK(keys[6].kind == Kind::down);
  CHECK(keys[7].kind == Kind::word_right);
  CHECK(keys[8].kind == Kind::erase);
  CHECK((keys[9].kind == Kind::alt && keys[9].letter == 'b'));
  CHECK(keys[10].text == "曲");
  CHECK(bytes.empty());
}

TEST_CASE("what is pasted is one key, with line breaks and without control characters") {
  std::string bytes = "\033[200~local x = 1\r\nprint(x)\x07\rx\033[201~y";
  const auto keys = keys_in(bytes);
  REQUIRE(keys.size() == 2);
  CHECK(keys[0].kind == Kind::paste);
  CHECK(keys[0].text == "local x = 1\nprint(x)\nx");
  CHECK(keys[1].text == "y");
}

TEST_CASE("a paste whose end does not come is given up by Ctrl-C") {
  std::string bytes = "\033[200~local x = {";
  CHECK_FALSE(take_key(bytes, true));
  bytes += "\x03y";
  const auto keys = keys_in(bytes);
  REQUIRE(keys.size() == 2);
  CHECK((keys[0].kind == Kind::control && keys[0].letter == 'c'));
  CHECK(keys[1].text == "y");
}

TEST_CASE("half a sequence waits for the rest; a lone escape byte is a key once it has waited") {
  std::string bytes = "\033[1";
  CHECK_FALSE(take_key(bytes, false));
  bytes += ";5D";
  CHECK(take_key(bytes, false)->kind == Kind::word_left);
  bytes = "\033";
  CHECK_FALSE(take_key(bytes, false));
  CHECK(take_key(bytes, true)->kind == Kind::escape);
  bytes = "\xE6\x9B";
  CHECK_FALSE(take_key(bytes, false));
  bytes += "\xB2";
  CHECK(take_key(bytes, false)->text == "曲");
}

TEST_CASE("unknown sequences and bytes that are no text do nothing") {
  std::string bytes = "\033[99~\xFF\xFFxyz";
  const auto keys = keys_in(bytes);
  REQUIRE(keys.size() == 6);
  CHECK((keys[0].kind == Kind::unknown && keys[1].kind == Kind::unknown && keys[2].kind == Kind::unknown));
  CHECK(keys[5].text == "z");
}

}  // namespace
}  // namespace lumir::lua
