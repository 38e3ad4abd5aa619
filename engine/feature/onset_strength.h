// The onset envelope, for what builds on it (tempo, beats).

#pragma once

#include "feature/mel.h"
#include "feature/number_axes.h"

namespace lumir::feature {

/// How an onset envelope is made; librosa's names and defaults.
struct OnsetStrengthOptions : MelOptions {
  int lag = 1;
  int max_size = 1;
  bool detrend = false;
  std::string aggregate = "mean";

  /// The spectrogram is centred anyhow; `center` is about the envelope.
  Framing framing() const { return {n_fft, hop(), true}; }
  Axes axes(int) const { return numbers_in("dB"); }

  static Schema schema() { return with_aggregate<OnsetStrengthOptions>(); }
  /// Those options as the beginning of S's schema ...
  template <class S>
  static Schema with_aggregate() {
    return extend(schema_for<S>(), Option{"aggregate", static_cast<std::string S::*>(&S::aggregate),
                                          "how bands become one number", Choices{"mean", "median"}});
  }
  /// ... or all but `aggregate`.
  template <class S>
  static Schema schema_for() {
    Schema mel = mel_schema<S>();
    for (auto& parameter : mel) {
      if (parameter.name == "center") parameter.help = "an onset stands in the middle of the frames that show it";
    }
    return extend(std::move(mel),
                  Option{"lag", static_cast<int S::*>(&S::lag), "frames between what is compared", Range{1, 1024}},
                  Option{"max_size", static_cast<int S::*>(&S::max_size),
                         "bands over which the earlier frame's greatest counts", Range{1, 1024}},
                  Option{"detrend", static_cast<bool S::*>(&S::detrend), "take the slow part away"});
  }
};

/// The mel bands that onsets are looked for in.
struct OnsetBands : MelDecibels {
  static NodePtr node(OnsetStrengthOptions options, int rate);
};
/// Onset strength of the whole clip: [1, frames].
struct OnsetEnvelope : Track {
  static NodePtr node(const OnsetStrengthOptions& options, int rate);
};

}  // namespace lumir::feature
