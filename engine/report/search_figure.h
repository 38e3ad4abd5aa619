// Pictures of a search: its scores over the values of one option, or of two.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/estimator.h"
#include "report/figure.h"

namespace lumir::report {

/// The options that the settings differ in, in the order of the grid.
std::vector<std::string> varied_options(const model::Searched& searched);

struct MeanAndDeviation {
  double mean = 0, deviation = 0;
};

using Limits = std::optional<std::pair<double, double>>;

/// Over one option's values (`y` empty) a line with a band of one deviation, or a row of cells where they are words;
/// over two a map of cells. Where further options vary, the best that they reach. `learner` is what was searched. Limits
/// are in what the axes show; cells are counted from 1. `train` has for each setting what it is worth on the rows that
/// taught it, a second line; none: no such line.
std::shared_ptr<Figure> search_figure(const model::Searched& searched, const std::string& learner, const std::string& x,
                                      const std::string& y, const Limits& x_limits = {}, const Limits& y_limits = {},
                                      const std::vector<MeanAndDeviation>& train = {});

}  // namespace lumir::report
