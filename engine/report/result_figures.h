// The pictures that results give, and what slides of results share with them.

#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "evaluate/results.h"
#include "report/bar_figure.h"
#include "report/figure.h"

namespace lumir::report {

constexpr size_t kManyModels = 6;  // more than these have no confusion matrix each, but the best has one

/// The figures that results give, with names: comparison, confusion_<model>, classes. `of` tells them from those of
/// other results: "set 2".
std::vector<FigurePtr> figures_of(const evaluate::Results& results, const std::string& of = "");
/// A score as a bar, without a whisker where no interval is known.
Bar bar_of(const evaluate::Interval& score);
/// What guesses among the classes, each as often as any other, would reach; nothing where that is not known.
std::optional<double> chance_of(const std::string& name, const std::vector<evaluate::ClassScores>& classes);
/// Those of the metrics that any model has, in the order of tables.
std::vector<std::string> measured(const evaluate::Results& results, const std::vector<std::string>& metrics);
/// Whether a 95 % interval is known of any model's score.
bool has_intervals(const evaluate::Results& results);
/// A title that says where its numbers come from a made corpus.
std::string marked(const std::string& title, bool synthetic);
/// The name, with a number behind it where it is used already.
std::string unique(std::string name, std::set<std::string>& used);

}  // namespace lumir::report
