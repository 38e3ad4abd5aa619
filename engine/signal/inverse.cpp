// Settings of spectrograms that come back.

#include "signal/inverse.h"

#include "core/error.h"

namespace lumir::signal {

SpectrumOptions InverseOptions::settings(int bins, const std::string& who) const {
  if (!rate) throw ArgumentError(who + ": 'rate' must be given, because a tensor does not know the rate of its sound");
  SpectrumOptions settings;
  settings.n_fft = n_fft.value_or(2 * (bins - 1));
  settings.hop_length = hop_length;
  settings.win_length = win_length;
  settings.window = window;
  settings.center = center;
  if (settings.n_fft < 2 || settings.bins() != bins) {
    throw ArgumentError(who + ": 'n_fft' = " + std::to_string(settings.n_fft) + " has " +
                        std::to_string(settings.bins()) + " bins, the tensor has " + std::to_string(bins));
  }
  if (win_length && *win_length > settings.n_fft) {
    throw ArgumentError(who + ": 'win_length' = " + std::to_string(*win_length) +
                        " is out of range (1 to n_fft = " + std::to_string(settings.n_fft) + ")");
  }
  return settings;
}

}  // namespace lumir::signal
