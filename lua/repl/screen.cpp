// Colours are the terminal's own sixteen, so that they fit its background.

#include "repl/screen.h"

#include <algorithm>
#include <string_view>

#include "core/text.h"
#include "repl/lua_text.h"

namespace lumir::lua {
namespace {

const std::string kPlain = "\033[0m";

std::string colour_of(Token::Kind kind) {
  switch (kind) {
    case Token::Kind::keyword: return "\033[35m";
    case Token::Kind::number: return "\033[36m";
    case Token::Kind::text: return "\033[32m";
    case Token::Kind::comment: return "\033[2m";
    default: return "";
  }
}

/// How each byte is written; empty for plain.
std::vector<std::string> colours_of(const EditText& text) {
  std::vector<std::string> colours(text.text().size());
  const auto tokens = tokens_of(text.text());
  for (const Token& token : tokens) {
    std::fill(colours.begin() + static_cast<long>(token.begin), colours.begin() + static_cast<long>(token.end),
              colour_of(token.kind));
  }
  if (const auto pair = brackets_at(text.text(), tokens, text.cursor())) {
    colours[pair->first] = colours[pair->second] = "\033[1;4m";
  }
  return colours;
}

/// Rows that grow character by character.
class Rows {
 public:
  Rows(size_t width, bool coloured) : width_(width), coloured_(coloured), rows_(1) {}

  /// What takes no part in the text: a prompt.
  void put_plain(std::string_view text) {
    for (const auto& character : characters(text)) put(character, "");
  }
  void put(const std::string& character, const std::string& colour) {
    const size_t wide = text_width(character);
    if (column_ + wide > width_) next();
    if (coloured_ && colour != colour_) {
      rows_.back() += colour.empty() ? kPlain : kPlain + colour;
      colour_ = colour;
    }
    rows_.back() += character;
    column_ += wide;
  }
  void next() {
    if (!colour_.empty()) rows_.back() += kPlain;
    colour_.clear();
    rows_.emplace_back();
    column_ = 0;
  }
  /// The place of what comes next.
  size_t row() const { return rows_.size() - 1; }
  size_t column() const { return column_; }
  bool full() const { return column_ == width_; }
  std::vector<std::string> take() {
    if (!colour_.empty()) rows_.back() += kPlain;
    return std::move(rows_);
  }

 private:
  size_t width_;
  bool coloured_;
  std::string colour_;
  std::vector<std::string> rows_;
  size_t column_ = 0;
};

/// The rows around the cursor where there are more than `height`.
void crop(Picture& picture, size_t height) {
  if (picture.rows.size() <= height) return;
  const size_t most = picture.rows.size() - height;
  const size_t first = std::min(most, picture.row > height / 2 ? picture.row - height / 2 : 0);
  picture.rows.erase(picture.rows.begin(), picture.rows.begin() + static_cast<long>(first));
  picture.rows.resize(height);
  picture.row -= first;
}

}  // namespace

Picture picture_of(const EditText& text, const Surroundings& surroundings, size_t width, size_t height) {
  constexpr size_t kTab = 2;
  const auto colours = surroundings.coloured ? colours_of(text) : std::vector<std::string>(text.text().size());
  Picture picture;
  Rows rows(width, surroundings.coloured);
  rows.put_plain(surroundings.prompt);
  const auto mark_cursor = [&] {
    if (rows.full()) rows.next();
    picture.row = rows.row();
    picture.column = rows.column();
  };
  size_t at = 0;
  for (const auto& character : characters(text.text())) {
    if (at == text.cursor()) mark_cursor();
    if (character == "\n") {
      rows.next();
      rows.put_plain(surroundings.next_prompt);
    } else {
      rows.put(character == "\t" ? std::string(kTab, ' ') : character, colours[at]);
    }
    at += character.size();
  }
  if (at == text.cursor()) mark_cursor();
  picture.rows = rows.take();
  for (const auto& line : surroundings.below) picture.rows.push_back(cut(line, width));
  crop(picture, std::max<size_t>(height, 1));
  return picture;
}

std::string Screen::draw(const Picture& picture) {
  std::string out = "\033[?25l";  // no cursor while it wanders
  if (row_ > 0) out += "\033[" + std::to_string(row_) + "A";
  out += "\r\033[J";
  for (size_t i = 0; i < picture.rows.size(); ++i) out += (i > 0 ? "\r\n" : "") + picture.rows[i];
  const size_t up = picture.rows.size() - 1 - picture.row;
  if (up > 0) out += "\033[" + std::to_string(up) + "A";
  out += "\r";
  if (picture.column > 0) out += "\033[" + std::to_string(picture.column) + "C";
  row_ = picture.row;
  rows_ = picture.rows.size();
  return out + "\033[?25h";
}

std::string Screen::leave() {
  const size_t down = rows_ > row_ + 1 ? rows_ - 1 - row_ : 0;
  std::string out = down > 0 ? "\033[" + std::to_string(down) + "B" : "";
  forget();
  return out + "\r\n";
}

}  // namespace lumir::lua
