// Reading, evaluating and printing.

#include "repl/prompt.h"

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>

#include <unistd.h>

#include "core/interrupt.h"
#include "repl/completion.h"
#include "repl/history.h"
#include "repl/interpreter.h"
#include "repl/line_editor.h"
#include "repl/lua_text.h"

namespace lumir::lua {
namespace {

bool is_blank(const std::string& text) { return text.find_first_not_of(" \n\t") == std::string::npos; }

bool terminal_can_move() {
  const char* kind = std::getenv("TERM");
  return kind && *kind && std::string(kind) != "dumb";
}

/// Where entries come from.
class Source {
 public:
  virtual ~Source() = default;
  /// The next one, perhaps blank; nothing at the end, and where an interrupt ends it.
  virtual std::optional<std::string> next() = 0;
  virtual bool was_interrupted() const { return false; }
};

class EditedSource : public Source {
 public:
  explicit EditedSource(Interpreter& interpreter)
      : interpreter_(interpreter),
        history_(history_path()),
        editor_(history_, {[&interpreter](const std::string& code) { return interpreter.unfinished(code); },
                           [&interpreter](const std::string& code, size_t cursor) {
                             return completions(interpreter.state(), code, cursor);
                           }}) {}
  std::optional<std::string> next() override { return editor_.read(std::to_string(interpreter_.number()) + "> "); }

 private:
  Interpreter& interpreter_;
  History history_;
  LineEditor editor_;
};

/// A pipe, or a terminal that can do no more than print lines.
class PlainSource : public Source {
 public:
  PlainSource(Interpreter& interpreter, bool prompts) : interpreter_(interpreter), prompts_(prompts) {}

  std::optional<std::string> next() override {
    std::string entry;
    GrowingEntry growing([this](const std::string& code) { return interpreter_.unfinished(code); });
    while (true) {
      const auto line = read(entry.empty());
      if (stopped_) return prompts_ ? std::optional<std::string>("") : std::nullopt;
      if (!line) return entry.empty() ? std::nullopt : std::optional(entry);
      entry += (entry.empty() ? "" : "\n") + *line;
      if (is_blank(entry) || !growing.goes_on(entry)) return entry;
    }
  }
  bool was_interrupted() const override { return stopped_; }

 private:
  /// Nothing at the end of the input, and where Ctrl-C came, which `stopped_` tells.
  std::optional<std::string> read(bool first) {
    if (prompts_) std::fputs(first ? (std::to_string(interpreter_.number()) + "> ").c_str() : "| ", stdout);
    std::fflush(stdout);
    std::string line;
    rest_from_interrupts(true);
    const bool read = static_cast<bool>(std::getline(std::cin, line));
    rest_from_interrupts(false);
    stopped_ = interrupted();
    if (stopped_) {
      clear_interrupt();
      std::cin.clear();
      if (prompts_) std::puts("");
      return std::nullopt;
    }
    return read ? std::optional(line) : std::nullopt;
  }

  Interpreter& interpreter_;
  bool prompts_;
  bool stopped_ = false;
};

constexpr int kInterrupted = 130;  // a program's status

int run_entries(Interpreter& interpreter, Source& source, bool ends_at_error) {
  while (const auto entry = source.next()) {
    if (is_blank(*entry)) continue;
    if (Interpreter::leaves(*entry)) break;
    const int status = interpreter.run(*entry);
    if (ends_at_error && status != 0) return status == kInterrupted ? status : 1;
  }
  return ends_at_error && source.was_interrupted() ? kInterrupted : 0;
}

}  // namespace

int run_prompt(const std::string& first) {
  const bool asks = isatty(STDIN_FILENO) != 0;
  Interpreter interpreter(!asks);
  if (!first.empty() && interpreter.run(first) != 0 && !asks) return 1;
  if (asks && isatty(STDOUT_FILENO) != 0 && terminal_can_move()) {
    EditedSource source(interpreter);
    return run_entries(interpreter, source, false);
  }
  PlainSource source(interpreter, asks);
  const int status = run_entries(interpreter, source, !asks);
  if (asks) std::puts("");
  return status;
}

int run_entry(const std::string& code) {
  Interpreter interpreter(true);
  const int status = interpreter.run(code);
  return status == 0 || status == kInterrupted ? status : 1;
}

}  // namespace lumir::lua
