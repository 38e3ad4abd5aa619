// lumir.report: searches as pictures.

#include <algorithm>

#include "api/figures.h"
#include "api/results.h"
#include "core/names.h"
#include "learn/search.h"
#include "report/search_figure.h"

namespace lumir::lua {
namespace {

struct SearchShow : LimitOptions {
  std::string x, y;
  static Schema schema() {
    return limited<SearchShow>(
        {Option{"x", &SearchShow::x, "the option across; '' for the first that the settings differ in"},
         Option{"y", &SearchShow::y, "the option upwards; '' for the second, 'none' for a line over x alone"}});
  }
};

void check_varied(const std::string& who, const char* option, const std::string& name,
                  const std::vector<std::string>& varied) {
  if (std::find(varied.begin(), varied.end(), name) != varied.end()) return;
  throw ArgumentError(who + ": '" + option + "' = '" + name + "' is no option that the settings differ in" +
                      known_names(name, varied));
}

/// On the rows that taught, by 'return_train_score'; else empty.
std::vector<report::MeanAndDeviation> train_scores(const model::Estimator& estimator) {
  std::vector<report::MeanAndDeviation> scores;
  for (const auto& worth : dynamic_cast<const learn::Search&>(estimator).train_worth()) {
    scores.push_back({worth.mean, worth.sd});
  }
  return scores;
}

int search(Call& call) {
  const auto model = call.object<ModelPtr>(1, "search");
  const model::Searched* searched = model->estimator->searched();
  if (!searched) {
    throw ArgumentError(call.who() + ": wants a search that is fitted, got " + model->estimator->title());
  }
  auto options = call.options<SearchShow>(2);
  const std::vector<std::string> varied = report::varied_options(*searched);
  if (varied.empty()) throw ArgumentError(call.who() + ": the search has tried one setting only");
  if (options.x.empty()) options.x = varied[0] == options.y && varied.size() > 1 ? varied[1] : varied[0];
  check_varied(call.who(), "x", options.x, varied);
  if (options.y.empty()) {
    const auto other = std::find_if(varied.begin(), varied.end(), [&](const auto& name) { return name != options.x; });
    options.y = other == varied.end() ? "none" : *other;
  }
  if (options.y == "none") options.y = "";
  if (!options.y.empty()) check_varied(call.who(), "y", options.y, varied);
  const auto figure =
      report::search_figure(*searched, short_name(*model->estimator), options.x, options.y, limits_at(options.xlim),
                            limits_at(options.ylim), train_scores(*model->estimator));
  if (options.title.empty()) options.title = figure->title;
  if (options.caption.empty()) options.caption = figure->caption;
  return call.push(named(figure, "search", options));
}

const Module search_module = Module("report").function(
    "search", search,
    {.summary = "The scores of a search over one of its options, with a band of one deviation of the folds, or over "
                "two as a map; where more options vary, the best that they reach. A setting that could not be fitted "
                "leaves a gap. A search with return_train_score has a second line: the score on the rows "
                "that taught.",
     .returns = "a Figure",
     .example =
         "report.search(learn.GridSearch(learn.KNeighbors(), { n_neighbors = { 1, 2 } }, { folds = 2 }):fit(table))",
     .source = "scikit-learn's ValidationCurveDisplay",
     .parameters = with_arguments({{"search", "Estimator", "a fitted search"}}, schema_of<SearchShow>())});

}  // namespace
}  // namespace lumir::lua
