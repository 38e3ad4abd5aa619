// What a model is worth on recordings of one kind and of another: sung by women and by men, by low and by high voices.

#pragma once

#include <vector>

#include "data/dataset.h"
#include "evaluate/results.h"
#include "report/figure.h"

namespace lumir::report {

/// The share of recordings that the best model has right, by each column of the recordings that says who sings (sex,
/// voice) and tells some of those that were judged apart; with their number, a 95 % interval of each share as a
/// whisker, as scores have it, and the share of all as a line.
std::vector<FigurePtr> group_figures(const evaluate::Results& results, const data::Dataset& recordings);

}  // namespace lumir::report
