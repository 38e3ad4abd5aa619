// Excerpts: equally long pieces of a clip, one after the other.

#include <cmath>

#include "audio/clip.h"
#include "core/step.h"

namespace lumir::audio {
namespace {

const KindName<std::vector<Clip>> clips_word{"a list of clips"};

struct ExcerptsOptions {
  double seconds = 5;
  std::optional<double> hop;

  static Schema schema() {
    return {Option{"seconds", &ExcerptsOptions::seconds, "length of a piece", Unit{"s"}, kPositive},
            Option{"hop", &ExcerptsOptions::hop, "from start to start; 'none' is the length of a piece", Unit{"s"},
                   kPositive}};
  }
};

/// A rest that is shorter than a piece is left out; a clip that is shorter gives nothing.
std::vector<Clip> excerpts(const Clip& clip, const ExcerptsOptions& options) {
  const auto length = static_cast<size_t>(std::fmax(1, std::floor(options.seconds * clip.rate + 0.5)));
  const double hop = std::fmax(1, options.hop.value_or(options.seconds) * clip.rate);
  std::vector<Clip> pieces;
  for (size_t k = 0;; ++k) {
    const auto first = static_cast<size_t>(std::floor(static_cast<double>(k) * hop + 0.5));
    if (first + length > clip.length()) return pieces;
    Clip piece{{}, clip.channels, clip.rate};
    for (int c = 0; c < clip.channels; ++c) {
      const auto part = clip.channel(c).subspan(first, length);
      piece.samples.insert(piece.samples.end(), part.begin(), part.end());
    }
    pieces.push_back(std::move(piece));
  }
}

const RegisterStep<ExcerptsOptions, Clip, std::vector<Clip>> excerpts_step{
    "audio", "excerpts", excerpts, "a clip",
    {.summary = "Equally long pieces of a clip.",
     .returns = "a list of Clips of [channels, seconds * rate]",
     .example = "audio.excerpts(clip, { seconds = 0.5, hop = 0.25 })",
     .source = "Lumir's own",
     .arguments = "clip"}};

}  // namespace
}  // namespace lumir::audio
