// Views of what nodes hold.

#include "feature/node.h"

namespace lumir::feature {

long Framing::count(long samples) const {
  const long padded = samples + (center ? 2 * (length / 2) : 0);
  return padded < length ? 0 : 1 + (padded - length) / hop_length;
}

FrameBlock Values::block(long first_frame) const {
  const float* from = numbers.data() + (whole ? first_frame : 0);
  return {from, stride, rows, hertz_per_row};
}

Rows Values::rows_at(long first_frame) { return {numbers.data() + (whole ? first_frame : 0), stride, rows}; }

Track Values::track() const {
  // readers and finish steps share the view; only a node's own finish step writes through it
  return {const_cast<float*>(numbers.data()), stride, rows, frames, frame_rate};
}

}  // namespace lumir::feature
