// Moves and changes, as Emacs and every shell name their keys.

#include "repl/edit_text.h"

#include <cctype>
#include <utility>

#include "core/text.h"

namespace lumir::lua {
namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

bool in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0; }

size_t one_back(const std::string& text, size_t at) {
  if (at == 0) return 0;
  do --at;
  while (at > 0 && continues(text[at]));
  return at;
}

size_t one_ahead(const std::string& text, size_t at) {
  if (at >= text.size()) return text.size();
  do ++at;
  while (at < text.size() && continues(text[at]));
  return at;
}

bool is_mark(const std::string& text, size_t at) {
  return at < text.size() && text[at] != '\n' && text_width(text.substr(at, one_ahead(text, at) - at)) == 0;
}

/// The start of the character before `at`, with the marks on it.
size_t previous(const std::string& text, size_t at) {
  do at = one_back(text, at);
  while (at > 0 && is_mark(text, at));
  return at;
}

size_t next(const std::string& text, size_t at) {
  do at = one_ahead(text, at);
  while (is_mark(text, at));
  return at;
}

}  // namespace

void EditText::change(size_t from, size_t count, std::string_view text) {
  changes_.push_back({from, text_.substr(from, count), text.size(), cursor_});
  text_.replace(from, count, text);
  cursor_ = from + text.size();
  typing_ = false;
}

void EditText::set(std::string text) { change(0, text_.size(), text); }

void EditText::insert(std::string_view typed) {
  const bool joins = typing_ && typed.size() == 1 && in_word(typed[0]);
  if (joins) {
    ++changes_.back().put;
    text_.insert(cursor_++, typed);
  } else {
    change(cursor_, 0, typed);
  }
  typing_ = typed.size() == 1;
}

void EditText::replace(size_t from, std::string_view text) { change(from, cursor_ - from, text); }

void EditText::erase_back() {
  if (cursor_ == 0) return;
  const size_t from = previous(text_, cursor_);
  change(from, cursor_ - from, "");
}

void EditText::erase_ahead() {
  if (cursor_ < text_.size()) change(cursor_, next(text_, cursor_) - cursor_, "");
}

void EditText::left() { cursor_ = previous(text_, cursor_); }
void EditText::right() { cursor_ = next(text_, cursor_); }

size_t EditText::word_start() const {
  size_t at = cursor_;
  while (at > 0 && !in_word(text_[at - 1])) --at;
  while (at > 0 && in_word(text_[at - 1])) --at;
  return at;
}

size_t EditText::word_end() const {
  size_t at = cursor_;
  while (at < text_.size() && !in_word(text_[at])) ++at;
  while (at < text_.size() && in_word(text_[at])) ++at;
  return at;
}

void EditText::word_left() { cursor_ = word_start(); }
void EditText::word_right() { cursor_ = word_end(); }

size_t EditText::start_of_line() const {
  const size_t before = cursor_ == 0 ? std::string::npos : text_.rfind('\n', cursor_ - 1);
  return before == std::string::npos ? 0 : before + 1;
}

size_t EditText::end_of_line() const {
  const size_t end = text_.find('\n', cursor_);
  return end == std::string::npos ? text_.size() : end;
}

void EditText::line_start() { cursor_ = start_of_line(); }
void EditText::line_end() { cursor_ = end_of_line(); }

size_t EditText::column() const {
  const size_t start = start_of_line();
  return text_width(std::string_view(text_).substr(start, cursor_ - start));
}

void EditText::to_column(size_t line, size_t column) {
  cursor_ = line;
  size_t width = 0;
  while (cursor_ < text_.size() && text_[cursor_] != '\n' && width < column) {
    const size_t end = next(text_, cursor_);
    width += text_width(std::string_view(text_).substr(cursor_, end - cursor_));
    cursor_ = end;
  }
}

bool EditText::up() {
  const size_t start = start_of_line();
  if (start == 0) return false;
  const size_t wanted = column();
  const size_t above = start < 2 ? std::string::npos : text_.rfind('\n', start - 2);
  to_column(above == std::string::npos ? 0 : above + 1, wanted);
  return true;
}

bool EditText::down() {
  const size_t end = end_of_line();
  if (end == text_.size()) return false;
  to_column(end + 1, column());
  return true;
}

void EditText::cut(size_t from, size_t to) {
  if (from == to) return;
  pasted_ = text_.substr(from, to - from);
  change(from, to - from, "");
}

void EditText::cut_to_line_end() {
  const size_t end = end_of_line();
  cut(cursor_, end == cursor_ && end < text_.size() ? end + 1 : end);
}
void EditText::cut_to_line_start() { cut(start_of_line(), cursor_); }

/// Up to white space, as Ctrl-W does in shells.
void EditText::cut_word_back() {
  size_t at = cursor_;
  while (at > 0 && std::isspace(static_cast<unsigned char>(text_[at - 1])) != 0) --at;
  while (at > 0 && std::isspace(static_cast<unsigned char>(text_[at - 1])) == 0) --at;
  cut(at, cursor_);
}

void EditText::cut_word_ahead() { cut(cursor_, word_end()); }

void EditText::paste() {
  if (!pasted_.empty()) change(cursor_, 0, pasted_);
}

void EditText::undo() {
  if (changes_.empty()) return;
  const Change& last = changes_.back();
  text_.replace(last.from, last.put, last.taken);
  cursor_ = last.cursor;
  changes_.pop_back();
  typing_ = false;
}

}  // namespace lumir::lua
