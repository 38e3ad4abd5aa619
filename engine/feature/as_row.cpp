// As row: a recording's frames side by side, for learners that look at frames.
//
// Columns stand frame after frame. Their names tell the row and the frame ("mfcc_01_at_0001"), so that a learner
// finds its frames again.

#include <algorithm>
#include <limits>

#include "feature/extractor.h"
#include "feature/frames_step.h"

namespace lumir::feature {
namespace {

struct AsRowOptions {
  int frames = 1000;

  static Schema schema() {
    return {
        Option{"frames", &AsRowOptions::frames,
               "of each recording: of longer ones evenly over the whole, behind the last of shorter ones stands NaN",
               Unit{"frames"}, Range{1, 1 << 20}}};
  }
};

Description as_row(const Frames& frames, const AsRowOptions& options) {
  const auto wanted = static_cast<size_t>(options.frames);
  const size_t taken = std::min(wanted, frames.frames);
  Description row;
  row.names.reserve(wanted * frames.rows);
  for (size_t t = 0; t < wanted; ++t) {
    const std::string at = numbered("_at", static_cast<int>(t), static_cast<int>(wanted));
    for (const auto& name : frames.names) row.names.push_back(name + at);
  }
  row.values.assign(row.names.size(), std::numeric_limits<double>::quiet_NaN());
  for (size_t t = 0; t < taken; ++t) {
    for (size_t i = 0; i < frames.rows; ++i) row.values[t * frames.rows + i] = frames.row(i)[t * frames.frames / taken];
  }
  return row;
}

const RegisterFramesStep as_row_step{
    "as_row",
    as_row,
    {.summary = "The frames of a recording side by side as one row of a table, for learn.IVector. Numbers of the whole "
                "clip and moments are left out.",
     .returns = "rows * options.frames named numbers (mfcc_03_at_0001), frame after frame",
     .example = "feature.as_row(feature.mfcc(clip), { frames = 500 })",
     .source = "Lumir's own",
     .input = "frames"}};

}  // namespace
}  // namespace lumir::feature
