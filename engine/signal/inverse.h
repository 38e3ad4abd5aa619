// What the inverses share: how a spectrogram was made, and the rate of the sound that comes back.

#pragma once

#include <optional>
#include <string>

#include "signal/framing.h"

namespace lumir::signal {

/// A tensor knows neither the rate of its sound nor the settings that made it; librosa's names.
struct InverseOptions {
  std::optional<int> rate;
  std::optional<int> n_fft;
  std::optional<int> hop_length;  // a quarter of the window
  std::optional<int> win_length;
  std::string window = "hann";
  bool center = true;
  std::optional<int> length;

  /// The settings of a spectrogram of so many bins. Throws ArgumentError where n_fft or win_length do not
  /// fit, and where no rate is given.
  SpectrumOptions settings(int bins, const std::string& who) const;
};

/// Those options as the beginning of S's schema.
template <class S>
Schema inverse_schema() {
  return {
      Option{"rate", static_cast<std::optional<int> S::*>(&S::rate), "rate of the sound; it must be given", Unit{"Hz"},
             Range{1, 1 << 24}},
      Option{"n_fft", static_cast<std::optional<int> S::*>(&S::n_fft),
             "samples of a frame; 'none' is twice the bins less two", Unit{"samples"}, Range{16, 65536}},
      hop_length_option<S>(),
      Option{"win_length", static_cast<std::optional<int> S::*>(&S::win_length),
             "length of the window inside a frame; 'none' is n_fft", Unit{"samples"}, Range{1, 65536}},
      Option{"window", static_cast<std::string S::*>(&S::window), "what frames were weighted by", window_choices()},
      Option{"center", static_cast<bool S::*>(&S::center), "frame t is centred on sample t * hop_length"},
      Option{"length", static_cast<std::optional<int> S::*>(&S::length),
             "of the sound; 'none' is what the frames cover", Unit{"samples"}, Range{1, 1 << 30}},
  };
}

}  // namespace lumir::signal
