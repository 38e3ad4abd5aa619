// Crop: a piece of known length from a random place.

#include "augment/effect.h"

namespace lumir::augment {
namespace {

struct CropOptions {
  double seconds = 5;

  static Schema schema() {
    return {Option{"seconds", &CropOptions::seconds, "length of the piece", Unit{"s"}, kPositive}};
  }
};

/// A clip that is not longer than the piece stays as it is: audio.fix_length fills it up.
Clip crop(const Clip& clip, const CropOptions& options, Random& random) {
  const size_t length = samples_of(options.seconds, clip.rate);
  if (length >= clip.length()) return clip;
  const size_t first = random.below(static_cast<uint32_t>(clip.length() - length) + 1);
  return each_channel(clip, [&](std::span<const float> channel) {
    const auto piece = channel.subspan(first, length);
    return Floats(piece.begin(), piece.end());
  });
}

const RegisterEffect<CropOptions> crop_effect{
    "crop",
    crop,
    {.summary = "Cuts a piece out, at a random place; a shorter clip stays whole.",
     .options = "",
     .varied = "{ seconds = 0.5 }",
     .source = "Lumir's own",
     .returns = "a Clip of [channels, seconds * rate]"}};

}  // namespace
}  // namespace lumir::augment
