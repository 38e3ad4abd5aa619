// The spectrogram that features share: its options, its frames.

#pragma once

#include <optional>
#include <string>

#include "core/schema.h"
#include "feature/blocks.h"
#include "feature/node.h"

namespace lumir::feature {

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

/// Names of windows that make_window knows.
inline Choices window_choices() {
  return {"hann", "hamming", "blackman", "blackmanharris", "nuttall", "bartlett", "cosine", "boxcar"};
}

/// Those options as the beginning of S's schema.
template <class S>
Schema spectrum_schema() {
  return {
      Option{"n_fft", static_cast<int S::*>(&S::n_fft), "samples of a frame", Unit{"samples"}, Range{16, 65536}},
      Option{"hop_length", static_cast<int S::*>(&S::hop_length), "from one frame to the next", Unit{"samples"},
             Range{1, 1 << 24}},
      Option{"win_length", static_cast<std::optional<int> S::*>(&S::win_length),
             "length of the window inside a frame; 'none' is n_fft", Unit{"samples"}, Range{1, upto("n_fft")}},
      Option{"window", static_cast<std::string S::*>(&S::window), "what frames are weighted by",
             window_choices()},
      Option{"center", static_cast<bool S::*>(&S::center), "frame t is centred on sample t * hop_length"},
      Option{"pad_mode", static_cast<std::string S::*>(&S::pad_mode), "what stands beyond the ends of a centred clip",
             Choices{"constant", "edge", "reflect", "symmetric"}},
  };
}

/// A block of |STFT|^2: [n_fft / 2 + 1, kLanes].
struct PowerFrames : SpectrumBlock {
  static NodePtr node(const SpectrumOptions& options, int rate);
};
/// A block of |STFT|: [n_fft / 2 + 1, kLanes].
struct MagnitudeFrames : SpectrumBlock {
  static NodePtr node(const SpectrumOptions& options, int rate);
};
/// A block of |STFT|^power for any power above 0.
NodePtr spectrum_node(const SpectrumOptions& options, double power, int rate);

/// A periodic window, as scipy.signal.get_window gives it, centred in `size` samples.
std::vector<double> make_window(const std::string& name, int length, int size);

}  // namespace lumir::feature
