// Numbers below full precision: zeros where sound is worked on, themselves everywhere else.

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <catch2/catch.hpp>

#include "audio/biquad.h"
#include "audio/decode.h"
#include "audio/resample.h"
#include "core/denormals.h"
#include "core/step.h"
#include "engine/audio/wav_bytes.h"

using namespace lumir;
using audio::Clip;

namespace {

/// Written and read where the compiler cannot see it.
float product(float a, float b) {
  volatile float x = a, y = b;
  return x * y;
}

float loudest(const Clip& clip) {
  float peak = 0;
  for (const float sample : clip.samples) peak = std::max(peak, std::fabs(sample));
  return peak;
}

Clip constant(float value, size_t length) { return {Floats(length, value), 1, 22050}; }

}  // namespace

TEST_CASE("numbers below full precision are zeros inside the scope only") {
  CHECK(product(1e-30f, 1e-10f) > 0);
  {
    const FlushDenormals flush;
    CHECK(product(1e-30f, 1e-10f) == 0);  // made
    CHECK(product(1e-40f, 1e10f) == 0);   // read
    const FlushDenormals again;
  }
  CHECK(product(1e-30f, 1e-10f) > 0);
  try {
    const FlushDenormals flush;
    throw std::runtime_error("left early");
  } catch (const std::runtime_error&) {
  }
  CHECK(product(1e-40f, 1) > 0);
}

TEST_CASE("decoding, resampling, filters and effects hear silence in samples below full precision") {
  const Clip tiny = constant(1e-40f, 4410);
  CHECK(loudest(audio::resample(tiny, {.rate = 16000})) == 0);
  CHECK(loudest(audio::resample(tiny, {.rate = 16000, .quality = "sinc_fastest"})) == 0);
  CHECK(loudest(audio::filtered(tiny, audio::butterworth_low_pass(1000, 4, 22050))) == 0);
  for (const char* effect : {"audio.reverb", "audio.speed", "audio.compress"}) {
    INFO(effect);
    const Map options = effect == std::string("audio.speed") ? Map{{"rate", 1.1}} : Map{};
    CHECK(loudest(std::any_cast<Clip>(make_step(effect, options)->apply(tiny))) == 0);
  }
  const tests::Folder folder;
  const std::string path = folder.file(
      "tiny.wav",
      tests::wav_bytes<float>({.format = 3, .bits = 32}, std::vector<float>(tiny.samples.begin(), tiny.samples.end())));
  CHECK(loudest(audio::decode(path).clip) == 0);
}
