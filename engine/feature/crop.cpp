// Crop: some of the frames, by their positions.

#include "feature/frames_step.h"

namespace lumir::feature {
namespace {

struct CropOptions {
  int first = 1;
  int last = -1;

  static Schema schema() {
    return {Option{"first", &CropOptions::first, "the first frame to keep, counted from 1; below 0 from the end"},
            Option{"last", &CropOptions::last, "the last one to keep; -1 is the clip's last"}};
  }
  void check(const std::string& who) const {
    if (first == 0) throw ArgumentError(who + ": 'first' = 0 is no position (they count from 1; -1 is the last)");
    if (last == 0) throw ArgumentError(who + ": 'last' = 0 is no position (they count from 1; -1 is the last)");
  }
};

/// A position as an index from 0.
long index_of(int position, const Frames& frames, const char* name) {
  const auto length = static_cast<long>(frames.frames);
  const long index = position > 0 ? position - 1 : length + position;
  if (index >= 0 && index < length) return index;
  throw ArgumentError("crop: '" + std::string(name) + "' = " + std::to_string(position) + " is beyond the " +
                      std::to_string(length) + " frames that there are");
}

Frames crop(Frames frames, const CropOptions& options) {
  const long first = index_of(options.first, frames, "first"), last = index_of(options.last, frames, "last");
  if (first > last) {
    throw ArgumentError("crop: 'first' = " + std::to_string(options.first) + " stands behind last = " +
                        std::to_string(options.last) + " of " + std::to_string(frames.frames) + " frames");
  }
  FrameValues values;
  for (size_t i = 0; i < frames.rows; ++i) {
    const auto row = frames.row(i);
    values.insert(values.end(), row.begin() + first, row.begin() + last + 1);
  }
  frames.values = std::move(values);
  frames.frames = static_cast<size_t>(last - first + 1);
  for (auto& part : frames.parts) {
    if (!part.axes) continue;
    auto later = std::make_shared<Axes>(*part.axes);
    later->start += static_cast<double>(first) * later->step();
    part.axes = later;
  }
  return frames;
}

const RegisterFramesStep crop_step{"crop",
                                   crop,
                                   {.summary = "The frames from `first` to `last`, both included.",
                                    .returns = "[rows, last - first + 1]",
                                    .example = "feature.crop(feature.mfcc(clip), { first = 11, last = -11 })",
                                    .source = "Lumir's own; positions as everywhere in Lua",
                                    .input = "frames"}};

}  // namespace
}  // namespace lumir::feature
