// A lexer of Lua 5.1 and of what LuaJIT adds to it.

#include "repl/lua_text.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace lumir::lua {
namespace {

using Kind = Token::Kind;

constexpr std::array<std::string_view, 22> kKeywords = {
    "and", "break", "do",  "else", "elseif", "end",    "false",  "for",  "function", "goto",  "if",
    "in",  "local", "nil", "not",  "or",     "repeat", "return", "then", "true",     "until", "while"};

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool starts_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0; }

/// "[[" or "[==[" at `at`: the text that ends it; nothing where there is none.
std::optional<std::string> long_bracket(std::string_view code, size_t at) {
  if (at >= code.size() || code[at] != '[') return std::nullopt;
  size_t end = at + 1;
  while (end < code.size() && code[end] == '=') ++end;
  if (end >= code.size() || code[end] != '[') return std::nullopt;
  return "]" + std::string(end - at - 1, '=') + "]";
}

Token until(std::string_view code, Kind kind, size_t begin, size_t from, std::string_view ending) {
  const size_t end = code.find(ending, from);
  if (end == std::string_view::npos) return {kind, begin, code.size(), true};
  return {kind, begin, end + ending.size()};
}

Token comment_at(std::string_view code, size_t begin) {
  if (const auto ending = long_bracket(code, begin + 2)) return until(code, Kind::comment, begin, begin + 2, *ending);
  return {Kind::comment, begin, std::min(code.find('\n', begin), code.size())};
}

Token quoted_at(std::string_view code, size_t begin) {
  for (size_t i = begin + 1; i < code.size() && code[i] != '\n'; ++i) {
    if (code[i] == code[begin]) return {Kind::text, begin, i + 1};
    if (code[i] == '\\') ++i;
  }
  return {Kind::text, begin, std::min(code.find('\n', begin), code.size()), true};
}

/// With exponents, hexadecimal digits and the endings of LuaJIT's numbers.
Token number_at(std::string_view code, size_t begin) {
  size_t end = begin;
  const auto more = [&](char c) {
    const bool sign = (c == '-' || c == '+') && (code[end - 1] == 'e' || code[end - 1] == 'E');
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || (end > begin && sign);
  };
  while (end < code.size() && more(code[end]) && code.substr(end, 2) != "..") ++end;
  return {Kind::number, begin, std::max(end, begin + 1)};
}

Token name_at(std::string_view code, size_t begin) {
  size_t end = begin;
  while (end < code.size() && (starts_name(code[end]) || is_digit(code[end]))) ++end;
  const std::string_view name = code.substr(begin, end - begin);
  const bool keyword = std::find(kKeywords.begin(), kKeywords.end(), name) != kKeywords.end();
  return {keyword ? Kind::keyword : Kind::name, begin, end};
}

Token token_at(std::string_view code, size_t at) {
  const char c = code[at];
  if (code.substr(at, 2) == "--") return comment_at(code, at);
  if (c == '"' || c == '\'') return quoted_at(code, at);
  if (const auto ending = long_bracket(code, at)) return until(code, Kind::text, at, at + 1, *ending);
  if (starts_name(c)) return name_at(code, at);
  if (is_digit(c) || (c == '.' && at + 1 < code.size() && is_digit(code[at + 1]))) return number_at(code, at);
  for (const std::string_view sign : {"...", "..", "==", "~=", "<=", ">=", "::"}) {
    if (code.substr(at, sign.size()) == sign) return {Kind::sign, at, at + sign.size()};
  }
  return {Kind::sign, at, at + 1};
}

/// 1 where a token opens a block, -1 where it closes one. `for` and `while` open theirs by `do`.
int block_change(std::string_view code, const Token& token) {
  if (token.kind != Kind::keyword) return 0;
  const std::string_view word = token.of(code);
  if (word == "function" || word == "do" || word == "if" || word == "repeat") return 1;
  return word == "end" || word == "until" ? -1 : 0;
}

int bracket_change(std::string_view code, const Token& token) {
  if (token.kind != Kind::sign || token.end - token.begin != 1) return 0;
  const char c = code[token.begin];
  if (c == '(' || c == '{' || c == '[') return 1;
  return c == ')' || c == '}' || c == ']' ? -1 : 0;
}

/// Whether a statement cannot end behind this token.
bool waits_for_more(std::string_view code, const Token& token) {
  const std::string_view word = token.of(code);
  if (token.kind == Kind::keyword) return word == "and" || word == "or" || word == "not";
  return token.kind == Kind::sign && word != "..." && word.find_first_of("+-*/%^=<>,.") != std::string_view::npos;
}

/// Whether a token's end may still come: that of a long text or comment, or of a line that ends in a backslash.
bool is_open(std::string_view code, const Token& token) {
  const bool quoted = token.kind == Kind::text && code[token.begin] != '[';
  return token.open && (!quoted || code.ends_with("\\\n"));
}

