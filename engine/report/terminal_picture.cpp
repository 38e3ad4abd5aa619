// Escape sequences of terminals that show pictures, and how to find out which a terminal understands.

#include "report/terminal_picture.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <string_view>

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "core/error.h"
#include "report/markup.h"
#include "report/pixels.h"
#include "report/sixel.h"

namespace lumir::report {
namespace {

std::string_view setting(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

/// How large the terminal is: in letters, and in pixels, guessed where it does not say.
struct Room {
  int columns = 80;
  int width = 800;
  int height = 480;
};

Room room() {
  constexpr int kLetterWidth = 10, kLetterHeight = 20, kRows = 24;
  constexpr double kShare = 0.8;  // of the height, so that what was typed stays to be seen
  winsize size{};
  Room found;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    found.columns = size.ws_col;
    found.width = size.ws_xpixel > 0 ? size.ws_xpixel : size.ws_col * kLetterWidth;
  }
  const int rows = size.ws_row > 0 ? size.ws_row : kRows;
  found.height = static_cast<int>(kShare * (size.ws_ypixel > 0 ? size.ws_ypixel : rows * kLetterHeight));
  return found;
}

/// Base64 in pieces of at most 4096 letters.
std::string kitty(const std::string& png, const Room& room) {
  constexpr size_t kPiece = 4096;
  const std::string letters = base64(png);
  std::string out;
  for (size_t start = 0; start < letters.size(); start += kPiece) {
    const bool more = start + kPiece < letters.size();
    out += "\033_G";
    if (start == 0) out += "a=T,f=100,q=2,c=" + std::to_string(room.columns) + ",";
    out += more ? "m=1;" : "m=0;";
    out += letters.substr(start, kPiece) + "\033\\";
  }
  return out;
}

std::string iterm(const std::string& png) {
  return "\033]1337;File=inline=1;size=" + std::to_string(png.size()) + ":" + base64(png) + "\a";
}

/// "38;2;R;G;B", or 48 for what is behind a letter.
std::string colour(int where, uint32_t pixel) {
  std::string out = std::to_string(where) + ";2";
  for (const int shift : {16, 8, 0}) out += ";" + std::to_string(pixel >> shift & 0xFF);
  return out;
}

/// A letter is two pixels: the upper one in front, the lower one behind.
std::string blocks(const std::string& png, const Room& room) {
  constexpr uint32_t kPaper = 0xFFFFFF;
  const Pixels picture = pixels_of_png(png, room.columns, room.columns * 2);
  std::string out;
  for (int row = 0; row < picture.height; row += 2) {
    std::string before;
    for (int column = 0; column < picture.width; ++column) {
      const uint32_t below = row + 1 < picture.height ? picture.at(column, row + 1) : kPaper;
      const std::string now = "\033[" + colour(38, picture.at(column, row)) + ";" + colour(48, below) + "m";
      out += (now == before ? "" : now) + "▀";
      before = now;
    }
    out += "\033[0m\n";
  }
  out.erase(out.size() - 1);
  return out;
}

/// A terminal whose keys come at once and unseen, for as long as it is asked.
class Unseen {
 public:
  Unseen() {
    tcgetattr(STDIN_FILENO, &former_);
    termios mode = former_;
    mode.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    tcsetattr(STDIN_FILENO, TCSANOW, &mode);
  }
  ~Unseen() { tcsetattr(STDIN_FILENO, TCSANOW, &former_); }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  termios former_{};
};

bool input_waits(int milliseconds) {
  pollfd wanted{STDIN_FILENO, POLLIN, 0};
  return poll(&wanted, 1, milliseconds) > 0;
}

/// What a terminal says that it is: "\033[?62;4;22c", where 4 stands for sixel. Nothing where it does not answer soon.
std::string attributes() {
  constexpr int kPatience = 200;  // ms
  constexpr std::string_view kQuestion = "\033[c";
  const Unseen unseen;
  if (write(STDOUT_FILENO, kQuestion.data(), kQuestion.size()) < 0) return "";
  std::string answer;
  while (!answer.ends_with('c') && input_waits(kPatience)) {
    char letter = 0;
    if (read(STDIN_FILENO, &letter, 1) != 1) break;
    answer += letter;
  }
  return answer;
}

bool says_sixel(const std::string& attributes) {
  const size_t from = attributes.find('?');
  if (from == std::string::npos) return false;
  const std::string list = ";" + attributes.substr(from + 1, attributes.size() - from - 2) + ";";
  return list.find(";4;") != std::string::npos;
}

/// Asks only where a person sits at the terminal and has typed nothing that would be taken for the answer.
bool answers_sixel() {
  static const bool answered = [] {
    const bool asked = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp();
    return asked && !input_waits(0) && says_sixel(attributes());
  }();
  return answered;
}

bool shows_colours() {
  const std::string_view terminal = setting("TERM"), colours = setting("COLORTERM");
  if (!setting("NO_COLOR").empty() || terminal.empty() || terminal == "dumb") return false;
  return colours == "truecolor" || colours == "24bit" || terminal.ends_with("-direct");
}

}  // namespace

PictureWay picture_way() {
  static const std::map<std::string, PictureWay, std::less<>> words = {{"off", PictureWay::none},
                                                                       {"blocks", PictureWay::blocks},
                                                                       {"sixel", PictureWay::sixel},
                                                                       {"kitty", PictureWay::kitty},
                                                                       {"iterm", PictureWay::iterm}};
  if (const auto wanted = setting("LUMIR_PICTURES"); !wanted.empty()) {
    const auto found = words.find(wanted);
    if (found != words.end()) return found->second;
    throw ArgumentError("LUMIR_PICTURES: '" + std::string(wanted) + "' is none of 'off', 'blocks', 'sixel', 'kitty', " +
                        "'iterm'");
  }
  const std::string_view program = setting("TERM_PROGRAM"), terminal = setting("TERM");
  if (!isatty(STDOUT_FILENO) || terminal == "dumb") return PictureWay::none;
  if (setting("TMUX").empty()) {  // which lets only sixel through, and says so itself
    const bool kitty = !setting("KITTY_WINDOW_ID").empty() || terminal == "xterm-kitty" || program == "ghostty";
    if (kitty) return PictureWay::kitty;
    if (program == "iTerm.app" || program == "WezTerm" || program == "mintty") return PictureWay::iterm;
  }
  if (answers_sixel()) return PictureWay::sixel;
  return shows_colours() ? PictureWay::blocks : PictureWay::none;
}

std::string terminal_picture(const std::string& png, PictureWay way) {
  const Room size = room();
  switch (way) {
    case PictureWay::blocks: return blocks(png, size);
    case PictureWay::sixel: return sixel(pixels_of_png(png, size.width, size.height));
    case PictureWay::kitty: return kitty(png, size);
    case PictureWay::iterm: return iterm(png);
    default: return "";
  }
}

}  // namespace lumir::report
