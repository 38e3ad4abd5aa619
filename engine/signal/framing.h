// How a clip is cut into frames, and the options of every spectrogram.

#pragma once

#include <algorithm>
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

/// librosa's hop_length where none is given: a quarter of the window.
inline int quarter_of(int win_length) { return std::max(1, win_length / 4); }

/// How a spectrogram is made; librosa's names and defaults. What works on whole spectra, there and back, has no
/// hop_length by default: then it is a quarter of the window, and what comes back is what went in, whatever n_fft is.
struct SpectrumOptions {
  int n_fft = 2048;
  std::optional<int> hop_length = 512;
  std::optional<int> win_length;
  std::string window = "hann";
  bool center = true;
  std::string pad_mode = "constant";

  int bins() const { return n_fft / 2 + 1; }
  int hop() const { return hop_length.value_or(quarter_of(win_length.value_or(n_fft))); }
  Framing framing() const { return {n_fft, hop(), center}; }
};

/// The option, for spectra and what inverts them.
template <class S>
Option hop_length_option() {
  return {"hop_length", static_cast<std::optional<int> S::*>(&S::hop_length),
          "from one frame to the next; 'none' is a quarter of the window", Unit{"samples"}, Range{1, 1 << 24}};
}

/// Those options as the beginning of S's schema.
template <class S>
Schema spectrum_schema() {
  return {
      Option{"n_fft", static_cast<int S::*>(&S::n_fft), "samples of a frame", Unit{"samples"}, Range{16, 65536}},
      hop_length_option<S>(),
      Option{"win_length", static_cast<std::optional<int> S::*>(&S::win_length),
             "length of the window inside a frame; 'none' is n_fft", Unit{"samples"}, Range{1, upto("n_fft")}},
      Option{"window", static_cast<std::string S::*>(&S::window), "what frames are weighted by", window_choices()},
      Option{"center", static_cast<bool S::*>(&S::center), "frame t is centred on sample t * hop_length"},
      Option{"pad_mode", static_cast<std::string S::*>(&S::pad_mode), "what stands beyond the ends of a centred clip",
             Choices{"constant", "edge", "reflect", "symmetric"}},
  };
}

}  // namespace lumir::signal
