// Sixel, the picture language of DEC's terminals, which xterm, foot, WezTerm, mlterm, Windows Terminal and tmux speak.

#pragma once

#include <string>

#include "report/pixels.h"

namespace lumir::report {

/// A picture in at most 256 colours: those that it has, or, of more, means of neighbouring ones.
std::string sixel(const Pixels& picture);

}  // namespace lumir::report
