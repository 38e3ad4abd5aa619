// See learning_curve.h.

#include "evaluate/learning_curve.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/error.h"
#include "core/interrupt.h"
#include "core/observer.h"
#include "core/random.h"
#include "core/readable.h"
#include "core/text.h"
#include "data/sample.h"
#include "metric/scorer.h"

namespace lumir::evaluate {
namespace {

/// Rows in the order in which they come to teach: groups in an order that is drawn, of one class
/// after the other in turn.
std::vector<int> in_turn(const data::Table& table, const std::vector<std::string>& groups, const std::vector<int>& rows,
                         Random random) {
  std::map<std::string, std::vector<int>> members;
  for (const int row : rows) {
    const auto i = static_cast<size_t>(row);
    members[groups.empty() ? data::with_digits(row, 9) : groups[i]].push_back(row);
  }
  std::map<int, std::vector<const std::vector<int>*>> of_class;
  for (const auto& [name, own] : members) {
    of_class[table.y.empty() ? 0 : table.y[static_cast<size_t>(own.front())]].push_back(&own);
  }
  std::vector<std::vector<int>> orders;
  size_t longest = 0;
  for (const auto& [label, list] : of_class) {
    orders.push_back(random.permutation(static_cast<int>(list.size())));
    longest = std::max(longest, list.size());
  }
  std::vector<int> order;
  for (size_t turn = 0; turn < longest; ++turn) {
    size_t c = 0;
    for (const auto& [label, list] : of_class) {
      // a class of fewer groups gives them as evenly as one of more
      const size_t before = turn * list.size() / longest, now = (turn + 1) * list.size() / longest;
      for (size_t i = before; i < now; ++i) {
        const auto& own = *list[static_cast<size_t>(orders[c][i])];
        order.insert(order.end(), own.begin(), own.end());
      }
      ++c;
    }
  }
  return order;
}

/// Beginnings of that order, whole groups of them.
std::vector<int> beginning(const std::vector<int>& order, double share) {
  const auto n = static_cast<size_t>(std::ceil(share * static_cast<double>(order.size()) - 1e-9));
  std::vector<int> rows(order.begin(), order.begin() + static_cast<ptrdiff_t>(std::max<size_t>(1, n)));
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace

Schema LearningCurveOptions::schema() {
  Schema schema{Option{"sizes", &LearningCurveOptions::sizes, "shares of the rows that teach", Range{above(0), 1}},
                Option{"scoring", &LearningCurveOptions::scoring,
                       "the metric: 'accuracy', 'f1_macro'; 'auto' is accuracy, of tags average_precision, of numbers "
                       "r2"}};
  for (auto& option : data::RoundOptions::schema()) schema.push_back(std::move(option));
  return schema;
}

LearningCurve learning_curve(const model::Estimator& model, const data::Table& table,
                             const LearningCurveOptions& options) {
  const std::string who = "learning_curve";
  if (options.sizes.empty()) throw ArgumentError(who + ": 'sizes' is empty");
  if (!table.has_labels()) throw ArgumentError(who + ": the table has no labels");
  const std::string scoring = options.scoring == "auto" ? metric::usual_metric(table.target) : options.scoring;
  metric::Scorer(scoring, who);
  data::Audit audit;
  const auto rounds = rounds_of(table, options, who, audit);
  const bool by_row = options.by == "id" || options.by == "row";
  const auto groups = by_row ? std::vector<std::string>{} : table.groups_by(options.by);
  const Trainee trainee = trainee_of(model, who);
  LearningCurve curve{trainee.title, scoring, {}};
  auto sizes = options.sizes;
  std::sort(sizes.begin(), sizes.end());
  observer().begin("learn", sizes.size() * rounds.size(), "fits");
  try {
    for (const double size : sizes) {
      CurvePoint point;
      std::vector<double> test, train;
      for (size_t r = 0; r < rounds.size(); ++r) {
        check_interrupt();
        const Random random(seed_or_global(options.seed), "learning curve " + std::to_string(r));
        const auto rows = beginning(in_turn(table, groups, rounds[r].train, random), size);
        const Round round = try_round(trainee, table.take(rows), table.take(rounds[r].valid), {scoring}, true, who);
        test.push_back(round.test.at(scoring));
        train.push_back(round.train.at(scoring));
        point.rows += static_cast<double>(rows.size()) / static_cast<double>(rounds.size());
        point.fit_seconds += round.fit_seconds / static_cast<double>(rounds.size());
        observer().advance(1);
      }
      point.test = metric::spread_of(test);
      point.train = metric::spread_of(train);
      curve.points.push_back(point);
    }
  } catch (...) {
    observer().end("");
    throw;
  }
  observer().end("");
  return curve;
}

std::string show(const LearningCurve& curve) {
  const auto with_spread = [](const MeanAndSpread& one) {
    return show_score(one.mean) + " (" + show_score(one.sd) + ")";
  };
  std::vector<std::vector<std::string>> rows{
      {"rows", metric::Scorer(curve.metric).title() + " (sd)", "on train (sd)", "fit s"}};
  for (const auto& point : curve.points) {
    rows.push_back({show_count(std::lround(point.rows)), with_spread(point.test), with_spread(point.train),
                    show_seconds(point.fit_seconds)});
  }
  std::string text = curve.model + "\n" + text_table(rows, {0, 1, 2, 3});
  text.pop_back();
  return text;
}

}  // namespace lumir::evaluate
