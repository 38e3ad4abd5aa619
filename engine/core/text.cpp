// Widths by the ranges of Unicode's East Asian Width, as far as names of people and songs need them.

#include "core/text.h"

#include <algorithm>
#include <cstdint>

namespace lumir {
namespace {

struct CodeRange {
  uint32_t first;
  uint32_t last;
};

constexpr CodeRange kWide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},  {0x3041, 0xA4CF}, {0xAC00, 0xD7A3},
                               {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},  {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6},
                               {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};
constexpr CodeRange kNoWidth[] = {{0x0300, 0x036F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}};

template <size_t N>
bool within(uint32_t code, const CodeRange (&ranges)[N]) {
  return std::any_of(ranges, ranges + N, [code](CodeRange r) { return code >= r.first && code <= r.last; });
}

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

uint32_t code_of(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first;
  uint32_t code = first & (0xFFu >> (character.size() + 1));
  for (const char c : character.substr(1)) code = code << 6 | (static_cast<unsigned char>(c) & 0x3Fu);
  return code;
}

size_t character_width(std::string_view character) {
  const uint32_t code = code_of(character);
  if (within(code, kNoWidth)) return 0;
  return within(code, kWide) ? 2 : 1;
}

}  // namespace

std::vector<std::string> characters(std::string_view text) {
  std::vector<std::string> out;
  for (size_t i = 0; i < text.size();) {
    size_t end = i + 1;
    while (end < text.size() && end - i < 4 && continues(text[end])) ++end;
    out.emplace_back(text.substr(i, end - i));
    i = end;
  }
  return out;
}

size_t text_width(std::string_view text) {
  size_t width = 0;
  for (const auto& character : characters(text)) width += character_width(character);
  return width;
}

size_t valid_character(std::string_view text) {
  if (text.empty()) return 0;
  const auto first = static_cast<unsigned char>(text[0]);
  const size_t length = first < 0x80   ? 1
                        : first < 0xC2 ? 0
                        : first < 0xE0 ? 2
                        : first < 0xF0 ? 3
                        : first < 0xF5 ? 4
                                       : 0;
  if (length == 0 || length > text.size()) return 0;
  for (size_t i = 1; i < length; ++i) {
    if (!continues(text[i])) return 0;
  }
  const uint32_t code = code_of(text.substr(0, length));
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return overlong || surrogate || code > 0x10FFFF ? 0 : length;
}

namespace {

std::string with_escapes(std::string_view text, bool keep_lines) {
  constexpr const char* kDigits = "0123456789ABCDEF";
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const size_t length = valid_character(text.substr(i));
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool control =
        byte < 0x20 || byte == 0x7F || (byte == 0xC2 && static_cast<unsigned char>(text[i + 1]) < 0xA0);
    if (length > 0 && (!control || (keep_lines && (byte == '\n' || byte == '\t')))) {
      out += text.substr(i, length);
      i += length;
      continue;
    }
    if (byte == '\n') {
      out += "\\n";
    } else {
      out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    }
    ++i;
  }
  return out;
}

}  // namespace

std::string visible(std::string_view text) { return with_escapes(text, false); }
std::string visible_lines(std::string_view text) { return with_escapes(text, true); }

std::string pad_right(std::string_view text, size_t width) {
  const size_t wide = text_width(text);
  return std::string(text) + std::string(wide < width ? width - wide : 0, ' ');
}

std::string pad_left(std::string_view text, size_t width) {
  const size_t wide = text_width(text);
  return std::string(wide < width ? width - wide : 0, ' ') + std::string(text);
}

std::string cut(std::string_view text, size_t width) {
  if (text_width(text) <= width) return std::string(text);
  std::string out;
  size_t used = 1;  // the ellipsis
  for (const auto& character : characters(text)) {
    used += character_width(character);
    if (used > width) break;
    out += character;
  }
  return out + "…";
}

bool matches(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] != '*') return !text.empty() && pattern[0] == text[0] && matches(pattern.substr(1), text.substr(1));
  for (size_t skipped = 0; skipped <= text.size(); ++skipped) {
    if (matches(pattern.substr(1), text.substr(skipped))) return true;
  }
  return false;
}

std::string text_table(const std::vector<std::vector<std::string>>& rows, const std::vector<size_t>& numbers,
                       size_t gap) {
  std::vector<std::vector<std::string>> cells = rows;
  for (auto& row : cells) {
    for (auto& cell : row) cell = visible(cell);
  }
  std::vector<size_t> widths;
  for (const auto& row : cells) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], text_width(row[i]));
  }
  std::string text;
  for (const auto& row : cells) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      const bool number = std::find(numbers.begin(), numbers.end(), i) != numbers.end();
      if (i > 0) line += std::string(gap, ' ');
      line += number ? pad_left(row[i], widths[i]) : pad_right(row[i], widths[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace lumir
