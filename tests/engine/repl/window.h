// A terminal that tests type into, by tmux, as a person would.

#pragma once

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "program.h"

namespace lumir::tests {

inline bool tmux_is_there() {
  const bool there = std::system("tmux -V >/dev/null 2>&1") == 0;
  if (!there) std::printf("SKIPPED: tmux is not installed\n");
  return there;
}

/// A terminal of 80 columns in which the prompt runs.
class Window {
 public:
  explicit Window(const Scratch& scratch, const std::string& terminal = "xterm-256color")
      : folder_(scratch.folder().string()), socket_(folder_ + "/socket" + std::to_string(++count)) {
    const std::string inside = "env TERM=" + terminal + " NO_COLOR=1 LUMIR_CACHE='" + folder_ +
                               "/.cache' LUMIR_HISTORY='" + folder_ + "/history' LUMIR_START= '" + tests::program() +
                               "'";
    tmux("new-session -d -x 80 -y 24 -c '" + folder_ + "' \"" + inside + "; sleep 60\"");
  }
  ~Window() { tmux("kill-server"); }
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  void type(const std::string& text) { tmux("send-keys -l -- '" + escaped(text) + "'"); }
  /// A key by tmux's name: Enter, Up, C-r, Tab.
  void press(const std::string& keys) { tmux("send-keys " + keys); }
  void paste(const std::string& text) {
    write_file(folder_ + "/pasted", text);
    tmux("load-buffer '" + folder_ + "/pasted'");
    tmux("paste-buffer -p");
  }
  void resize(int columns) { tmux("resize-window -x " + std::to_string(columns) + " -y 24"); }
  std::string screen() {
    tmux("capture-pane -p");
    return read_file(folder_ + "/said");
  }
  /// Waits until the screen holds a text, spaces at the ends of lines aside; false where it does not within half a minute.
  bool shows(std::string text) {
    while (text.ends_with(' ')) text.pop_back();
    using namespace std::chrono_literals;
    for (int i = 0; i < 600; ++i) {
      seen_ = screen();
      if (seen_.find(text) != std::string::npos) return true;
      std::this_thread::sleep_for(50ms);
    }
    return false;
  }
  const std::string& seen() const { return seen_; }

 private:
  static std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out;
  }
  void tmux(const std::string& arguments) {
    const std::string command =
        "TMUX= tmux -S '" + socket_ + "' -f /dev/null " + arguments + " >'" + folder_ + "/said' 2>/dev/null";
    [[maybe_unused]] const int status = std::system(command.c_str());
  }

  static inline int count = 0;  // a server that was told to end answers for a while
  std::string folder_, socket_;
  std::string seen_;
};

}  // namespace lumir::tests
