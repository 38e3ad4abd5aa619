// feature.summary { 'mean', 'std' }: what each row does over time, as one named row of numbers.

#include <algorithm>

#include "core/spill.h"
#include "feature/frames_step.h"
#include "feature/statistics.h"

namespace lumir::feature {
namespace {

struct SummaryOptions {
  std::vector<std::string> statistics = {"mean", "std", "max", "min"};
  std::string over = "row";

  static Schema schema() {
    return {Option{"statistics", &SummaryOptions::statistics,
                   "in this order: mean, std, var, max, min, median, skew, kurtosis, quantiles (q25, q97.5)", kListed},
            Option{"over", &SummaryOptions::over, "each row over time, or all rows of a feature together",
                   Choices{"row", "feature"}}};
  }
  void check(const std::string& who) const {
    if (statistics.empty()) throw ArgumentError(who + ": needs at least one statistic");
    for (auto word = statistics.begin(); word != statistics.end(); ++word) {
      const Statistic known(*word, who);
      if (std::find(statistics.begin(), word, *word) == word) continue;
      throw ArgumentError(who + ": '" + *word + "' is named twice");
    }
  }
};

/// Rows (or features) in their order, each with its statistics; then what is one number for the clip already.
Description summary(const Frames& frames, const SummaryOptions& options) {
  for (const Part& part : frames.parts) {
    if (part.gives != Gives::times) continue;
    throw ArgumentError("summary: '" + part.name + "' gives times, which have no statistics; leave it out of the set");
  }
  std::vector<Statistic> statistics;
  for (const auto& word : options.statistics) statistics.emplace_back(word, "summary");
  Description description;
  const auto describe = [&](const std::string& name, std::span<const float> numbers) {
    const auto values = statistics_of(numbers, statistics);
    for (const auto& word : options.statistics) description.names.push_back(name + "_" + word);
    description.values.insert(description.values.end(), values.begin(), values.end());
    relieve_memory();
  };
  if (options.over == "row") {
    for (size_t i = 0; i < frames.rows; ++i) describe(frames.names[i], frames.row(i));
  } else {
    const std::span<const float> all(frames.values);
    for (const Part& part : frames.parts) {
      if (part.gives != Gives::rows) continue;
      describe(part.name, all.subspan(part.first * frames.frames, part.rows * frames.frames));
    }
  }
  description.names.insert(description.names.end(), frames.scalar_names.begin(), frames.scalar_names.end());
  description.values.insert(description.values.end(), frames.scalars.begin(), frames.scalars.end());
  return description;
}

const RegisterFramesStep summary_step{
    "summary",
    summary,
    {.summary = "Statistics of each row over time: a recording as one row of a table.",
     .returns = "rows * statistics named numbers (mfcc_03_mean), and one for each number of the whole clip (tempo); "
                "numbers that are all equal have a skew of 0 and a kurtosis of -3",
     .example = "feature.summary { 'mean', 'std', 'q25' }",
     .source = "numpy.mean, std, var, quantile; scipy.stats.skew, kurtosis (for equal numbers as before scipy 1.9)",
     .input = "frames"}};

}  // namespace
}  // namespace lumir::feature
