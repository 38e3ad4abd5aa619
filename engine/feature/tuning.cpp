// Tuning from the peaks of all frames: the commonest distance from the scale among the stronger half of them.

#include "feature/tuning.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "feature/peaks.h"
#include "signal/kernel.h"

namespace lumir::feature {
namespace {

constexpr double kLowest = 150, kHighest = 4000;  // Hz, of the peaks that count
constexpr int kSteps = 100;                       // of the histogram, 0.01 bins each

float median(Floats numbers) {
  const auto middle = numbers.begin() + static_cast<long>(numbers.size() / 2);
  std::nth_element(numbers.begin(), middle, numbers.end());
  if (numbers.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(numbers.begin(), middle)) / 2;
}

/// The lower border of the fullest step of the histogram of deviations; 0 where there are no peaks.
double commonest_deviation(const Peaks& peaks, int bins_per_octave) {
  if (peaks.heights.empty()) return 0;
  const float least = median(peaks.heights);
  std::array<long, kSteps> counts{};
  for (size_t i = 0; i < peaks.heights.size(); ++i) {
    if (peaks.heights[i] < least || peaks.frequencies[i] <= 0) continue;
    const float octaves = std::log2(peaks.frequencies[i] / 27.5f);
    float deviation = static_cast<float>(bins_per_octave) * octaves;
    deviation -= std::floor(deviation);
    if (deviation >= 0.5f) deviation -= 1;
    const auto step = static_cast<long>(std::floor((static_cast<double>(deviation) + 0.5) * kSteps));
    ++counts[static_cast<size_t>(std::clamp(step, 0L, static_cast<long>(kSteps) - 1))];
  }
  const long fullest = std::max_element(counts.begin(), counts.end()) - counts.begin();
  return -0.5 + static_cast<double>(fullest) / kSteps;
}

class TuningNode final : public Node {
 public:
  TuningNode(const SpectrumOptions& options, double power, int bins_per_octave, int rate)
      : Node("tuning " + std::to_string(bins_per_octave), options.framing(), 0, {spectrum_node(options, power, rate)}),
        bins_per_octave_(bins_per_octave),
        find_(best(&find_peaks)),
        lanes_(best(&lanes_of_level)()) {
    key_ += " " + inputs_.front()->key();
    finishes_ = true;
    // librosa takes the length of the frame from the count of bins here, which differs by one where it is odd
    const double hertz_per_bin = static_cast<double>(rate) / (2 * (options.bins() - 1));
    hertz_per_row_ = static_cast<float>(hertz_per_bin);
    const double highest = std::min(kHighest, rate / 2.0);
    range_.first_bin = std::max(1, static_cast<int>(std::ceil(kLowest / hertz_per_bin)));
    range_.end_bin = std::min(options.bins() - 1, static_cast<int>(std::ceil(highest / hertz_per_bin)));
    range_.first_bin = std::min(range_.first_bin, range_.end_bin);
  }

  void begin(Work& work) const override { work.out.own = std::make_shared<Peaks>(); }
  void block(Work& work, long first_frame) const override {
    SpectrumBlock spectrum;
    static_cast<FrameBlock&>(spectrum) = work.inputs[0]->block(first_frame);
    spectrum.hertz_per_row = hertz_per_row_;
    const long frames = std::min<long>(lanes_, work.out.frames - first_frame);
    find_(spectrum, range_, static_cast<int>(frames), *peaks(work));
  }
  void finish(Work& work) const override { work.out.scalar = commonest_deviation(*peaks(work), bins_per_octave_); }

 private:
  static Peaks* peaks(const Work& work) { return std::any_cast<const std::shared_ptr<Peaks>&>(work.out.own).get(); }
  int bins_per_octave_;
  PeakRange range_;
  decltype(&find_peaks) find_;
  int lanes_;
};

}  // namespace

NodePtr tuning_node(const SpectrumOptions& options, double power, int bins_per_octave, int rate) {
  return std::make_shared<TuningNode>(options, power, bins_per_octave, rate);
}

}  // namespace lumir::feature
