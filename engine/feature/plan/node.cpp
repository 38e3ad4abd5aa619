// Views of what nodes hold.

#include "feature/plan/node.h"

namespace lumir::feature {

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
