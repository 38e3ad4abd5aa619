// Score sheets: what is handed over of tags and numbers, where a submission of classes has three names.
//
// csv: a head, then a row for each recording, IDs ascending: `id,tags,drums,slow` and `17,drums|slow,0.9,0.6`, or
// `id,tempo` and `17,142.5`. json: {"17": {"tags": ["drums", "slow"], "scores": {"drums": 0.9, "slow": 0.6}}}, or
// {"17": {"tempo": 142.5}}.

#pragma once

#include <string>

#include "evaluate/submission.h"

namespace lumir::evaluate {

/// `answers` has a row for each of `ids`. Throws ArgumentError where two ids are the same number.
std::string score_sheet(const model::Model& model, const std::vector<std::string>& ids,
                        const model::Predictions& answers, Format format);

}  // namespace lumir::evaluate
