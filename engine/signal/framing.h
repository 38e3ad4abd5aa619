// How a clip is cut into frames, and the options of every spectrogram.

#pragma once

#include <optional>
#include <string>

#include "core/schema.h"
#include "signal/window.h"

namespace lumir::signal {

/// How frames lie over a clip.
struct Framing {
  int length = 0;      // samples of a frame
  int hop_length = 0;  // samples from one frame to the next
  bool center = true;  // frame t is centred on sample t * hop_length

  bool operator==(const Framing&) const = default;
  /// Frames of a clip of so many samples; less than 1 where it is too short.
  long count(long samples) const;
  /// The sample where frame t begins; negative before the clip.
  long begin(long frame) const { return frame * hop_length - (center ? length / 2 : 0); }
};

/// How a spectrogram is made; librosa's names and defaults.
struct SpectrumOptions {
  int n_fft = 2048;
  int hop_length = 512;
  std::optional<int> win_length;
  std::string window = "hann";
  bool center = true;
  std::string pad_mode = "constant";

  int bins() const { return n_fft / 2 + 1; }
  Framing framing() const { return {n_fft, hop_length, center}; }
};

/// Those options as the beginning of S's schema.
template <class S>
Schema spectrum_schema() {
  return {
      Option{"n_fft", static_cast<int S::*>(&S::n_fft), "samples of a frame", Unit{"samples"}, Range{16, 65536}},
      Option{"hop_length", static_cast<int S::*>(&S::hop_length), "from one frame to the next", Unit{"samples"},
             Range{1, 1 << 24}},
      Option{"win_length", static_cast<std::optional<int> S::*>(&S::win_length),
             "length of the window inside a frame; 'none' is n_fft", Unit{"samples"}, Range{1, upto("n_fft")}},
      Option{"window", static_cast<std::string S::*>(&S::window), "what frames are weighted by", window_choices()},
      Option{"center", static_cast<bool S::*>(&S::center), "frame t is centred on sample t * hop_length"},
      Option{"pad_mode", static_cast<std::string S::*>(&S::pad_mode), "what stands beyond the ends of a centred clip",
             Choices{"constant", "edge", "reflect", "symmetric"}},
  };
}

}  // namespace lumir::signal
