// Windows: what frames are weighted by.

#pragma once

#include <string>
#include <vector>

#include "core/schema.h"

namespace lumir::signal {

/// Names of windows that make_window knows.
inline Choices window_choices() {
  return {"hann", "hamming", "blackman", "blackmanharris", "nuttall", "bartlett", "cosine", "boxcar"};
}

/// A periodic window, as scipy.signal.get_window gives it, centred in `size` samples.
std::vector<double> make_window(const std::string& name, int length, int size);

}  // namespace lumir::signal
