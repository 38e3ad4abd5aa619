// Onsets: the moments where notes begin, at the peaks of onset strength.

#include <algorithm>
#include <cmath>

#include "feature/extractor.h"
#include "feature/onset_strength.h"
#include "feature/peak_pick.h"

namespace lumir::feature {
namespace {

struct OnsetDetectOptions : OnsetStrengthOptions {
  bool backtrack = false;
  bool normalize = true;
  std::optional<int> pre_max, post_max, pre_avg, post_avg, wait;
  double delta = 0.07;
  std::string method = "greedy";

  static Schema schema() {
    using S = OnsetDetectOptions;
    return extend(
        with_aggregate<S>(),
        Option{"backtrack", &S::backtrack, "move each onset back to where the strength began to rise"},
        Option{"normalize", &S::normalize, "let the strength go from 0 to 1 first"},
        Option{"pre_max", &S::pre_max, "frames before, among which an onset is the greatest; 'none' is 30 ms",
               kNonNegative},
        Option{"post_max", &S::post_max, "the same from it on; 'none' is 1", Range{1}},
        Option{"pre_avg", &S::pre_avg, "frames before, whose mean an onset exceeds; 'none' is 100 ms", kNonNegative},
        Option{"post_avg", &S::post_avg, "the same from it on; 'none' is 100 ms and 1", Range{1}},
        Option{"wait", &S::wait, "frames behind an onset without another; 'none' is 30 ms", kNonNegative},
        Option{"delta", &S::delta, "by how much an onset exceeds that mean", kNonNegative},
        Option{"method", &S::method, "take peaks from the first on, or the most or the highest that keep 'wait'",
               Choices{"greedy", "dp_count", "dp_value"}});
  }
};

/// What does not depend on the clip. librosa's defaults come from a large search.
struct Picking {
  PeakPicking peaks;
  bool backtrack;
  bool normalize;
  double seconds_per_frame;

  Picking(const OnsetDetectOptions& options, int rate)
      : backtrack(options.backtrack),
        normalize(options.normalize),
        seconds_per_frame(static_cast<double>(options.hop()) / rate) {
    const auto frames = [&](double seconds) { return static_cast<int>(std::floor(seconds * rate / options.hop())); };
    peaks.pre_max = options.pre_max.value_or(frames(0.03));
    peaks.post_max = options.post_max.value_or(1);
    peaks.pre_avg = options.pre_avg.value_or(frames(0.10));
    peaks.post_avg = options.post_avg.value_or(frames(0.10) + 1);
    peaks.wait = options.wait.value_or(frames(0.03));
    peaks.delta = options.delta;
    peaks.method = options.method;
  }
};

/// From 0 to 1.
void normalize_range(std::vector<float>& envelope) {
  const float least = *std::min_element(envelope.begin(), envelope.end());
  for (float& value : envelope) value -= least;
  const float greatest = *std::max_element(envelope.begin(), envelope.end()) + std::numeric_limits<float>::min();
  for (float& value : envelope) value /= greatest;
}

/// Each onset at the last minimum before it, or at the first frame.
void move_back(std::vector<int>& onsets, std::span<const float> envelope) {
  for (int& onset : onsets) {
    while (onset > 0) {
      const auto i = static_cast<size_t>(onset);
      const bool minimum = i + 1 < envelope.size() && envelope[i] <= envelope[i - 1] && envelope[i] < envelope[i + 1];
      if (minimum) break;
      --onset;
    }
  }
}

Times onset_detect(const OnsetEnvelope& strength, const Picking& picking) {
  std::vector<float> envelope(strength.row(0).begin(), strength.row(0).end());
  if (picking.normalize) normalize_range(envelope);
  if (std::all_of(envelope.begin(), envelope.end(), [](float value) { return value == 0; })) return {};
  std::vector<int> onsets = pick_peaks(envelope, picking.peaks);
  if (picking.backtrack) move_back(onsets, envelope);
  Times times;
  for (const int onset : onsets) times.seconds.push_back(onset * picking.seconds_per_frame);
  return times;
}

LUMIR_FEATURE(
    onset_detect, OnsetDetectOptions,
    {
        .summary = "When notes begin: the peaks of onset strength.",
        .returns = "[onsets] in seconds, ascending",
        .example = "feature.onset_detect(clip, { backtrack = true })",
        .source = "Boeck, Krebs and Schedl, Evaluating the online capabilities of onset detection methods (2012); "
                  "librosa.onset.onset_detect",
        .input = "clip",
    });

}  // namespace
}  // namespace lumir::feature
