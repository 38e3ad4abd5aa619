// Reverb: the clip as it sounds in a room, by the room's impulse response.
//
// Where no response is given, one is made: noise that decays by 60 dB in the time given, the usual first model of a
// diffuse room (Moorer, About This Reverberation Business, 1979).

#include <algorithm>
#include <cmath>

#include "audio/decode.h"
#include "augment/convolution.h"
#include "augment/effect.h"

namespace lumir::augment {
namespace {

struct ReverbOptions {
  std::optional<std::string> response;
  double decay = 1;
  double mix = 0.3;
  int room = 1;

  std::vector<std::string> files() const {
    if (response) return {*response};
    return {};
  }

  static Schema schema() {
    return {
        Option{"response", &ReverbOptions::response, "a recording of the room's impulse response; 'none' makes one"},
        Option{"decay", &ReverbOptions::decay, "time in which a made response falls by 60 dB", Unit{"s"},
               Range{0.01, 30}},
        Option{"mix", &ReverbOptions::mix, "share of the room: 0 is the clip alone, 1 the room alone", Range{0, 1}},
        Option{"room", &ReverbOptions::room, "which made room: each number is another one", kNonNegative}};
  }
};

/// The response of a made room, one channel.
std::vector<double> made_response(const ReverbOptions& options, int rate) {
  Random random(static_cast<uint64_t>(options.room), "room");
  std::vector<double> response(std::max<size_t>(1, samples_of(options.decay, rate)));
  const double fall = -3 * std::log(10) / (options.decay * rate);
  for (size_t i = 0; i < response.size(); ++i) response[i] = random.normal() * std::exp(fall * static_cast<double>(i));
  return response;
}

/// From its loudest sample on: what lies before is the way from the source to the microphone.
std::vector<double> recorded_response(const std::string& path, int rate) {
  const Clip clip = audio::decode(path, {.rate = rate}).clip;
  const auto louder = [](float a, float b) { return std::fabs(a) < std::fabs(b); };
  const auto direct = std::max_element(clip.samples.begin(), clip.samples.end(), louder);
  if (direct == clip.samples.end() || *direct == 0) throw Error(path + ": silence is no impulse response");
  return {direct, clip.samples.end()};
}

/// Of energy 1, so that noise keeps its power.
void normalize_energy(std::vector<double>& response) {
  double energy = 0;
  for (const double value : response) energy += value * value;
  for (double& value : response) value /= std::sqrt(energy);
}

Clip reverb(const Clip& clip, const ReverbOptions& options) {
  auto response =
      options.response ? recorded_response(*options.response, clip.rate) : made_response(options, clip.rate);
  normalize_energy(response);
  return each_channel(clip, [&](std::span<const float> in) {
    const std::vector<double> wet = convolved(in, response);
    Floats out(in.size());
    for (size_t i = 0; i < in.size(); ++i) {
      out[i] = static_cast<float>((1 - options.mix) * in[i] + options.mix * wet[i]);
    }
    return out;
  });
}

const RegisterEffect<ReverbOptions> reverb_effect{
    "reverb",
    reverb,
    {.summary = "Puts a clip into a room, recorded or made; the clip keeps its length.",
     .options = "{ decay = 0.8, mix = 0.4 }",
     .varied = "{ decay = { 0.3, 2 }, mix = { 0.1, 0.5 }, room = { 1, 1000 } }",
     .source = "convolution with an impulse response; a made one is Moorer's decaying noise (Computer Music Journal, "
               "1979)"}};

}  // namespace
}  // namespace lumir::augment
