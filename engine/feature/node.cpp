// Views of what nodes hold.

#include "feature/node.h"

namespace lumir::feature {

long Framing::count(long samples) const {
  const long padded = samples + (center ? 2 * (length / 2) : 0);
  return padded < length ? 0 : 1 + (padded - length) / hop_length;
}

size_t Values::offset(long first_frame) const {
  const auto first = static_cast<size_t>(first_frame);
  switch (keeping) {
    case Keeping::rows: return first;
    case Keeping::blocks: return first * static_cast<size_t>(rows);  // a block has rows * lanes numbers
    default: return 0;
  }
}

Track Values::track() const {
  // readers and finish steps share the view; only a node's own finish step writes through it
  return {const_cast<float*>(numbers.data()), stride, rows, frames, frame_rate};
}

}  // namespace lumir::feature
