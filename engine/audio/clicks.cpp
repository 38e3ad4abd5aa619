// Clicks: short decaying tones at given times, to hear beats and to test what finds them.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "audio/generator.h"

namespace lumir::audio {
namespace {

struct ClicksOptions : SignalOptions {
  std::vector<double> times;
  double tempo = 120;
  double click_frequency = 1000;
  double click_duration = 0.1;

  static Schema schema() {
    return extend(
        signal_schema<ClicksOptions>(),
        Option{"times", &ClicksOptions::times, "where clicks begin; none: one at each beat", Unit{"s"}, kNonNegative},
        Option{"tempo", &ClicksOptions::tempo, "beats where no times are given", Unit{"per minute"}, Range{1, 60000}},
        Option{"click_frequency", &ClicksOptions::click_frequency, "pitch of a click", Unit{"Hz"}, kPositive},
        Option{"click_duration", &ClicksOptions::click_duration, "length of a click", Unit{"s"}, kPositive});
  }
};

std::vector<double> click_times(const ClicksOptions& options) {
  if (!options.times.empty()) return options.times;
  std::vector<double> times;
  const double beat = 60 / options.tempo;
  for (size_t k = 0; static_cast<double>(k) * beat < options.seconds; ++k)
    times.push_back(static_cast<double>(k) * beat);
  return times;
}

/// One click, as much of it as the clip can hold: a sine that falls by 60 dB until its end.
std::vector<float> one_click(const ClicksOptions& options) {
  const double length = std::ceil(options.click_duration * options.rate);
  std::vector<float> click(static_cast<size_t>(std::fmin(length, static_cast<double>(options.length()))));
  const double last = std::fmax(1, length - 1);
  for (size_t i = 0; i < click.size(); ++i) {
    const double fall = std::exp2(-10 * static_cast<double>(i) / last);
    const double angle = 2 * std::numbers::pi * options.click_frequency * static_cast<double>(i) / options.rate;
    click[i] = static_cast<float>(fall * std::sin(angle));
  }
  return click;
}

Clip clicks(const ClicksOptions& options) {
  Clip out{Floats(options.length()), 1, options.rate};
  const std::vector<float> click = one_click(options);
  for (const double time : click_times(options)) {
    check_interrupt();
    const auto start = static_cast<size_t>(std::min(time * options.rate, static_cast<double>(out.samples.size())));
    const size_t count = std::min(click.size(), out.samples.size() - start);
    for (size_t i = 0; i < count; ++i) out.samples[start + i] += click[i];
  }
  return out;
}

const RegisterGenerator<ClicksOptions> clicks_entry{"clicks",
                                                    clicks,
                                                    {.summary = "Short decaying tones at the times or the tempo given.",
                                                     .returns = "a Clip of [1, samples]",
                                                     .example = "audio.clicks { tempo = 120, seconds = 4 }",
                                                     .source = "librosa.clicks"}};

}  // namespace
}  // namespace lumir::audio
