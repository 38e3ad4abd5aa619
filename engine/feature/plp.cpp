// Predominant local pulse: a curve that rises and falls with the beat, even where the tempo drifts.
//
// The Fourier tempogram says for every frame which tempo is the strongest and where its wave stands; only
// that wave is kept, and all waves are added up where their windows overlap. Its peaks are beats.

#include <algorithm>
#include <cmath>

#include "core/interrupt.h"
#include "core/spill.h"
#include "feature/extractor.h"
#include "feature/onset_strength.h"
#include "signal/stft.h"

namespace lumir::feature {
namespace {

struct PlpOptions {
  int hop_length = 512;
  int win_length = 384;
  std::optional<double> tempo_min = 30;
  std::optional<double> tempo_max = 300;

  Framing framing() const { return {1, hop_length, true}; }

  static Schema schema() {
    using S = PlpOptions;
    return {
        Option{"hop_length", &S::hop_length, "from one frame to the next", Unit{"samples"}, Range{1, 1 << 24}},
        Option{"win_length", &S::win_length, "frames in which a tempo is looked for", Unit{"frames"}, Range{16, 65536}},
        Option{"tempo_min", &S::tempo_min, "slower ones are not considered", Unit{"bpm"}, kPositive},
        Option{"tempo_max", &S::tempo_max, "faster ones are not considered", Unit{"bpm"}, kPositive}};
  }
};

/// The spectrogram of an envelope, a window around every frame.
SpectrumOptions windows_of(const PlpOptions& options) {
  SpectrumOptions windows;
  windows.n_fft = options.win_length;
  windows.hop_length = 1;
  return windows;
}

class PlpNode final : public Node {
 public:
  PlpNode(const PlpOptions& options, int rate)
      : Node("plp " + to_json(write_options(options)), options.framing(), 1, {}), windows_(windows_of(options)) {
    if (options.tempo_min && options.tempo_max && *options.tempo_max <= *options.tempo_min) {
      throw ArgumentError("'tempo_max' = " + show_number(*options.tempo_max) +
                          " must be above tempo_min = " + show_number(*options.tempo_min));
    }
    const double step = 60.0 * rate / (static_cast<double>(options.hop_length) * options.win_length);  // bpm of a bin
    for (int bin = 0; bin < windows_.bins(); ++bin) {
      const bool slow = options.tempo_min && bin * step < *options.tempo_min;
      const bool fast = options.tempo_max && bin * step > *options.tempo_max;
      allowed_.push_back(!slow && !fast);
    }
    OnsetStrengthOptions strength;
    strength.hop_length = options.hop_length;
    strength.aggregate = "median";
    inputs_.push_back(OnsetEnvelope::node(strength, rate));
    finishes_ = true;
    blockwise_ = false;
  }

  void finish(Work& work) const override {
    const auto envelope = work.inputs[0]->track().row(0);
    const auto pulse = work.out.track().row(0);
    const StftAnalysis analysis(windows_);
    StftSynthesis synthesis(windows_);
    const auto frames = static_cast<long>(envelope.size()) + 1;
    long at = -synthesis.before();
    const auto put = [&](const std::vector<float>& sound) {
      for (const float value : sound) {
        if (at >= 0 && at < static_cast<long>(pulse.size())) pulse[static_cast<size_t>(at)] = std::max(0.0f, value);
        ++at;
      }
    };
    for (long first = 0; first < frames; first += kTogether) {
      check_interrupt();
      relieve_memory();
      const long count = std::min(kTogether, frames - first);
      Spectra tempos = analysis.frames(envelope, first, count);
      for (long i = 0; i < count; ++i) keep_strongest(tempos.re.data() + tempos.at(i), tempos.im.data() + tempos.at(i));
      put(synthesis.add(tempos, 0, count));
    }
    put(synthesis.rest());
    const float greatest = *std::max_element(pulse.begin(), pulse.end());
    if (greatest < std::numeric_limits<float>::min()) return;
    for (float& value : pulse) value /= greatest;
  }

 private:
  static constexpr long kTogether = 2048;  // frames

  /// Leaves the strongest tempo of one frame only, divided by its size.
  ///
  /// librosa divides by the size of the greatest complex number, which numpy orders by real parts: where the wave's
  /// real part is negative that is one of the zeros, and the wave is divided by next to nothing instead. It is done
  /// here too, because such frames then outweigh all others, and the curve is known as it is.
  void keep_strongest(float* re, float* im) const {
    const int bins = windows_.bins();
    std::vector<float> strengths(static_cast<size_t>(bins), 0.0f);
    float greatest = 0;
    for (int bin = 0; bin < bins; ++bin) {
      if (!allowed_[static_cast<size_t>(bin)]) re[bin] = im[bin] = 0;
      float& strength = strengths[static_cast<size_t>(bin)];
      strength = std::log1p(1e6f * std::hypot(re[bin], im[bin]));
      greatest = std::max(greatest, strength);
    }
    float first_re = -INFINITY, first_im = -INFINITY;  // of the first one in numpy's order
    for (int bin = 0; bin < bins; ++bin) {
      if (strengths[static_cast<size_t>(bin)] < greatest) re[bin] = im[bin] = 0;
      if (re[bin] > first_re || (re[bin] == first_re && im[bin] > first_im)) {
        first_re = re[bin];
        first_im = im[bin];
      }
    }
    const float size = std::sqrt(std::numeric_limits<float>::min()) + std::hypot(first_re, first_im);
    for (int bin = 0; bin < bins; ++bin) {
      re[bin] /= size;
      im[bin] /= size;
    }
  }

  SpectrumOptions windows_;
  std::vector<bool> allowed_;  // bins
};

NodePtr plp(const PlpOptions& options, int rate) { return std::make_shared<PlpNode>(options, rate); }

LUMIR_FEATURE_NODE(
    plp, PlpOptions,
    {
        .summary = "Predominant local pulse: a curve whose peaks are beats.",
        .returns = "[1, frames], 0 to 1",
        .example = "feature.plp(clip, { tempo_min = 60, tempo_max = 180 })",
        .source = "Grosche and Mueller, Extracting predominant local pulse information from music recordings (2011); "
                  "librosa.beat.plp",
        .input = "clip",
    });

}  // namespace
}  // namespace lumir::feature
