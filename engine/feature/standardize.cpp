// Standardize: a mean of 0 and a deviation of 1, over the whole clip or row by row.

#include "feature/frames_step.h"
#include "feature/statistics.h"

namespace lumir::feature {
namespace {

struct StandardizeOptions {
  std::string by = "all";
  static Schema schema() {
    return {Option{"by", &StandardizeOptions::by, "one mean and deviation for all rows, or one for each row",
                   Choices{"all", "row"}}};
  }
};

void standardize_numbers(std::span<float> values) {
  const RowStatistics statistics = statistics_of(values);
  // numbers that are all the same have no deviation to divide by: they become 0
  const double scale = statistics.deviation > 0 ? 1 / statistics.deviation : 0;
  for (float& value : values) value = static_cast<float>((value - statistics.mean) * scale);
}

Frames standardize(Frames frames, const StandardizeOptions& options) {
  if (options.by == "all") {
    standardize_numbers(frames.values);
  } else {
    for (size_t row = 0; row < frames.rows; ++row) standardize_numbers(frames.row(row));
  }
  frames.become("deviations from the mean");
  return frames;
}

const RegisterFramesStep standardize_step{
    "standardize",
    standardize,
    {.summary = "Moves and scales numbers to a mean of 0 and a deviation of 1; equal numbers become 0.",
     .returns = "[rows, frames]",
     .example = "feature.standardize(feature.mfcc(clip), { by = 'row' })",
     .source = "scipy.stats.zscore; sklearn.preprocessing.StandardScaler for constant rows",
     .input = "frames"}};

}  // namespace
}  // namespace lumir::feature
