// Masks by medians over frames that repeat each other.

#include "feature/repeating.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/interrupt.h"
#include "core/parallel.h"
#include "core/text.h"
#include "feature/separated_clip.h"
#include "signal/kernel.h"
#include "signal/row_median.h"
#include "signal/stft.h"

namespace lumir::feature {
namespace {

Magnitudes magnitudes_of(const Spectra& spectra) {
  Magnitudes out{static_cast<size_t>(spectra.frames), static_cast<size_t>(spectra.bins), {}};
  out.values.resize(out.frames * out.bins);
  for (size_t i = 0; i < out.values.size(); ++i) out.values[i] = std::hypot(spectra.re[i], spectra.im[i]);
  return out;
}

/// The first bin that may hold a voice: the one nearest to `high_pass`.
size_t first_bin(const RepeatingOptions& options, int rate) {
  const double bin = std::round(options.high_pass * options.n_fft / rate);
  return static_cast<size_t>(std::min<double>(bin, options.bins()));
}

/// Weights one channel's spectra bin by bin; each frame has one group, so groups may be taken at once.
class Mask {
 public:
  Mask(const Magnitudes& magnitudes, size_t first_bin, bool foreground, Spectra& spectra)
      : magnitudes_(magnitudes), first_bin_(first_bin), foreground_(foreground), spectra_(spectra) {}

  void apply(const Repetitions& groups, size_t group) {
    const std::vector<float> background = medians(groups[group]);
    for (size_t frame = group; frame < magnitudes_.frames; frame += groups.size()) {
      const auto magnitude = magnitudes_.rows(frame, 1);
      const size_t at = spectra_.at(static_cast<long>(frame));
      for (size_t bin = 0; bin < magnitudes_.bins; ++bin) {
        const bool all = bin < first_bin_ || background.empty() || magnitude[bin] <= background[bin];
        const float share = all ? 1.0f : background[bin] / magnitude[bin];
        const float weight = foreground_ ? 1 - share : share;
        spectra_.re[at + bin] *= weight;
        spectra_.im[at + bin] *= weight;
      }
    }
  }

 private:
  std::vector<float> medians(const std::vector<size_t>& frames) const {
    if (frames.empty()) return {};
    std::vector<float> out(magnitudes_.bins);
    std::vector<const float*> rows;
    for (const size_t frame : frames) rows.push_back(magnitudes_.rows(frame, 1).data());
    signal::best (&signal::row_medians)(rows.data(), static_cast<long>(rows.size()), static_cast<long>(out.size()),
                                        out.data());
    return out;
  }

  const Magnitudes& magnitudes_;
  size_t first_bin_;
  bool foreground_;
  Spectra& spectra_;
};

}  // namespace

Magnitudes mean_of_channels(std::span<const Magnitudes> channels, int power) {
  Magnitudes out = channels.front();
  const auto raised = [&](float value) { return power == 2 ? value * value : value; };
  for (size_t i = 0; i < out.values.size(); ++i) {
    float sum = 0;
    for (const Magnitudes& channel : channels) sum += raised(channel.values[i]);
    out.values[i] = sum / static_cast<float>(channels.size());
  }
  return out;
}

audio::Clip repeating_part(const audio::Clip& clip, const RepeatingOptions& options, const FindRepetitions& find,
                           const std::string& who) {
  check_separable(clip, options, who);
  if (options.high_pass > clip.rate / 2.0) {
    throw ArgumentError(who + ": 'high_pass' = " + show_number(options.high_pass) + " Hz must be at most " +
                        show_number(clip.rate / 2.0) + " Hz, half of the clip's rate");
  }
  std::vector<Spectra> spectra;
  std::vector<Magnitudes> magnitudes;
  for (int channel = 0; channel < clip.channels; ++channel) {
    check_interrupt();
    spectra.push_back(signal::stft(clip.channel(channel), options));
    magnitudes.push_back(magnitudes_of(spectra.back()));
  }
  const Repetitions groups = find(magnitudes);
  audio::Clip out{{}, clip.channels, clip.rate};
  for (size_t channel = 0; channel < spectra.size(); ++channel) {
    Mask mask(magnitudes[channel], first_bin(options, clip.rate), options.part == "foreground", spectra[channel]);
    parallel_for(std::min(groups.size(), magnitudes[channel].frames), [&](size_t group) { mask.apply(groups, group); });
    const auto sound = signal::istft(spectra[channel], options, static_cast<long>(clip.length()));
    out.samples.insert(out.samples.end(), sound.begin(), sound.end());
  }
  return out;
}

}  // namespace lumir::feature
