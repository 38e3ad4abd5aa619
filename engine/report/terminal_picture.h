// Pictures in a terminal, where it shows them.

#pragma once

#include <string>

namespace lumir::report {

/// What to print so that this terminal shows a PNG (kitty's and iTerm2's protocols, chosen by what the terminal says of
/// itself in the environment); empty where it shows none.
std::string terminal_picture(const std::string& png);

}  // namespace lumir::report
