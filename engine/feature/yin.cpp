// YIN: the pitch of each frame, from the shortest shift at which the sound is nearly the same as before.

#include "feature/extractor.h"
#include "feature/number_axes.h"
#include "feature/periods.h"

namespace lumir::feature {
namespace {

struct YinOptions : PeriodOptions {
  double trough_threshold = 0.1;

  Axes axes(int) const { return numbers_in("Hz"); }
  static Schema schema() {
    return extend(
        period_schema<YinOptions>(),
        Option{"trough_threshold", &YinOptions::trough_threshold,
               "differences below it count as the same sound; where there are none, the least does", kPositive});
  }
};

struct PitchRule {
  Periods periods;
  float rate;
  float threshold;

  PitchRule(const YinOptions& options, int clip_rate)
      : periods(options, clip_rate),
        rate(static_cast<float>(clip_rate)),
        threshold(static_cast<float>(options.trough_threshold)) {}
};

void yin(const PeriodFrames& differences, const PitchRule& rule, Rows out) {
  const int last = differences.rows() - 1;
  Lanes least = differences[0];
  Lanes least_period{}, trough_period{};
  IntLanes found{};
  Lanes before = differences[0], here = before;
  for (int i = 0; i <= last; ++i) {
    const Lanes after = i < last ? differences[i + 1] : here;
    const bool inside = i > 0 && i < last;
    const Lanes shift = inside ? parabola_shift(before, here, after) : Lanes{};
    const Lanes period = static_cast<float>(rule.periods.shortest + i) + shift;
    const IntLanes falls = i > 0 ? here < before : here < after;
    const IntLanes trough = inside ? falls & (here <= after) : falls;
    const IntLanes first = trough & (here < rule.threshold) & ~found;
    trough_period = first ? period : trough_period;
    found |= first;
    const IntLanes lower = i == 0 ? splat(-1) : here < least;
    least_period = lower ? period : least_period;
    least = lower ? here : least;
    before = here;
    here = after;
  }
  out[0] = rule.rate / (found ? trough_period : least_period);
}

LUMIR_FEATURE(yin, YinOptions,
              {
                  .summary = "Pitch of each frame; also where there is none, so look at how loud the frame is too.",
                  .returns = "[1, frames] in Hz",
                  .example = "feature.yin(clip, { fmin = 80, fmax = 800 })",
                  .source = "De Cheveigne and Kawahara, YIN, a fundamental frequency estimator (2002); librosa.yin",
                  .input = "clip",
              });

}  // namespace
}  // namespace lumir::feature
