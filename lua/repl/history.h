// What was typed before, in this session and in those before it.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumir::lua {

/// Entries from the oldest on, kept in a file to which each is added as it is typed: two prompts at once lose nothing.
class History {
 public:
  /// Reads what the file holds; nothing is kept where `path` is empty or cannot be written.
  explicit History(std::string path);

  size_t size() const { return entries_.size(); }
  const std::string& at(size_t place) const { return entries_[place]; }
  /// Not again where it is the last one.
  void add(const std::string& entry);
  /// The latest entry before `before` that begins with, or holds, a text.
  std::optional<size_t> beginning_with(std::string_view text, size_t before) const;
  std::optional<size_t> holding(std::string_view text, size_t before) const;
  /// The earliest after `after` that begins with it.
  std::optional<size_t> next_beginning_with(std::string_view text, size_t after) const;

 private:
  std::string path_;
  std::vector<std::string> entries_;
};

/// $XDG_STATE_HOME/lumir/history, else ~/.local/state/lumir/history; $LUMIR_HISTORY names another file, or none by "".
std::string history_path();

}  // namespace lumir::lua
