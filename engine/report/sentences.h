// Sentences for slides that the recipe has no words for: computed, so true of this run.

#pragma once

#include <string>
#include <vector>

#include "report/experiment.h"

namespace lumir::report {

/// "a, b and c".
std::string joined(const std::vector<std::string>& words);
/// The experiment in short: only what its parts show.
std::vector<std::string> summary_of(const Experiment& experiment);
/// Where the best model errs and what does not carry over.
std::vector<std::string> analysis_of(const evaluate::Results& results, const Experiment& experiment);
/// Limits of what the results say.
std::vector<std::string> discussion_of(const Experiment& experiment);

}  // namespace lumir::report
