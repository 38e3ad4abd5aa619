// Widths and columns of text in a terminal.

#include <catch2/catch.hpp>

#include "core/terminal.h"
#include "core/text.h"

using namespace lumir;

TEST_CASE("a Chinese character takes two columns, an accent over a letter none") {
  CHECK(text_width("abc") == 3);
  CHECK(text_width("邱冠銘") == 6);
  CHECK(text_width("é") == 1);
  CHECK(text_width("e\xCC\x81") == 1);
  CHECK(pad_right("邱", 4) == "邱  ");
  CHECK(pad_left("ab", 4) == "  ab");
}

TEST_CASE("text that is too wide is cut between characters") {
  CHECK(cut("creedence", 9) == "creedence");
  CHECK(cut("creedence", 6) == "creed…");
  CHECK(cut("邱冠銘", 5) == "邱冠…");
  CHECK(cut("邱冠銘", 4) == "邱…");
}

TEST_CASE("broken UTF-8 is counted, not followed out of the text") {
  CHECK(text_width("\xE9\x82") == 1);
  CHECK(characters("a\xFF"
                   "b")
            .size() == 3);
}

TEST_CASE("cells stand under each other, numbers to the right, no spaces at the ends of lines") {
  CHECK(text_table({{"name", "n", ""}, {"邱", "7", "x"}, {"longer", "12", ""}}, {1}, 2) ==
        "name     n\n"
        "邱       7  x\n"
        "longer  12\n");
}

TEST_CASE("what a terminal or a page cannot show is shown as an escape") {
  CHECK(visible("Bj\xF6rk") == "Bj\\xF6rk");
  CHECK(visible("Björk 邱 🎵") == "Björk 邱 🎵");
  CHECK(visible("a\nb\x1B[31m\x7F\xC2\x9B") == "a\\nb\\x1B[31m\\x7F\\xC2\\x9B");
  CHECK(visible_lines("a\nb\t\xF6") == "a\nb\t\\xF6");
  CHECK(text_table({{"a\nb", "c"}}, {}) == "a\\nb   c\n");
}

TEST_CASE("lines that are too wide are broken at words, and tables at their columns") {
  CHECK(folded("short\nlines", 20) == "short\nlines");
  CHECK(folded("words that go on and on", 12) == "words that\n  go on and\n  on");
  CHECK(folded("gain   what is louder or softer", 20) == "gain   what is\n       louder or\n       softer");
  CHECK(folded("SVM    0.785  (0.63-0.92)  C = 10, gamma = 1", 30) ==
        "SVM    0.785  (0.63-0.92)\n       C = 10, gamma = 1");
  CHECK(folded("one line\n", 20) == "one line\n");
  CHECK(folded("unbreakable-and-long", 10) == "unbreakable-and-long");
  CHECK(folded("二二 二二 二二", 10) == "二二 二二\n  二二");
}

TEST_CASE("a table that is too wide goes on below itself, each group of columns behind the first one") {
  const std::string table = text_table({{"model", "accuracy  (95 %)", "F1", "on train", "fit s"},
                                        {"SVC", "0.785  (0.63-0.92)", "0.71", "1.000", "0.04"},
                                        {"二二", "0.500  (0.30-0.70)", "0.5", "0.9", "12"}},
                                       {2, 3, 4});
  CHECK(folded("title\n" + table, 80) == "title\n" + table);
  CHECK(folded("title\n" + table + "\nwords", 38) ==
        "title\n"
        "model   accuracy  (95 %)       F1\n"
        "SVC     0.785  (0.63-0.92)   0.71\n"
        "二二    0.500  (0.30-0.70)    0.5\n"
        "\n"
        "model   on train   fit s\n"
        "SVC        1.000    0.04\n"
        "二二         0.9      12\n"
        "\nwords");
  const std::string options =
      "  C        number   cost of a row on the wrong side\n"
      "  gamma    number   narrowness of rbf, factor of poly\n"
      "  kernel   word     how alike two rows are";
  CHECK(folded(options, 40).find("\n\n") == std::string::npos);
}
