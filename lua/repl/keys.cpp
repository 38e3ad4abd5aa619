// Escape sequences as xterm sends them; tmux, screen, the Linux console, kitty, iTerm, and Windows Terminal send the same
// or one of the few others here.

#include "repl/keys.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <map>

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include "core/text.h"

namespace lumir::lua {
namespace {

using Kind = Key::Kind;

const std::map<std::string, Kind>& sequences() {
  static const std::map<std::string, Kind> all = {{"[A", Kind::up},
                                                  {"OA", Kind::up},
                                                  {"[B", Kind::down},
                                                  {"OB", Kind::down},
                                                  {"[C", Kind::right},
                                                  {"OC", Kind::right},
                                                  {"[D", Kind::left},
                                                  {"OD", Kind::left},
                                                  {"[H", Kind::home},
                                                  {"OH", Kind::home},
                                                  {"[1~", Kind::home},
                                                  {"[7~", Kind::home},
                                                  {"[F", Kind::end},
                                                  {"OF", Kind::end},
                                                  {"[4~", Kind::end},
                                                  {"[8~", Kind::end},
                                                  {"[3~", Kind::erase},
                                                  {"[5~", Kind::page_up},
                                                  {"[6~", Kind::page_down},
                                                  {"[Z", Kind::back_tab},
                                                  {"[1;5C", Kind::word_right},
                                                  {"[1;5D", Kind::word_left},
                                                  {"[1;3C", Kind::word_right},
                                                  {"[1;3D", Kind::word_left},
                                                  {"Oc", Kind::word_right},
                                                  {"Od", Kind::word_left}};
  return all;
}

const std::string kPasteBegin = "\033[200~", kPasteEnd = "\033[201~";

/// Line breaks as "\n", and no other control characters than tabs.
std::string pasted_text(const std::string& raw) {
  std::string text;
  for (size_t i = 0; i < raw.size(); ++i) {
    const char c = raw[i];
    if (c == '\r') {
      text += '\n';
      if (i + 1 < raw.size() && raw[i + 1] == '\n') ++i;
    } else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') {
      text += c;
    }
  }
  return text;
}

/// How long an escape sequence is; 0 where its end has not come.
size_t sequence_length(const std::string& bytes) {
  if (bytes.size() < 2) return 0;
  if (bytes[1] == 'O') return bytes.size() < 3 ? 0 : 3;
  if (bytes[1] != '[') return 2;
  for (size_t i = 2; i < bytes.size(); ++i) {
    if (bytes[i] >= 0x40 && bytes[i] <= 0x7E) return i + 1;
  }
  return 0;
}

std::string take(std::string& bytes, size_t count) {
  std::string taken = bytes.substr(0, count);
  bytes.erase(0, count);
  return taken;
}

/// A paste whose end does not come is given up by Ctrl-C, which terminals never send within one.
std::optional<Key> take_paste(std::string& bytes) {
  constexpr char kGivenUp = '\003';
  const size_t end = bytes.find(kPasteEnd);
  if (end == std::string::npos) {
    const size_t given_up = bytes.find(kGivenUp);
    if (given_up == std::string::npos) return std::nullopt;
    take(bytes, given_up + 1);
    return Key{Kind::control, "", 'c'};
  }
  Key key{Kind::paste, pasted_text(bytes.substr(kPasteBegin.size(), end - kPasteBegin.size()))};
  bytes.erase(0, end + kPasteEnd.size());
  return key;
}

std::optional<Key> take_escape(std::string& bytes, bool waited) {
  if (bytes.starts_with(kPasteBegin)) return take_paste(bytes);
  const size_t length = sequence_length(bytes);
  if (length == 0) {
    if (!waited) return std::nullopt;
    take(bytes, bytes.size() == 1 ? 1 : bytes.size());
    return Key{bytes.empty() ? Kind::escape : Kind::unknown};
  }
  if (length == 2) {
    const char letter = take(bytes, 2)[1];
    if (letter == '\r' || letter == '\n') return Key{Kind::alt, "", '\n'};
    return Key{Kind::alt, "", letter};
  }
  const auto known = sequences().find(take(bytes, length).substr(1));
  return Key{known == sequences().end() ? Kind::unknown : known->second};
}

Key control_key(char byte) {
  switch (byte) {
    case '\r':
    case '\n': return {Kind::enter};
    case '\t': return {Kind::tab};
    case 0x7F:
    case '\b': return {Kind::backspace};
    default: return {Kind::control, "", static_cast<char>(byte + 0x60)};
  }
}

std::atomic<bool> width_changed{false};
void on_resize(int) { width_changed = true; }

// for the handler of a signal that ends the program while keys are read
termios former_mode;
int former_input = STDIN_FILENO;

void on_end(int signal) {
  tcsetattr(former_input, TCSANOW, &former_mode);
  _exit(128 + signal);
}

void handle(int signal, void (*handler)(int), struct sigaction* former) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;  // poll ends all the same; what else runs later does not
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, former);
}

}  // namespace

