// The same number of frames for every clip: cut at the end, or padded there.

#include <algorithm>

#include "feature/frames_step.h"
#include "signal/padding.h"

namespace lumir::feature {
namespace {

struct FixFramesOptions {
  int frames = 1300;
  std::string pad_mode = "constant";
  std::variant<double, std::string> value = 0.0;

  static Schema schema() {
    return {Option{"frames", &FixFramesOptions::frames, "the new number; 30 s at 22,050 Hz have 1292", Unit{"frames"},
                   Range{1, 1 << 24}},
            Option{"pad_mode", &FixFramesOptions::pad_mode, "what stands behind the end",
                   Choices{"constant", "edge", "reflect", "symmetric", "wrap"}},
            Option{"value", &FixFramesOptions::value,
                   "the number that stands there, where pad_mode = 'constant'; 'min' is the least of all rows (silence "
                   "in dB)",
                   Choices{"min"}}};
  }
};

float padding_value(const Frames& frames, const FixFramesOptions& options) {
  if (const double* number = std::get_if<double>(&options.value)) return static_cast<float>(*number);
  return *std::min_element(frames.values.begin(), frames.values.end());
}

Frames fix_frames(Frames frames, const FixFramesOptions& options) {
  const size_t before = frames.frames, wanted = static_cast<size_t>(options.frames);
  const float value = padding_value(frames, options);
  FrameValues values;
  values.reserve(frames.rows * wanted);
  for (size_t i = 0; i < frames.rows; ++i) {
    const auto row = frames.row(i);
    values.insert(values.end(), row.begin(), row.begin() + static_cast<long>(std::min(before, wanted)));
    for (size_t t = before; t < wanted; ++t) {
      const long from = padded_index(static_cast<long>(t), static_cast<long>(before), options.pad_mode);
      values.push_back(from < 0 ? value : row[static_cast<size_t>(from)]);
    }
  }
  frames.values = std::move(values);
  frames.frames = wanted;
  return frames;
}

const RegisterFramesStep fix_frames_step{
    "fix_frames",
    fix_frames,
    {.summary = "Cuts frames off at the end, or pads there, until there are as many as said.",
     .returns = "[rows, options.frames]",
     .example = "feature.fix_frames(feature.mfcc(clip), { frames = 1300 })",
     .source = "librosa.util.fix_length along time",
     .input = "frames"}};

}  // namespace
}  // namespace lumir::feature
