// Features are told in the words of the room signal: blocks of frames, lanes, windows, filters. This brings them in.

#pragma once

namespace lumir::signal {}

namespace lumir::feature {
using namespace signal;
}  // namespace lumir::feature
