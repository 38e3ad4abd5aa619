// Sixel, the picture language of DEC's terminals, which xterm, foot, WezTerm, mlterm, Windows Terminal and tmux speak.

#pragma once

#include <string>

#include "report/pixels.h"

namespace lumir::report {

/// A picture in at most 256 colours: those that it has, or, of more, the most frequent ones of 15 bits.
std::string sixel(const Pixels& picture);

}  // namespace lumir::report
