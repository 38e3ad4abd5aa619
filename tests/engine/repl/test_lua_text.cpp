// Lua code as the prompt reads it.

#include <catch2/catch.hpp>

#include "repl/lua_text.h"

namespace lumir::lua {
namespace {

using Kind = Token::Kind;

std::string kinds(std::string_view code) {
  std::string text;
  for (const Token& token : tokens_of(code)) {
    constexpr const char* kLetters = "nk0tcs";
    text += kLetters[static_cast<int>(token.kind)];
  }
  return text;
}

TEST_CASE("words, numbers, texts, comments and signs are told apart") {
  CHECK(kinds("local x = 1e-3 -- rest") == "kns0c");
  CHECK(kinds("a.b:c{'x', \"y\", [[z]]}") == "nsnsnstststs");
  CHECK(kinds("x ~= 0x1F .. 'a'") == "ns0st");
  CHECK(kinds("--[==[ long\n]] ]==] end") == "ck");
  CHECK(kinds("曲 = 1") == "ns0");
}

TEST_CASE("text whose end is missing is open") {
  CHECK(tokens_of("print 'abc").back().open);
  CHECK(tokens_of("x = [[abc").back().open);
  CHECK_FALSE(tokens_of("x = 'a\\'b'").back().open);
}

TEST_CASE("the bracket at the cursor finds its partner") {
  const std::string code = "f(a, { b = (1) })";
  const auto at = [&](size_t cursor) { return brackets_at(code, tokens_of(code), cursor); };
  REQUIRE(at(2));
  CHECK((at(2)->first == 1 && at(2)->second == 16));
  CHECK((at(17)->first == 16 && at(17)->second == 1));
  CHECK((at(5)->first == 5 && at(5)->second == 15));
  CHECK_FALSE(at(9));
  CHECK_FALSE(brackets_at("f(", tokens_of("f("), 2));
}

TEST_CASE("the last statement begins behind a semicolon or in a line of its own") {
  CHECK(last_statement("x = 5; x") == 7);
  CHECK(last_statement("x = {\n1;\n2 }\nx") == 13);
  CHECK_FALSE(last_statement("f(function() x = 1; y = 2 end)"));
  CHECK_FALSE(last_statement("x"));
}

TEST_CASE("open blocks and brackets are counted for the indent") {
  CHECK(open_blocks("for i = 1, 3 do") == 1);
  CHECK(open_blocks("while x do if y then") == 2);
  CHECK(open_blocks("f(function() return {") == 3);
  CHECK(open_blocks("repeat x() until y") == 0);
  CHECK(open_blocks("end end") == 0);
}

TEST_CASE("code that comes line by line is known to go on while something is open") {
  const auto goes_on = [](std::initializer_list<const char*> lines) {
    OpenCode code;
    for (const char* line : lines) code.add(std::string(line) + "\n");
    return code.goes_on();
  };
  CHECK(goes_on({"x = {"}));
  CHECK(goes_on({"x = {", "  'a }', -- }", "  [[", "}"}));
  CHECK_FALSE(goes_on({"x = {", "  'a }', -- }", "  [[", "}", "]]", "}"}));
  CHECK(goes_on({"for i = 1, 3 do", "  if i > 1 then f() end"}));
  CHECK_FALSE(goes_on({"for i = 1, 3 do", "  if i > 1 then f() end", "end"}));
  CHECK(goes_on({"x = 1 +"}));
  CHECK(goes_on({"x = a and", "  b or -- what else"}));
  CHECK_FALSE(goes_on({"x = 1 +", "2"}));
  CHECK(goes_on({"--[==[", "]]"}));
  CHECK_FALSE(goes_on({"--[==[", "]==]"}));
  CHECK(goes_on({"s = 'a\\"}));
  CHECK_FALSE(goes_on({"s = 'a\\", "b'"}));
  CHECK_FALSE(goes_on({"s = 'a", "t = 1"}));
  CHECK_FALSE(goes_on({"f(...)"}));
}

TEST_CASE("local of the outermost statements is kept for the next entry") {
  CHECK(with_kept_locals("local x = 1") == "      x = 1");
  CHECK(with_kept_locals("local a, b = f()") == "      a, b = f()");
  CHECK(with_kept_locals("local a, b") == "      a, b = nil");
  CHECK(with_kept_locals("local x\nx = 2") == "      x = nil\nx = 2");
  CHECK(with_kept_locals("local function f() local y = 1 end") == "      function f() local y = 1 end");
  CHECK(with_kept_locals("do local x = 1 end") == "do local x = 1 end");
  CHECK(with_kept_locals("if a then local x = 1 elseif b then local y end local z = 1") ==
        "if a then local x = 1 elseif b then local y end       z = 1");
  CHECK(with_kept_locals("for i = 1, 2 do local x = i end local y = 'local z'") ==
        "for i = 1, 2 do local x = i end       y = 'local z'");
  CHECK(with_kept_locals("repeat local x = 1 until x local y = 1 -- local z") ==
        "repeat local x = 1 until x       y = 1 -- local z");
  CHECK(with_kept_locals("local") == "local");
}

TEST_CASE("of a long entry Lua is asked where nothing is open, and when it has grown by a quarter") {
  int asked = 0;
  GrowingEntry growing([&](const std::string& code) { return ++asked, !code.ends_with("}"); });
  std::string entry = "x = {";
  CHECK(growing.goes_on(entry));
  for (int i = 0; i < 20000; ++i) {
    entry += "\n  'word', -- {";
    REQUIRE(growing.goes_on(entry));
  }
  CHECK(growing.depth() == 1);
  CHECK(asked < 500);
  CHECK_FALSE(growing.goes_on(entry + "\n}"));
  CHECK(growing.depth() == 0);
  CHECK(growing.goes_on("for i = 1, 3 do"));  // another entry
  CHECK(growing.depth() == 1);
}

}  // namespace
}  // namespace lumir::lua
