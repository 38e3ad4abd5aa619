// What is typed, as rows of a terminal.

#include <catch2/catch.hpp>

#include "repl/screen.h"

namespace lumir::lua {
namespace {

Surroundings plain() { return {.prompt = "1> ", .next_prompt = " | ", .below = {}, .coloured = false}; }

TEST_CASE("lines are broken at the terminal's width, and the cursor is where it is typed") {
  EditText text;
  text.insert("abcdefgh");
  Picture picture = picture_of(text, plain(), 6, 10);
  CHECK(picture.rows == std::vector<std::string>{"1> abc", "defgh"});
  CHECK((picture.row == 1 && picture.column == 5));
  text.insert("i");
  picture = picture_of(text, plain(), 6, 10);
  CHECK((picture.row == 2 && picture.column == 0));
  text.text_start();
  picture = picture_of(text, plain(), 6, 10);
  CHECK((picture.row == 0 && picture.column == 3));
}

TEST_CASE("wide characters take two columns and are not cut in half") {
  EditText text;
  text.insert("曲曲曲");
  const Picture picture = picture_of(text, plain(), 8, 10);
  CHECK(picture.rows == std::vector<std::string>{"1> 曲曲", "曲"});
  CHECK(picture.column == 2);
}

TEST_CASE("further lines have a prompt of their own") {
  EditText text;
  text.insert("do\n  x()\nend");
  const Picture picture = picture_of(text, plain(), 80, 10);
  CHECK(picture.rows == std::vector<std::string>{"1> do", " |   x()", " | end"});
}

TEST_CASE("of more rows than the terminal has, those around the cursor are seen") {
  EditText text;
  for (int i = 0; i < 30; ++i) text.insert(std::to_string(i) + "\n");
  Picture picture = picture_of(text, plain(), 80, 10);
  CHECK(picture.rows.size() == 10);
  CHECK(picture.rows.back() == " | ");
  CHECK(picture.row == 9);
  text.text_start();
  picture = picture_of(text, plain(), 80, 10);
  CHECK(picture.rows.front() == "1> 0");
  CHECK(picture.row == 0);
}

TEST_CASE("words have colours, and brackets that belong together are marked") {
  EditText text;
  text.insert("f('a')");
  Surroundings around = plain();
  around.coloured = true;
  const Picture picture = picture_of(text, around, 80, 10);
  CHECK(picture.rows[0] == "1> f\033[0m\033[1;4m(\033[0m\033[32m'a'\033[0m\033[1;4m)\033[0m");
}

TEST_CASE("a picture is drawn over the one before") {
  Screen screen;
  CHECK(screen.draw({{"1> ab"}, 0, 5}) == "\033[?25l\r\033[J1> ab\r\033[5C\033[?25h");
  CHECK(screen.draw({{"1> ab", " | c"}, 1, 4}) == "\033[?25l\r\033[J1> ab\r\n | c\r\033[4C\033[?25h");
  CHECK(screen.draw({{"1> ab"}, 0, 5}).starts_with("\033[?25l\033[1A\r\033[J"));
  CHECK(screen.leave() == "\r\n");
}

TEST_CASE("of many lines only those around the cursor are laid out, coloured by what stands far above") {
  EditText text;
  text.insert("x = [[\n");
  for (int i = 0; i < 100; ++i) text.insert("do " + std::to_string(i) + "\n");
  text.insert("]] end");
  Surroundings around = plain();
  around.coloured = true;
  around.below = {"below"};
  Picture picture = picture_of(text, around, 80, 10);
  CHECK(picture.rows.size() == 10);
  CHECK(picture.rows.front() == " | \033[0m\033[32mdo 92\033[0m");  // within the text that line 1 opens
  CHECK(picture.rows.back() == "below");
  for (int i = 0; i < 50; ++i) text.up();
  picture = picture_of(text, around, 80, 10);
  CHECK(picture.rows[static_cast<size_t>(picture.row)] == " | \033[0m\033[32mdo 50\033[0m");
  CHECK(picture.rows.size() == 10);
  text.text_start();
  CHECK(picture_of(text, around, 80, 10).rows.front() == "1> x = \033[0m\033[32m[[\033[0m");
}

}  // namespace
}  // namespace lumir::lua
