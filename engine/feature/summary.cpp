// feature.summary { 'mean', 'std' }: what each row does over time, as one named row of numbers.

#include <algorithm>
#include <cmath>

#include "feature/frames.h"
#include "feature/statistics.h"
#include "core/step.h"

namespace lumir::feature {
namespace {

struct SummaryOptions {
  std::vector<std::string> statistics = {"mean", "std", "max", "min"};
  static Schema schema() {
    return {Option{"statistics", &SummaryOptions::statistics, "of each row over time, in this order",
                   Choices{"mean", "std", "max", "min", "median"}}};
  }
};

/// Rows in their order, each with its statistics; then what is one number for the clip already.
Description summary(const Frames& frames, const SummaryOptions& options) {
  if (options.statistics.empty()) throw ArgumentError("summary: needs at least one statistic");
  for (const Part& part : frames.parts) {
    if (part.gives != Gives::times) continue;
    throw ArgumentError("summary: '" + part.name + "' gives times, which have no statistics; leave it out of the set");
  }
  Description description;
  for (size_t i = 0; i < frames.rows; ++i) {
    const RowStatistics row = statistics_of(frames.row(i));
    for (const auto& statistic : options.statistics) {
      description.names.push_back(frames.names[i] + "_" + statistic);
      if (statistic == "mean") description.values.push_back(row.mean);
      if (statistic == "std") description.values.push_back(row.deviation);
      if (statistic == "max") description.values.push_back(row.greatest);
      if (statistic == "min") description.values.push_back(row.least);
      if (statistic == "median") description.values.push_back(median_of(frames.row(i)));
    }
  }
  description.names.insert(description.names.end(), frames.scalar_names.begin(), frames.scalar_names.end());
  description.values.insert(description.values.end(), frames.scalars.begin(), frames.scalars.end());
  return description;
}

const RegisterStep<SummaryOptions, Frames, Description> summary_step{
    "feature", "summary", summary, "frames",
    {.summary = "Statistics of each row over time: a recording as one row of a table.",
     .returns = "rows * statistics named numbers (mfcc_03_mean), and one for each number of the whole clip (tempo)",
     .example = "feature.summary { 'mean', 'std' }",
     .source = "Tzanetakis and Cook, Musical genre classification of audio signals (2002)",
     .arguments = "frames"}};

}  // namespace
}  // namespace lumir::feature
