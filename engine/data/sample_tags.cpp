// The sample for taggers: short made pieces, with tags for what plays, how fast and how bright.
//
//   clips/piece_003_1.wav    mono, 16 kHz
//   tags.csv                 path,piece,tags,tempo     "clips/piece_003_1.wav,piece_003,bells|drums|fast,142"
//
// Two clips of a piece share its tags and play other notes. Each tag is drawn by itself, so none can be told from another.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "audio/write.h"
#include "core/csv.h"
#include "core/random.h"
#include "data/sample.h"
#include "synth/filter.h"
#include "synth/instrument.h"

namespace lumir::data {
namespace {

constexpr int kVersion = 1;
constexpr int kClips = 2;  // of each piece
constexpr const char* kInstruments[] = {"bells", "drums", "organ", "strings"};

struct TagsSample : SampleOptions {
  TagsSample() { shortest = 3, longest = 3; }
  int pieces = 60;
  static Schema schema() {
    return extend(SampleOptions::schema(), Option{"pieces", &TagsSample::pieces, "of two clips each", Range{2, 1000}});
  }
};

/// What a piece is drawn to be.
struct Drawn {
  std::vector<std::string> tags;
  double tempo = 100;  // beats a minute
  bool bright = false;

  bool has(const char* tag) const { return std::find(tags.begin(), tags.end(), tag) != tags.end(); }
};

Drawn draw_piece(const std::string& name, uint64_t seed) {
  Random random(seed, name + " tags");
  Drawn piece;
  for (const char* instrument : kInstruments) {
    if (random.uniform() < 0.4) piece.tags.push_back(instrument);
  }
  if (piece.tags.empty()) piece.tags.push_back(kInstruments[random.below(4)]);
  piece.tempo = std::round(random.uniform(60, 180));
  piece.bright = random.uniform() < 0.5;
  if (piece.bright) piece.tags.push_back("bright");
  if (piece.tempo >= 130) piece.tags.push_back("fast");
  if (piece.tempo <= 90) piece.tags.push_back("slow");
  std::sort(piece.tags.begin(), piece.tags.end());
  return piece;
}

/// A note of an instrument that has a pitch.
void play_note(const std::string& instrument, std::span<float> out, double frequency, Random& random) {
  if (instrument == "strings") synth::pluck(out, frequency, 1, 0.6, random);
  if (instrument == "organ") synth::partials(out, frequency, 1, synth::kOrganRatios, synth::kOrganLevels, 0);
  if (instrument == "bells") synth::partials(out, 2 * frequency, 1, synth::kBellRatios, synth::kBellLevels, 0.6);
}

void play_drum(size_t beat, std::span<float> out, Random& random) {
  if (beat % 2 == 0) {
    synth::kick(out, 55, 1);
  } else {
    synth::snare(out, 190, 1, random);
  }
}

std::string bytes_of(const std::string& name, int clip, double seconds, uint64_t seed) {
  const Drawn piece = draw_piece(name, seed);
  const int scale[] = {48, 50, 53, 55, 57, 60, 62, 65};
  std::vector<float> mix(static_cast<size_t>(seconds * synth::kRate));
  const double beat = 60 / piece.tempo;
  for (const std::string instrument : kInstruments) {
    if (!piece.has(instrument.c_str())) continue;
    Random random(seed, name + " " + instrument + " " + std::to_string(clip));
    std::vector<float> part(mix.size());
    for (size_t i = 0; static_cast<double>(i) * beat < seconds; ++i) {
      const auto out = synth::place(part, static_cast<double>(i) * beat, instrument == "drums" ? 0.2 : 0.9 * beat);
      if (instrument == "drums") play_drum(i, out, random);
      play_note(instrument, out, synth::midi_to_hz(scale[random.below(8)]), random);
    }
    synth::add_part(mix, part, 0.05);
  }
  synth::OnePole dull(900);
  for (float& sample : mix) {
    const auto low = static_cast<float>(dull(sample));
    sample = piece.bright ? sample + 0.8F * (sample - low) : 0.3F * sample + 0.7F * low;
  }
  audio::Clip sound;
  sound.rate = synth::kRate;
  sound.samples.assign(mix.begin(), mix.end());
  audio::WriteOptions options;
  options.format = "wav";
  return audio::encode(sound, options);
}

SamplePlan plan_tags(const TagsSample& options) {
  const auto seed = static_cast<uint64_t>(options.seed);
  SamplePlan plan;
  plan.about = "Music made by Lumir for taggers: no person plays in these recordings.";
  plan.version = kVersion;
  std::string list = "path,piece,tags,tempo\n";
  for (int number = 1; number <= options.pieces; ++number) {
    const std::string name = "piece_" + with_digits(number, 3);
    const Drawn piece = draw_piece(name, seed);
    Random random(seed, name + " lengths");
    std::string tags;
    for (const auto& tag : piece.tags) tags += (tags.empty() ? "" : "|") + tag;
    for (int clip = 1; clip <= kClips; ++clip) {
      const std::string path = "clips/" + name + "_" + std::to_string(clip) + ".wav";
      const double seconds = random.uniform(options.shortest, options.longest);
      plan.files.push_back({path, seconds, [=] { return bytes_of(name, clip, seconds, seed); }});
      list += path + "," + name + "," + csv_field(tags) + "," + std::to_string(static_cast<int>(piece.tempo)) + "\n";
    }
  }
  add_text(plan, "tags.csv", list);
  return plan;
}

const RegisterSample<TagsSample> tags_sample{
    "tags",
    plan_tags,
    {.summary =
         "Made clips with tags: what plays (bells, drums, organ, strings), fast or slow, bright; and their tempo as "
         "a number.",
     .returns = "a Sample, for data.tagged",
     .example = "data.sample('tags', { pieces = 100 })",
     .source = "Lumir's own; strings follow Karplus and Strong, Digital Synthesis of Plucked-String and Drum Timbres "
               "(1983)"}};

}  // namespace
}  // namespace lumir::data
