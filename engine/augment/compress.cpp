// Dynamic range compression: what is loud becomes softer, as on the radio.

#include <algorithm>
#include <cmath>

#include "augment/effect.h"

namespace lumir::augment {
namespace {

struct CompressOptions {
  double threshold = -20;
  double ratio = 4;
  double attack = 0.01;
  double release = 0.1;
  double knee = 0;
  double averaging = 0;
  double lookahead = 0;
  double makeup = 0;

  static Schema schema() {
    return {
        Option{"threshold", &CompressOptions::threshold, "level above which sound is turned down", Unit{"dB"},
               Range{-120, 0}},
        Option{"ratio", &CompressOptions::ratio, "decibels above the threshold that become one", Range{1, 1000}},
        Option{"attack", &CompressOptions::attack, "time constant of turning down", Unit{"s"}, Range{0, 10}},
        Option{"release", &CompressOptions::release, "time constant of turning up again", Unit{"s"}, Range{0, 60}},
        Option{"knee", &CompressOptions::knee, "width of the bend around the threshold; 0 is an edge", Unit{"dB"},
               Range{0, 60}},
        Option{"averaging", &CompressOptions::averaging,
               "time constant of the mean square that is taken for the level; 0 takes each sample", Unit{"s"},
               Range{0, 10}},
        Option{"lookahead", &CompressOptions::lookahead, "how early it begins to turn down", Unit{"s"}, Range{0, 1}},
        Option{"makeup", &CompressOptions::makeup, "gain afterwards", Unit{"dB"}, Range{-60, 60}}};
  }
};

/// How much of the old value a step of one sample leaves.
double kept(double seconds, int rate) { return seconds > 0 ? std::exp(-1 / (seconds * rate)) : 0; }

/// Decibels by which a level is turned down: the gain computer with a soft knee, eq. 4 of the source.
double reduction(double level, const CompressOptions& options) {
  const double over = level - options.threshold;
  const double slope = 1 - 1 / options.ratio;
  if (2 * over <= -options.knee) return 0;
  if (2 * over >= options.knee) return slope * over;
  const double bent = over + options.knee / 2;
  return slope * bent * bent / (2 * options.knee);
}

/// The gain of each sample: of the loudest channel, so that the balance between channels stays.
std::vector<double> gains(const Clip& clip, const CompressOptions& options) {
  constexpr double kFloor = 1e-12;  // -120 dB
  const double average = kept(options.averaging, clip.rate);
  const double attack = kept(options.attack, clip.rate), release = kept(options.release, clip.rate);
  std::vector<double> gain(clip.length());
  double power = 0, down = 0;
  for (size_t i = 0; i < gain.size(); ++i) {
    double loudest = 0;
    for (int c = 0; c < clip.channels; ++c) loudest = std::max(loudest, std::fabs(double{clip.channel(c)[i]}));
    power = average * power + (1 - average) * loudest * loudest;
    const double wanted = reduction(10 * std::log10(std::max(kFloor, power)), options);
    const double keep = wanted > down ? attack : release;
    down = keep * down + (1 - keep) * wanted;
    gain[i] = std::pow(10, (options.makeup - down) / 20);
  }
  return gain;
}

Clip compress(const Clip& clip, const CompressOptions& options) {
  const std::vector<double> gain = gains(clip, options);
  const size_t ahead = samples_of(options.lookahead, clip.rate);
  return each_channel(clip, [&](std::span<const float> in) {
    Floats out(in.size());
    for (size_t i = 0; i < in.size(); ++i) {
      out[i] = static_cast<float>(in[i] * gain[std::min(i + ahead, in.size() - 1)]);
    }
    return out;
  });
}

const RegisterEffect<CompressOptions> compress_effect{
    "compress",
    compress,
    {.summary = "Turns loud passages down (dynamic range compression).",
     .options = "{ threshold = -30, ratio = 4 }",
     .varied = "{ threshold = { -40, -20 }, ratio = { 2, 8 } }",
     .source = "Giannoulis, Massberg and Reiss, Digital Dynamic Range Compressor Design (JAES 2012): feed-forward, "
               "smooth branching peak detector in the log domain"}};

}  // namespace
}  // namespace lumir::augment
