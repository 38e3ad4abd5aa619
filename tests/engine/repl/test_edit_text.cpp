// Typing: moves, changes, cutting and taking back; by characters as they are seen.

#include <catch2/catch.hpp>

#include "repl/edit_text.h"

namespace lumir::lua {
namespace {

/// Text with the cursor where the bar stands.
EditText typed(const std::string& with_bar) {
  EditText text;
  const size_t bar = with_bar.find('|');
  text.insert(with_bar.substr(0, bar) + with_bar.substr(bar + 1));
  while (text.cursor() > bar) text.left();
  return text;
}

std::string shown(const EditText& text) {
  return text.text().substr(0, text.cursor()) + "|" + text.text().substr(text.cursor());
}

TEST_CASE("what is typed goes to the cursor") {
  EditText text = typed("clp|");
  text.left();
  text.insert("i");
  CHECK(shown(text) == "cli|p");
  text.erase_back();
  text.erase_ahead();
  CHECK(shown(text) == "cl|");
  text.replace(1, "hroma");
  CHECK(shown(text) == "chroma|");
}

TEST_CASE("a character of several bytes, and a mark on a character, are one step") {
  EditText text = typed("'曲é'|");
  text.left();
  text.left();
  CHECK(shown(text) == "'曲|é'");
  text.left();
  CHECK(shown(text) == "'|曲é'");
  text.erase_ahead();
  text.erase_ahead();
  CHECK(shown(text) == "'|'");
  EditText marked = typed("e\u0301a|");
  marked.left();
  marked.left();
  CHECK(marked.cursor() == 0);
  marked.right();
  CHECK(marked.cursor() == 3);
}

TEST_CASE("words are stepped over, cut and pasted") {
  EditText text = typed("feature.mfcc(clip)|");
  text.word_left();
  CHECK(shown(text) == "feature.mfcc(|clip)");
  text.word_left();
  text.word_left();
  CHECK(shown(text) == "|feature.mfcc(clip)");
  text.word_right();
  CHECK(shown(text) == "feature|.mfcc(clip)");
  text.cut_to_line_end();
  CHECK(shown(text) == "feature|");
  text.paste();
  CHECK(shown(text) == "feature.mfcc(clip)|");
  EditText two = typed("a = first second|");
  two.cut_word_back();
  CHECK(shown(two) == "a = first |");
  two.cut_to_line_start();
  CHECK(shown(two) == "|");
  two.paste();
  CHECK(shown(two) == "a = first |");
}

TEST_CASE("lines are moved between by column") {
  EditText text = typed("for i = 1, 3 do\n  pr|int(i)\nend");
  CHECK(text.up());
  CHECK(shown(text) == "for |i = 1, 3 do\n  print(i)\nend");
  CHECK_FALSE(text.up());
  CHECK(text.down());
  CHECK(text.down());
  CHECK(shown(text) == "for i = 1, 3 do\n  print(i)\nend|");
  CHECK_FALSE(text.down());
  text.line_start();
  CHECK(shown(text) == "for i = 1, 3 do\n  print(i)\n|end");
  text.erase_back();
  CHECK(shown(text) == "for i = 1, 3 do\n  print(i)|end");
}

TEST_CASE("every change can be taken back, typed words as one") {
  EditText text;
  for (const char c : std::string("clip")) text.insert(std::string(1, c));
  text.insert(" ");
  text.cut_to_line_start();
  text.undo();
  CHECK(shown(text) == "clip |");
  text.undo();
  CHECK(shown(text) == "clip|");
  text.undo();
  text.undo();
  CHECK(shown(text) == "|");
}

TEST_CASE("what was called back, completed, cut and pasted is taken back change by change") {
  EditText text;
  text.insert("f");
  text.insert("e");
  text.replace(0, "feature");
  text.set("an entry\nof two lines");
  text.line_start();
  text.cut_to_line_end();
  text.paste();
  CHECK(shown(text) == "an entry\nof two lines|");
  for (const char* before : {"an entry\n|", "an entry\n|of two lines", "feature|", "fe|", "|", "|"}) {
    text.undo();
    CHECK(shown(text) == before);
  }
}

}  // namespace
}  // namespace lumir::lua
