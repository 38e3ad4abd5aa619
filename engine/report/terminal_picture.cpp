// Escape sequences of terminals that show pictures.

#include "report/terminal_picture.h"

#include <cstdlib>
#include <string_view>

#include "report/markup.h"

namespace lumir::report {
namespace {

std::string_view setting(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

/// kitty takes base64 in pieces of at most 4096 letters: sw.kovidgoyal.net/kitty/graphics-protocol
std::string kitty(const std::string& letters) {
  constexpr size_t kPiece = 4096;
  std::string out;
  for (size_t start = 0; start < letters.size(); start += kPiece) {
    const bool more = start + kPiece < letters.size();
    out += "\033_G";
    if (start == 0) out += "a=T,f=100,";
    out += more ? "m=1;" : "m=0;";
    out += letters.substr(start, kPiece) + "\033\\";
  }
  return out;
}

/// iterm2.com/documentation-images.html
std::string iterm(const std::string& letters, size_t bytes) {
  return "\033]1337;File=inline=1;size=" + std::to_string(bytes) + ":" + letters + "\a";
}

}  // namespace

std::string terminal_picture(const std::string& png) {
  const std::string_view program = setting("TERM_PROGRAM");
  if (!setting("KITTY_WINDOW_ID").empty() || setting("TERM") == "xterm-kitty" || program == "ghostty") {
    return kitty(base64(png));
  }
  if (program == "iTerm.app" || program == "WezTerm" || program == "mintty") return iterm(base64(png), png.size());
  return "";
}

}  // namespace lumir::report