std::optional<Key> take_key(std::string& bytes, bool waited) {
  if (bytes.empty()) return std::nullopt;
  const char first = bytes[0];
  if (first == '\033') return take_escape(bytes, waited);
  if (static_cast<unsigned char>(first) < 0x20 || first == 0x7F) return control_key(take(bytes, 1)[0]);
  if (const size_t length = valid_character(bytes)) return Key{Kind::text, take(bytes, length)};
  constexpr size_t kLongest = 4;
  if (!waited && bytes.size() < kLongest) return std::nullopt;
  take(bytes, 1);  // no UTF-8
  return Key{Kind::unknown};
}

KeyTerminal::KeyTerminal(int input, int output, std::string& bytes) : input_(input), output_(output), bytes_(bytes) {
  tcgetattr(input_, &former_mode);
  termios mode = former_mode;
  mode.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG | IEXTEN);
  mode.c_iflag &= ~static_cast<tcflag_t>(IXON | ICRNL);
  mode.c_cc[VMIN] = 1;
  mode.c_cc[VTIME] = 0;
  tcsetattr(input_, TCSADRAIN, &mode);
  former_input = input_;
  handle(SIGWINCH, on_resize, nullptr);
  for (size_t i = 0; i < kEnding.size(); ++i) handle(kEnding[i], on_end, &former_[i]);
  write("\033[?2004h");  // what is pasted comes marked
}

KeyTerminal::~KeyTerminal() {
  write("\033[?2004l");
  tcsetattr(input_, TCSADRAIN, &former_mode);
  for (size_t i = 0; i < kEnding.size(); ++i) sigaction(kEnding[i], &former_[i], nullptr);
}

bool KeyTerminal::more() const {
  if (!bytes_.empty()) return true;
  pollfd wanted{input_, POLLIN, 0};
  return poll(&wanted, 1, 0) > 0;
}

Key KeyTerminal::next() {
  constexpr int kEscapeWait = 50;  // ms: what follows an escape byte in a sequence comes at once
  while (true) {
    if (auto key = take_key(bytes_, false)) return *std::move(key);
    pollfd wanted{input_, POLLIN, 0};
    const bool pasting = bytes_.starts_with(kPasteBegin);
    const int ready = poll(&wanted, 1, bytes_.empty() || pasting ? -1 : kEscapeWait);
    if (width_changed.exchange(false)) return {Kind::resized};
    if (ready == 0) {
      if (auto key = take_key(bytes_, true)) return *std::move(key);
    }
    if (ready <= 0) continue;
    std::array<char, 4096> block;
    const ssize_t count = read(input_, block.data(), block.size());
    if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) return {Kind::closed};
    if (count > 0) bytes_.append(block.data(), static_cast<size_t>(count));
  }
}

void KeyTerminal::write(const std::string& text) const {
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::write(output_, text.data() + done, text.size() - done);
    if (count < 0 && errno != EINTR && errno != EAGAIN) return;
    if (count > 0) done += static_cast<size_t>(count);
  }
}

}  // namespace lumir::lua
