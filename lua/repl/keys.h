// Keys, read from the bytes that terminals send for them.

#pragma once

#include <array>
#include <csignal>
#include <optional>
#include <string>

namespace lumir::lua {

struct Key {
  enum class Kind {
    text,     // one character; `text` is it
    paste,    // what the terminal says was pasted, line breaks as "\n"
    control,  // with `letter`, 'a' to 'z' and a few signs
    alt,      // with `letter`
    enter,
    tab,
    back_tab,
    backspace,
    erase,  // the key Delete
    escape,
    up,
    down,
    left,
    right,
    home,
    end,
    page_up,
    page_down,
    word_left,
    word_right,
    resized,  // the terminal has another width
    closed,   // nothing more comes
    unknown   // an escape sequence that means nothing here
  };
  Kind kind = Kind::unknown;
  std::string text = {};
  char letter = 0;
};

/// The key that the bytes begin with, which are taken from them; nothing where it has not come whole yet. `waited`
/// says that nothing has followed for a while, so that a single escape byte is the key Escape.
std::optional<Key> take_key(std::string& bytes, bool waited);

/// A terminal whose keys come one by one and unseen, for as long as this lives. Ctrl-C is a key here.
class KeyTerminal {
 public:
  /// `bytes` have come before and were not used; what is left over at the end stays in them.
  KeyTerminal(int input, int output, std::string& bytes);
  ~KeyTerminal();
  KeyTerminal(const KeyTerminal&) = delete;
  KeyTerminal& operator=(const KeyTerminal&) = delete;

  /// Waits for the next one.
  Key next();
  /// Whether more has come already, so that it need not be drawn in between.
  bool more() const;
  void write(const std::string& text) const;

 private:
  static constexpr std::array<int, 2> kEnding = {SIGTERM,
                                                 SIGHUP};  // signals that leave: the terminal is put right first

  int input_, output_;
  std::string& bytes_;
  std::array<struct sigaction, kEnding.size()> former_{};
};

}  // namespace lumir::lua
