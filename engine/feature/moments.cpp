// Mean and variance of the samples of both sounds: one separation, whatever is asked of it.
//
// librosa 0.7, which made the GTZAN tables, took back no sound beyond the last whole hop and filled up with zeros; so
// the samples there count as 0.

#include "feature/moments.h"

#include <algorithm>

#include "signal/stft.h"

namespace lumir::feature {
namespace {

std::string settings_of(const HpssOptions& options) {
  return to_json(Value(write_options(&options, hpss_schema<HpssOptions>())));
}

/// Sums that a mean and a variance need.
struct Moments {
  size_t heard = 0;  // samples that count as they are; those behind count as 0
  size_t count = 0;
  double sum = 0, squares = 0;

  void add(std::span<const float> samples) {
    for (const float sample : samples.first(std::min(samples.size(), heard - std::min(heard, count)))) {
      sum += sample;
      squares += static_cast<double>(sample) * sample;
    }
    count += samples.size();
  }
  std::vector<double> mean_and_variance() const {
    const auto all = static_cast<double>(count);
    const double mean = sum / all;
    return {mean, squares / all - mean * mean};
  }
};

/// Separates the clip; its scalars are mean and variance of the harmonic sound, then of the percussive one.
class SeparationNode final : public Node {
 public:
  explicit SeparationNode(const HpssOptions& options)
      : Node("separation " + settings_of(options), options.framing(), 0, {}), options_(options) {
    finishes_ = true;
    blockwise_ = false;
  }
  void finish(Work& work) const override {
    const std::span<const float> samples(work.signal.samples(), static_cast<size_t>(work.signal.length()));
    const long frames = options_.framing().count(work.signal.length());
    const auto heard = static_cast<size_t>(signal::istft_length(frames, options_));
    Moments of_tones{.heard = heard}, of_clicks{.heard = heard};
    separate(samples, options_, {}, [&](std::span<const float> tones, std::span<const float> clicks) {
      of_tones.add(tones);
      of_clicks.add(clicks);
    });
    work.out.scalars = of_tones.mean_and_variance();
    const auto more = of_clicks.mean_and_variance();
    work.out.scalars.insert(work.out.scalars.end(), more.begin(), more.end());
  }

 private:
  HpssOptions options_;
};

/// Two of the numbers of a separation.
class MomentsNode final : public Node {
 public:
  MomentsNode(const std::string& name, const HpssOptions& options, int first)
      : Node(name + " " + settings_of(options), options.framing(), 0, {std::make_shared<SeparationNode>(options)}),
        first_(first) {
    finishes_ = true;
    blockwise_ = false;
  }
  void finish(Work& work) const override {
    const auto from = work.inputs[0]->scalars.begin() + first_;
    work.out.scalars.assign(from, from + 2);
  }

 private:
  int first_;
};

}  // namespace

NodePtr harmonic_moments(const HpssOptions& options) {
  return std::make_shared<MomentsNode>("harmonic moments", options, 0);
}
NodePtr percussive_moments(const HpssOptions& options) {
  return std::make_shared<MomentsNode>("percussive moments", options, 2);
}

}  // namespace lumir::feature
