// Pictures in a terminal, in the way in which it shows them.

#pragma once

#include <string>

namespace lumir::report {

enum class PictureWay {
  none,
  blocks,  // two pixels a letter, in colours: what any terminal of today shows
  sixel,
  kitty,  // sw.kovidgoyal.net/kitty/graphics-protocol
  iterm,  // iterm2.com/documentation-images.html
};

/// The way of the terminal on standard output: what $LUMIR_PICTURES says (off, blocks, sixel, kitty or iterm); else what
/// the terminal says of itself in the environment; else what it answers when it is asked, once for a process. Throws
/// ArgumentError for another word.
PictureWay picture_way();

/// What to print so that a PNG is shown; empty for none. It is no wider than the terminal.
std::string terminal_picture(const std::string& png, PictureWay way);

}  // namespace lumir::report
