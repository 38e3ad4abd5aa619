// Reads one entry after another from a terminal, as those who come from IPython and shells expect: arrows, history with
// search, several lines edited as one, pasting, completion, colours.
//
// Our own, because readline breaks entries of several lines that are called back, and its licence is another.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "repl/completion.h"
#include "repl/edit_text.h"
#include "repl/history.h"
#include "repl/keys.h"
#include "repl/lua_text.h"
#include "repl/screen.h"

namespace lumir::lua {

/// What the editor asks of whoever understands the text.
struct Advice {
  std::function<bool(const std::string& code)> unfinished;  // the entry goes on in another line
  std::function<Completions(const std::string& code, size_t cursor)> complete;
};

class LineEditor {
 public:
  LineEditor(History& history, Advice advice)
      : history_(history), advice_(std::move(advice)), growing_(advice_.unfinished) {}

  /// The next entry, "" where Ctrl-C gave it up; nothing at the end (Ctrl-D). `first` is text to begin with.
  std::optional<std::string> read(const std::string& prompt, const std::string& first = "");

 private:
  enum class Step { go_on, done, given_up, ended, edit };

  Step take(const Key& key);
  Step take_control(char letter);
  void take_alt(char letter);
  Step enter();
  void new_line();
  void new_line(size_t blocks);  // that are open
  void up();
  void down();
  void recall(size_t place);
  void complete();
  void show_completions(const Completions& completions);
  Step search(KeyTerminal& terminal);
  void draw(KeyTerminal& terminal);
  void edit_outside();

  History& history_;
  Advice advice_;
  GrowingEntry growing_;
  EditText text_;
  Screen screen_;
  Surroundings around_;
  std::string bytes_;       // typed ahead
  size_t place_ = 0;        // in the history
  std::string typed_;       // before it was looked through: what entries begin with
  std::string unfinished_;  // the text that was there
  bool looking_ = false;    // through the history
  bool listed_ = false;     // completions stand below
  bool cleared_ = false;    // the terminal is to be empty before the next picture
};

}  // namespace lumir::lua
