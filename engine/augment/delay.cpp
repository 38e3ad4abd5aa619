// Delay: echoes of the sound, each weaker than the one before.

#include "augment/effect.h"

namespace lumir::augment {
namespace {

struct DelayOptions {
  double seconds = 0.5;
  double feedback = 0;
  double mix = 0.5;

  static Schema schema() {
    return {
        Option{"seconds", &DelayOptions::seconds, "from an echo to the next", Unit{"s"}, Range{0, 60}},
        Option{"feedback", &DelayOptions::feedback, "size of an echo over that of the one before", Range{0, 0.999}},
        Option{"mix", &DelayOptions::mix, "share of the echoes: 0 is the clip alone, 1 only shifts it", Range{0, 1}}};
  }
};

Clip delay(const Clip& clip, const DelayOptions& options) {
  const size_t lag = samples_of(options.seconds, clip.rate);
  const double mix = options.mix;
  return each_channel(clip, [&](std::span<const float> in) {
    std::vector<double> line(in.begin(), in.end());  // what goes into the delay
    Floats out(in.size());
    for (size_t i = 0; i < in.size(); ++i) {
      const double echo = lag == 0 ? in[i] : i < lag ? 0 : line[i - lag];
      if (lag > 0) line[i] += options.feedback * echo;
      out[i] = static_cast<float>((1 - mix) * in[i] + mix * echo);
    }
    return out;
  });
}

const RegisterEffect<DelayOptions> delay_effect{
    "delay",
    delay,
    {.summary = "Adds echoes; the clip keeps its length.",
     .options = "{ seconds = 0.1, mix = 0.3 }",
     .varied = "{ seconds = { 0.05, 0.3 }, mix = { 0.1, 0.4 } }",
     .source = "Zölzer, DAFX: Digital Audio Effects (2011), ch. 2.6: a comb filter with feedback; pedalboard.Delay"}};

}  // namespace
}  // namespace lumir::augment
