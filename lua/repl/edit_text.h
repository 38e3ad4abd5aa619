// What is being typed at the prompt: text of one or several lines, and where the cursor stands in it.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lumir::lua {

/// UTF-8 text and a cursor between two of its characters; a combining mark belongs to the character before it. Every
/// change can be taken back.
class EditText {
 public:
  const std::string& text() const { return text_; }
  /// In bytes from the start.
  size_t cursor() const { return cursor_; }
  bool empty() const { return text_.empty(); }
  bool several_lines() const { return text_.find('\n') != std::string::npos; }

  /// All of it anew, the cursor behind it.
  void set(std::string text);
  void insert(std::string_view typed);
  /// Puts `text` where `from` to the cursor stands, as a completion does.
  void replace(size_t from, std::string_view text);
  void erase_back();
  void erase_ahead();

  void left();
  void right();
  void word_left();
  void word_right();
  void line_start();
  void line_end();
  void text_start() { cursor_ = 0; }
  void text_end() { cursor_ = text_.size(); }
  /// To the same column of the line above or below; false where there is none.
  bool up();
  bool down();

  /// What is cut can be pasted.
  void cut_to_line_end();
  void cut_to_line_start();
  void cut_word_back();
  void cut_word_ahead();
  void paste();
  /// The last change that was not taken back yet.
  void undo();

 private:
  /// What was taken away at a place, and how many bytes were put there: an entry of many lines is changed a
  /// thousand times, and is not kept as often.
  struct Change {
    size_t from;
    std::string taken;
    size_t put;
    size_t cursor;  // before it
  };

  size_t start_of_line() const;
  size_t end_of_line() const;
  size_t word_start() const;
  size_t word_end() const;
  size_t column() const;
  void to_column(size_t line, size_t column);
  /// Every change of the text: `count` bytes give way to `text`, behind which the cursor stands then.
  void change(size_t from, size_t count, std::string_view text);
  void cut(size_t from, size_t to);

  std::string text_;
  size_t cursor_ = 0;
  std::string pasted_;
  std::vector<Change> changes_;
  bool typing_ = false;  // the last change was a typed character, which the next one joins
};

}  // namespace lumir::lua
