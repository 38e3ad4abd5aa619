// Keys and what they do.

#include "repl/line_editor.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <sys/ioctl.h>
#include <unistd.h>

#include "core/error.h"
#include "core/file.h"
#include "core/terminal.h"
#include "core/text.h"
#include "repl/lua_text.h"

namespace lumir::lua {
namespace {

using Kind = Key::Kind;

constexpr size_t kIndent = 2;

bool colours_wanted() {
  const char* refused = std::getenv("NO_COLOR");
  return !refused || !*refused;
}

size_t terminal_height() {
  winsize size{};
  constexpr size_t kUsual = 24;
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 ? size.ws_row : kUsual;
}

/// What all of them begin with.
std::string common_beginning(const std::vector<Completion>& found) {
  std::string common = found.front().text;
  for (const auto& one : found) {
    const auto end = std::mismatch(common.begin(), common.end(), one.text.begin(), one.text.end()).first;
    common.erase(end, common.end());
  }
  while (!common.empty() && text_width(common) > 0 && valid_character(common.substr(common.size() - 1)) == 0) {
    common.pop_back();  // half a character
  }
  return common;
}

}  // namespace

std::optional<std::string> LineEditor::read(const std::string& prompt, const std::string& first) {
  KeyTerminal terminal(STDIN_FILENO, STDOUT_FILENO, bytes_);
  text_ = EditText();
  if (!first.empty()) text_.set(first);
  around_ = {
      prompt, std::string(text_width(prompt) > 2 ? text_width(prompt) - 2 : 0, ' ') + "| ", {}, colours_wanted()};
  place_ = history_.size();
  looking_ = false;
  draw(terminal);
  while (true) {
    const Key key = terminal.next();
    around_.below.clear();
    Step step = take(key);
    if (step == Step::edit) step = search(terminal);
    if (step == Step::go_on && terminal.more()) continue;
    if (step != Step::go_on) text_.text_end();
    draw(terminal);
    if (step == Step::go_on) continue;
    terminal.write((step == Step::given_up ? "^C" : "") + screen_.leave());
    if (step == Step::ended) return std::nullopt;
    if (step == Step::given_up) return "";
    history_.add(text_.text());
    return text_.text();
  }
}

void LineEditor::draw(KeyTerminal& terminal) {
  const size_t width = terminal_width(STDOUT_FILENO).value_or(80);
  if (cleared_) terminal.write("\033[H\033[2J");
  if (cleared_) screen_.forget();
  cleared_ = false;
  terminal.write(screen_.draw(picture_of(text_, around_, width, terminal_height())));
}

LineEditor::Step LineEditor::take(const Key& key) {
  const bool looks = key.kind == Kind::up || key.kind == Kind::down ||
                     (key.kind == Kind::control && (key.letter == 'p' || key.letter == 'n'));
  if (!looks && key.kind != Kind::resized) looking_ = false;
  if (key.kind != Kind::tab) listed_ = false;
  switch (key.kind) {
    case Kind::text: text_.insert(key.text); break;
    case Kind::paste: text_.insert(key.text); break;
    case Kind::enter: return enter();
    case Kind::tab: complete(); break;
    case Kind::backspace: text_.erase_back(); break;
    case Kind::erase: text_.erase_ahead(); break;
    case Kind::up: up(); break;
    case Kind::down: down(); break;
    case Kind::left: text_.left(); break;
    case Kind::right: text_.right(); break;
    case Kind::word_left: text_.word_left(); break;
    case Kind::word_right: text_.word_right(); break;
    case Kind::home: text_.line_start(); break;
    case Kind::end: text_.line_end(); break;
    case Kind::page_up: text_.text_start(); break;
    case Kind::page_down: text_.text_end(); break;
    case Kind::control: return take_control(key.letter);
    case Kind::alt: take_alt(key.letter); break;
    case Kind::resized: screen_.forget(); break;
    case Kind::closed: return Step::ended;
    default: break;
  }
  return Step::go_on;
}

LineEditor::Step LineEditor::take_control(char letter) {
  switch (letter) {
    case 'a': text_.line_start(); break;
    case 'b': text_.left(); break;
    case 'c': return Step::given_up;
    case 'd':
      if (text_.empty()) return Step::ended;
      text_.erase_ahead();
      break;
    case 'e': text_.line_end(); break;
    case 'f': text_.right(); break;
    case 'k': text_.cut_to_line_end(); break;
    case 'l': cleared_ = true; break;
    case 'n': down(); break;
    case 'p': up(); break;
    case 'r': return Step::edit;
    case 'u': text_.cut_to_line_start(); break;
    case 'w': text_.cut_word_back(); break;
    case 'x': edit_outside(); break;
    case 'y': text_.paste(); break;
    case '_' + 0x20:
    case 'z': text_.undo(); break;
    default: break;
  }
  return Step::go_on;
}

void LineEditor::take_alt(char letter) {
  switch (letter) {
    case 'b': text_.word_left(); break;
    case 'f': text_.word_right(); break;
    case 'd': text_.cut_word_ahead(); break;
    case '\x7F': text_.cut_word_back(); break;
    case '\n': new_line(); break;
    default: break;
  }
}

void LineEditor::new_line(size_t blocks) { text_.insert("\n" + std::string(kIndent * blocks, ' ')); }

void LineEditor::new_line() { new_line(open_blocks(std::string_view(text_.text()).substr(0, text_.cursor()))); }

/// An entry ends where it is whole and the cursor stands in its last line.
LineEditor::Step LineEditor::enter() {
  const bool last_line = text_.text().find('\n', text_.cursor()) == std::string::npos;
  if (text_.several_lines() && !last_line) {
    new_line();
  } else if (growing_.goes_on(text_.text())) {
    text_.text_end();
    new_line(growing_.depth());
  } else {
    return Step::done;
  }
  return Step::go_on;
}

void LineEditor::recall(size_t place) {
  place_ = place;
  text_.set(place < history_.size() ? history_.at(place) : unfinished_);
}

void LineEditor::up() {
  if (!looking_ && text_.up()) return;
  if (!looking_) {
    unfinished_ = text_.text();
    typed_ = text_.text().substr(0, text_.cursor());
    place_ = history_.size();
    looking_ = true;
  }
  if (const auto found = history_.beginning_with(typed_, place_)) recall(*found);
}

void LineEditor::down() {
  if (!looking_) {
    text_.down();
    return;
  }
  recall(history_.next_beginning_with(typed_, place_).value_or(history_.size()));
}

void LineEditor::complete() {
  const std::string before = text_.text().substr(0, text_.cursor());
  const size_t line = before.find_last_of('\n') + 1;
  if (before.find_first_not_of(" \t", line) == std::string::npos) {
    text_.insert(std::string(kIndent, ' '));
    return;
  }
  const Completions completions = advice_.complete(text_.text(), text_.cursor());
  if (completions.found.empty()) return;
  const std::string common = common_beginning(completions.found);
  const size_t typed = text_.cursor() - completions.from;
  if (common.size() >= typed) text_.replace(completions.from, common);
  if (completions.found.size() > 1) show_completions(completions);
}

void LineEditor::show_completions(const Completions& completions) {
  constexpr size_t kShown = 12;
  const size_t all = completions.found.size();
  const size_t shown = listed_ ? std::min(all, std::max(kShown, terminal_height() - 4)) : std::min(all, kShown);
  std::vector<std::vector<std::string>> rows;
  for (size_t i = 0; i < shown; ++i) rows.push_back({completions.found[i].text, completions.found[i].meaning});
  const std::string table = text_table(rows, {});
  for (size_t begin = 0; begin < table.size();) {
    const size_t end = table.find('\n', begin);
    around_.below.push_back("  " + table.substr(begin, end - begin));
    begin = end + 1;
  }
  if (all > shown) around_.below.push_back("  ... and " + std::to_string(all - shown) + " more");
  listed_ = true;
}

/// Ctrl-R: the latest entry that holds what is typed now; again for an earlier one. Enter takes and runs it, Escape and
/// every other key takes it to go on, Ctrl-C and Ctrl-G leave all as it was.
LineEditor::Step LineEditor::search(KeyTerminal& terminal) {
  const EditText before = text_;
  std::string wanted;
  size_t place = history_.size();
  while (true) {
    around_.below = {"search backwards: " + wanted};
    draw(terminal);
    const Key key = terminal.next();
    around_.below.clear();
    const bool again = key.kind == Kind::control && key.letter == 'r';
    if (key.kind == Kind::text || key.kind == Kind::paste) {
      wanted += key.text;
      place = history_.size();
    } else if (key.kind == Kind::backspace) {
      if (!wanted.empty()) wanted.resize(wanted.size() - characters(wanted).back().size());
      place = history_.size();
    } else if (key.kind == Kind::control && (key.letter == 'c' || key.letter == 'g')) {
      text_ = before;
      return Step::go_on;
    } else if (!again) {
      return key.kind == Kind::escape ? Step::go_on : take(key);
    }
    const auto found = wanted.empty() ? std::nullopt : history_.holding(wanted, place);
    if (found) {
      place = *found;
      text_.set(history_.at(place));
    }
  }
}

/// Ctrl-X: in $VISUAL, $EDITOR or vi.
void LineEditor::edit_outside() {
  const char* visual = std::getenv("VISUAL");
  const char* editor = visual && *visual ? visual : std::getenv("EDITOR");
  const std::string path =
      (std::filesystem::temp_directory_path() / ("lumir-entry-" + std::to_string(getpid()) + ".lua")).string();
  const std::string command = std::string(editor && *editor ? editor : "vi") + " '" + path + "' </dev/tty >/dev/tty";
  try {
    write_file(path, text_.text() + "\n");
    if (std::system(command.c_str()) == 0) {
      std::string edited = read_file(path);
      edited.erase(edited.find_last_not_of('\n') + 1);
      text_.set(edited);
    }
  } catch (const Error& problem) {  // a disk that is full, say: the entry stays as it was
    around_.below = {problem.what()};
  }
  std::error_code problem;
  std::filesystem::remove(path, problem);
}

}  // namespace lumir::lua
