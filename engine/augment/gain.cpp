// Gain: louder or softer by so many decibels.

#include <cmath>

#include "audio/arithmetic.h"
#include "augment/effect.h"

namespace lumir::augment {
namespace {

struct GainOptions {
  double db = 0;

  static Schema schema() { return {Option{"db", &GainOptions::db, "above 0 is louder", Unit{"dB"}, Range{-200, 200}}}; }
};

Clip gain(const Clip& clip, const GainOptions& options) { return audio::scale(clip, std::pow(10, options.db / 20)); }

const RegisterEffect<GainOptions> gain_effect{"gain",
                                              gain,
                                              {.summary = "Makes a clip louder or softer.",
                                               .options = "{ db = -6 }",
                                               .varied = "{ db = { -12, 6 } }",
                                               .source = "20 log10 of the ratio of amplitudes"}};

}  // namespace
}  // namespace lumir::augment
