// Lua code as text: its words and signs, for colours, for what may follow, and for `local` at the prompt.

#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lumir::lua {

/// One word, number, string, comment or sign of Lua code, by the bytes that it takes.
struct Token {
  enum class Kind { name, keyword, number, text, comment, sign };
  Kind kind;
  size_t begin;
  size_t end;
  bool open = false;  // text or a comment whose end is missing

  std::string_view of(std::string_view code) const { return code.substr(begin, end - begin); }
};

/// All of them in order, also of code that is unfinished or broken: what is no Lua is a sign of one byte.
std::vector<Token> tokens_of(std::string_view code);

/// The bracket that belongs to the one at or before `cursor`, and that one; nothing where there is none.
struct BracketPair {
  size_t first;
  size_t second;
};
std::optional<BracketPair> brackets_at(std::string_view code, const std::vector<Token>& tokens, size_t cursor);

/// Where the last of several statements begins: behind the last semicolon, or the last line, outside of every block and
/// bracket; nothing where there is one statement only.
std::optional<size_t> last_statement(std::string_view code);

/// How many blocks and brackets are open at the end: what the next line is indented by.
size_t open_blocks(std::string_view code);

/// Code that comes line by line, so that a long statement is looked at once and not anew with each line.
class OpenCode {
 public:
  /// Takes what follows: a line with its break.
  void add(std::string_view line);
  /// Whether it certainly goes on: a block, a bracket or a long text is open, or an operator waits for what follows.
  bool goes_on() const { return depth_ > 0 || waits_ || !rest_.empty(); }
  /// How many blocks and brackets are open.
  size_t depth() const { return depth_ > 0 ? static_cast<size_t>(depth_) : 0; }

 private:
  std::string rest_;  // a text or comment whose end has not come
  int depth_ = 0;
  bool waits_ = false;
};

/// An entry that grows line by line. Whether it goes on Lua knows best, but it reads all of it anew each time: of a
/// long one it is asked only where nothing in it is open, or when it has grown by a quarter, since what is broken seems
/// to go on as well.
class GrowingEntry {
 public:
  /// `unfinished` asks Lua.
  explicit GrowingEntry(std::function<bool(const std::string& code)> unfinished) : unfinished_(std::move(unfinished)) {}
  /// Whether the entry, which is the one of the last call and more or another, goes on in a further line.
  bool goes_on(const std::string& entry);
  /// How many blocks and brackets are open at the end of the entry of the last call.
  size_t depth() const { return code_.depth(); }

 private:
  std::function<bool(const std::string& code)> unfinished_;
  OpenCode code_;
  std::string seen_;  // what code_ was given
  size_t asked_ = 0;  // how long the entry was when Lua was asked last
};

/// The code with `local` of its outermost statements taken away, so that what an entry of the prompt declares is there
/// in the next one. Places in the lines stay where they are.
std::string with_kept_locals(std::string_view code);

}  // namespace lumir::lua