/// The place behind the names that a `local` before token `first` declares, where no value follows them.
std::optional<size_t> names_without_value(std::string_view code, const std::vector<Token>& tokens, size_t first) {
  size_t i = first;
  while (i + 1 < tokens.size() && tokens[i + 1].of(code) == "," && i + 2 < tokens.size()) i += 2;
  const bool valued = i + 1 < tokens.size() && tokens[i + 1].of(code) == "=";
  if (valued || tokens[i].kind != Kind::name) return std::nullopt;
  return tokens[i].end;
}

std::vector<Token> without_comments(std::vector<Token> tokens) {
  std::erase_if(tokens, [](const Token& token) { return token.kind == Kind::comment; });
  return tokens;
}

}  // namespace

std::vector<Token> tokens_of(std::string_view code) {
  std::vector<Token> tokens;
  for (size_t at = 0; at < code.size();) {
    if (std::isspace(static_cast<unsigned char>(code[at])) != 0) {
      ++at;
      continue;
    }
    tokens.push_back(token_at(code, at));
    at = tokens.back().end;
  }
  return tokens;
}

std::optional<BracketPair> brackets_at(std::string_view code, const std::vector<Token>& tokens, size_t cursor) {
  for (size_t i = 0; i < tokens.size(); ++i) {
    const int change = bracket_change(code, tokens[i]);
    if (change == 0 || (tokens[i].begin != cursor && tokens[i].end != cursor)) continue;
    if (tokens[i].begin == cursor && i > 0 && tokens[i - 1].end == cursor && bracket_change(code, tokens[i - 1]) != 0) {
      continue;  // the one before the cursor, which was typed last, was looked at
    }
    int depth = change;
    for (size_t k = i; depth != 0;) {
      if (change < 0 && k == 0) break;
      k = change > 0 ? k + 1 : k - 1;
      if (k >= tokens.size()) break;
      depth += bracket_change(code, tokens[k]);
      if (depth == 0) return BracketPair{tokens[i].begin, tokens[k].begin};
    }
  }
  return std::nullopt;
}

std::optional<size_t> last_statement(std::string_view code) {
  std::optional<size_t> found;
  int depth = 0;
  const auto tokens = without_comments(tokens_of(code));
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    depth += block_change(code, tokens[i]) + bracket_change(code, tokens[i]);
    const size_t next = tokens[i + 1].begin;
    const bool new_line = code.substr(tokens[i].end, next - tokens[i].end).find('\n') != std::string_view::npos;
    if (depth == 0 && (tokens[i].of(code) == ";" || new_line)) found = next;
  }
  return found;
}

size_t open_blocks(std::string_view code) {
  int depth = 0;
  for (const Token& token : tokens_of(code)) {
    depth = std::max(0, depth + block_change(code, token) + bracket_change(code, token));
  }
  return static_cast<size_t>(depth);
}

void OpenCode::add(std::string_view line) {
  rest_ += line;
  size_t taken = rest_.size();
  for (const Token& token : tokens_of(rest_)) {
    if (is_open(rest_, token)) {
      taken = token.begin;
    } else if (token.kind != Kind::comment) {
      depth_ += block_change(rest_, token) + bracket_change(rest_, token);
      waits_ = waits_for_more(rest_, token);
    }
  }
  rest_.erase(0, taken);
}

bool GrowingEntry::goes_on(const std::string& entry) {
  constexpr size_t kShort = 4096, kQuarter = 4;
  if (seen_.empty() || !entry.starts_with(seen_)) {
    code_ = {};
    seen_.clear();
    asked_ = 0;
  }
  const std::string more = entry.substr(seen_.size()) + "\n";
  code_.add(more);
  seen_ += more;
  const bool due = entry.size() < kShort || entry.size() >= asked_ + asked_ / kQuarter;
  if (code_.goes_on() && !due) return true;
  asked_ = entry.size();
  return unfinished_(entry);
}

std::string with_kept_locals(std::string_view code) {
  constexpr std::string_view kLocal = "local";
  const std::vector<Token> tokens = without_comments(tokens_of(code));
  std::string kept(code);
  std::vector<size_t> valueless;  // places, from the first to the last
  int depth = 0;
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    depth += block_change(code, tokens[i]);
    if (depth != 0 || tokens[i].kind != Kind::keyword || tokens[i].of(code) != kLocal) continue;
    kept.replace(tokens[i].begin, kLocal.size(), std::string(kLocal.size(), ' '));
    if (const auto place = names_without_value(code, tokens, i + 1)) valueless.push_back(*place);
  }
  for (auto place = valueless.rbegin(); place != valueless.rend(); ++place) kept.insert(*place, " = nil");
  return kept;
}

}  // namespace lumir::lua
