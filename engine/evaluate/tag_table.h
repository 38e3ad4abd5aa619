// What a tagger is worth for each tag, and what a regressor foretold: tables of results whose target is no class.

#pragma once

#include <string>
#include <vector>

#include "evaluate/results.h"

namespace lumir::evaluate {

/// A row for each tag. No thresholds stand for the usual ones.
std::vector<TagScores> tag_table(const metric::Answers& answers, const std::vector<std::string>& tags,
                                 const std::vector<double>& thresholds);

/// Heads, then a row for each tag; what is not told is a dash. At most 80 columns wide in a terminal.
std::vector<std::vector<std::string>> tag_rows(const ModelResult& model);
/// "no recording has 'harp', 'choir': left out of the means"; empty where each tag occurs.
std::string words_of_silent_tags(const Results& results);

/// Heads, then a row for each metric of each model: its score with limits, and on train where that is known.
std::vector<std::vector<std::string>> score_rows(const Results& results);

}  // namespace lumir::evaluate
