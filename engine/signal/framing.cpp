// How many frames a clip has.

#include "signal/framing.h"

namespace lumir::signal {

long Framing::count(long samples) const {
  const long padded = samples + (center ? 2 * (length / 2) : 0);
  return padded < length ? 0 : 1 + (padded - length) / hop_length;
}

}  // namespace lumir::signal
