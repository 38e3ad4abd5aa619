// Powers of a spectrum, magnitude above all.

#include "signal/raise.h"

#include "signal/kernel.h"

namespace lumir::signal {

void raise_power(const FrameBlock& squared, float power, Rows out) {
  if (power == 1) {
    for (int bin = 0; bin < squared.rows(); ++bin) out[bin] = sqrt(squared[bin]);
  } else {
    for (int bin = 0; bin < squared.rows(); ++bin) out[bin] = pow(squared[bin], 0.5f * power);
  }
}

LUMIR_KERNEL(raise_power);

}  // namespace lumir::signal
