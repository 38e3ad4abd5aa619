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

/// A part of a text, by bytes.
struct Part {
  size_t begin;
  size_t end;
};

/// How each byte of a part is written; empty for plain. What a token is, only the text from its beginning tells.
std::vector<std::string> colours_of(const EditText& text, Part part) {
  std::vector<std::string> colours(part.end - part.begin);
  const auto tokens = tokens_of(text.text());
  for (const Token& token : tokens) {
    const size_t begin = std::max(token.begin, part.begin), end = std::min(token.end, part.end);
    const std::string colour = begin < end ? colour_of(token.kind) : "";
    for (size_t at = begin; at < end; ++at) colours[at - part.begin] = colour;
  }
  if (const auto pair = brackets_at(text.text(), tokens, text.cursor())) {
    for (const size_t bracket : {pair->first, pair->second}) {
      if (bracket >= part.begin && bracket < part.end) colours[bracket - part.begin] = "\033[1;4m";
    }
  }
  return colours;
}

/// The lines of a long text that can be seen on `height` rows: so many before the cursor's and behind it.
Part lines_around(const EditText& text, size_t height) {
  const std::string& all = text.text();
  Part part{text.cursor(), text.cursor()};
  for (size_t line = 0; line <= height && part.begin > 0; ++line) {
    const size_t end = all.rfind('\n', part.begin - 1);
    part.begin = end == std::string::npos ? 0 : end;
  }
  if (part.begin > 0) ++part.begin;  // the break belongs to the line before
  for (size_t line = 0; line <= height && part.end < all.size(); ++line) {
    part.end = std::min(all.find('\n', part.end + 1), all.size());
  }
  return part;
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
  const Part part = lines_around(text, height);
  const auto colours = surroundings.coloured ? colours_of(text, part) : std::vector<std::string>(part.end - part.begin);
  Picture picture;
  Rows rows(width, surroundings.coloured);
  rows.put_plain(part.begin == 0 ? surroundings.prompt : surroundings.next_prompt);
  const auto mark_cursor = [&] {
    if (rows.full()) rows.next();
    picture.row = rows.row();
    picture.column = rows.column();
  };
  size_t at = part.begin;
  const auto shown = std::string_view(text.text()).substr(part.begin, part.end - part.begin);
  for (const auto& character : characters(shown)) {
    if (at == text.cursor()) mark_cursor();
    if (character == "\n") {
      rows.next();
      rows.put_plain(surroundings.next_prompt);
    } else {
      rows.put(character == "\t" ? std::string(kTab, ' ') : character, colours[at - part.begin]);
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
