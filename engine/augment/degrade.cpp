// Degrade: a clip as it comes out of a hall, a radio, a telephone or an old record player.
//
// The profiles are those of Mauch and Ewert, The Audio Degradation Toolbox and its Application to Robustness Evaluation
// (ISMIR 2013), with the parameters of the toolbox's files ISMIR2013Degradations/*.m: noise at 40 dB, threshold -40 dB,
// slope 0.6 and so on. Its times t are those in which 90 % of the way are gone: time constants of t / 2.2 here; its
// slope s is a ratio of 1 / (1 - s). Its recorded responses (a hall, two telephones, a record player of 1960) are not
// here: a made hall and pass-bands stand for them, and made crackle for its recording of dust.

#include "augment/effect.h"

namespace lumir::augment {
namespace {

struct DegradeOptions {
  std::string profile = "live";
  double probability = 1;
  std::optional<int> seed;

  static Schema schema() {
    return {Option{"profile", &DegradeOptions::profile, "what the clip went through",
                   Choices{"live", "radio", "smartphone", "smartphone_recording", "mp3", "vinyl"}},
            Option{"probability", &DegradeOptions::probability, "share of the clips that are changed; the others stay",
                   Range{0, 1}},
            seed_option<DegradeOptions>()};
  }
};

constexpr double kRise = 2.2;  // the toolbox's times over time constants

StepPtr pink_noise(double snr) { return make_step("augment.noise", {{"snr", snr}, {"color", "pink"}}); }
StepPtr full_scale() { return make_step("audio.normalize", {}); }
StepPtr compressor(double threshold, double slope, double averaging, double time) {
  return make_step("audio.compress", {{"threshold", threshold},
                                      {"ratio", 1 / (1 - slope)},
                                      {"averaging", averaging / kRise},
                                      {"attack", time / kRise},
                                      {"release", time / kRise},
                                      {"lookahead", time}});
}

/// The pass-band of a device; what lies beyond half the rate is not there anyway.
std::vector<StepPtr> device(double low, double high, int rate) {
  std::vector<StepPtr> steps;
  if (low < rate / 2.0) steps.push_back(make_step("audio.high_pass", {{"cutoff", low}, {"order", 4}}));
  if (high < rate / 2.0) steps.push_back(make_step("audio.low_pass", {{"cutoff", high}, {"order", 4}}));
  return steps;
}

std::vector<StepPtr> joined(std::vector<StepPtr> first, const std::vector<StepPtr>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

/// A great hall of 2 s, some noise.
std::vector<StepPtr> live() {
  const Map hall{{"decay", 2}, {"mix", 0.5}, {"room", List{1, 1000}}};
  return {make_step("augment.reverb", hall), pink_noise(40), full_scale()};
}

/// Compressed and played a little too fast.
std::vector<StepPtr> radio() {
  return {compressor(-40, 0.6, 0.3, 0.2), make_step("audio.speed", {{"rate", 1.02}}), full_scale()};
}

/// Played by a telephone, whose speaker has no bass: the toolbox names a cut-off of 400 to 600 Hz.
std::vector<StepPtr> smartphone(int rate) { return joined(device(500, 10000, rate), {pink_noise(40), full_scale()}); }

/// Recorded by a telephone in a room: the toolbox names a cut-off of 8 kHz.
std::vector<StepPtr> smartphone_recording(int rate) {
  const Map room{{"decay", 0.3}, {"mix", 0.2}, {"room", List{1, 1000}}};
  return joined(device(150, 8000, rate),
                {make_step("augment.reverb", room), compressor(-35, 0.5, 0.2, 0.01),
                 make_step("audio.clipping", {{"percent", 0.3}}), pink_noise(35), full_scale()});
}

std::vector<StepPtr> mp3() {
  return {make_step("audio.codec", {{"format", "mp3"}, {"bit_rate", 64000}}), full_scale()};
}

/// At 33 turns a minute.
std::vector<StepPtr> vinyl(int rate) {
  const Map wow{{"percent", 1.3}, {"frequency", 33 / 60.0}, {"phase", List{0, 1}}};
  return joined(device(80, 8000, rate), {make_step("augment.noise", {{"snr", 40}, {"color", "crackle"}}),
                                         make_step("augment.wow", wow), pink_noise(40), full_scale()});
}

std::vector<StepPtr> steps_of_profile(const std::string& profile, int rate) {
  if (profile == "radio") return radio();
  if (profile == "smartphone") return smartphone(rate);
  if (profile == "smartphone_recording") return smartphone_recording(rate);
  if (profile == "mp3") return mp3();
  return profile == "vinyl" ? vinyl(rate) : live();
}

class DegradeStep final : public RandomStep {
 public:
  DegradeStep(const Entry& entry, const DegradeOptions& options)
      : RandomStep(entry, write_options(options)), options_(options) {}

  /// At the rate of a compact disc; at others some have other options.
  std::vector<StepPtr> inner() const override { return steps_of_profile(options_.profile, 44100); }

 private:
  Clip work(const Clip& clip, const Context& context) const override {
    if (context.random().uniform() >= options_.probability) return clip;
    return change_by(steps_of_profile(options_.profile, clip.rate), clip, context, "degrade");
  }
  DegradeOptions options_;
};

const bool registered = [] {
  const Entry& entry = register_entry(
      "augment", "degrade",
      {.summary = "A clip as it comes out of a hall, a radio, a telephone, an mp3 or an old record player.",
       .returns = "a Clip of [channels, samples]; radio and vinyl change the number of samples a little",
       .example = "augment.degrade(clip, { profile = 'vinyl' })",
       .source = "Mauch and Ewert, The Audio Degradation Toolbox and its Application to Robustness Evaluation (ISMIR "
                 "2013), its six real-world profiles",
       .input = "clip"},
      schema_of<DegradeOptions>());
  register_step(entry, [&entry](const Map& given) -> StepPtr {
    return std::make_shared<DegradeStep>(entry, read_options<DegradeOptions>(given, entry.name));
  });
  return true;
}();

}  // namespace
}  // namespace lumir::augment
