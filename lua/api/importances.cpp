// Importances, coefficients and decision paths, each by the names of the columns.

#include "api/importances.h"

#include <algorithm>
#include <numeric>

#include "api/learn.h"
#include "bind/arguments.h"
#include "core/random.h"
#include "core/readable.h"
#include "core/text.h"
#include "learn/importances.h"

namespace lumir::lua {
namespace {

struct PermutationOptions {
  int n_repeats = 5;
  std::optional<int> seed;
  static Schema schema() {
    return {Option{"n_repeats", &PermutationOptions::n_repeats, "times that each column is shuffled", Range{1, 1e6}},
            Option{"seed", &PermutationOptions::seed, "of the shuffling; 'none' takes that of lumir.seed"}};
  }
};

/// The columns by what they are worth, the most important first; equal ones in their order.
std::vector<size_t> best_first(const std::vector<double>& worth) {
  std::vector<size_t> order(worth.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return worth[a] > worth[b]; });
  return order;
}

std::string column_name(const std::vector<std::string>& names, size_t column) {
  return column < names.size() ? names[column] : "column " + std::to_string(column + 1);
}

/// What print shows of such rows, which the user may have changed since: a table.
int show_rows(Call& call) {
  const Value rows = call.value(1);
  if (!rows.list()) throw ArgumentError(call.who() + ": wants rows { column, importance }, got " + show(rows));
  std::vector<std::vector<std::string>> text{{"column", "importance", ""}};
  for (const auto& row : *rows.list()) {
    const auto* name = row["column"].text();
    const auto *worth = row["importance"].number(), *spread = row["std"].number();
    if (!name || !worth) throw ArgumentError(call.who() + ": wants rows { column, importance }, got " + show(row));
    text.push_back({*name, show_score(*worth), spread ? show_score(*spread) : ""});
    if (spread) text.front().back() = "std";
  }
  std::string shown = text_table(text, {1, 2});
  shown.pop_back();
  return call.push(shown);
}

/// A list of rows that prints as a table.
int push_rows(Call& call, const List& rows) {
  call.push(Value(rows));
  lua_newtable(call.L);
  push_function(call.L, "importances", show_rows);
  lua_setfield(call.L, -2, "__tostring");
  lua_setmetatable(call.L, -2);
  return 1;
}

int permutation_importance(Call& call) {
  const data::Table given = described_at(call, 2, "table");
  const ModelPtr model = model_at(call, 1, &given);
  const auto options = call.options<PermutationOptions>(3);
  model::check_predictor(*model, call.who());
  model::check_columns(*model, given, call.who());
  data::need_numbers(given, call.who());
  if (given.y.empty()) throw ArgumentError(call.who() + ": needs one class a row, and the table has none");
  const data::Table table = given.with_classes(model->classes, call.who());
  const auto found = learn::permutation_importances(*model->estimator, table.x, table.y, options.n_repeats,
                                                    seed_or_global(options.seed));
  List rows;
  for (const size_t column : best_first(found.mean)) {
    rows.push_back(Map{{"column", column_name(table.columns, column)},
                       {"importance", found.mean[column]},
                       {"std", found.deviation[column]}});
  }
  return push_rows(call, rows);
}

const Module learn_module = Module("learn").function(
    "permutation_importance", permutation_importance,
    {.summary =
         "How much smaller the share of right answers gets where a column's numbers are shuffled among the rows: "
         "what any classifier leans on, however it was made.",
     .returns = "a list of { column, importance, std }, the most important first; importances are shares of the rows",
     .example = "learn.permutation_importance(model, table, { n_repeats = 2 })",
     .source = "scikit-learn's permutation_importance",
     .parameters = with_arguments({argument("model", "model", "a fitted classifier"),
                                   argument("data", "table", "a Table, a Dataset or { x = rows, y = labels }")},
                                  schema_of<PermutationOptions>())});

}  // namespace

int importances(Call& call) {
  const auto model = call.object<ModelPtr>(1);
  const auto options = call.options<ImportancesOptions>(2);
  const auto worth = learn::importances_of(*model->estimator, call.who());
  const auto names = learn::columns_seen(*model->estimator, model->columns);
  List rows;
  for (const size_t column : best_first(worth)) {
    if (options.top && rows.size() >= static_cast<size_t>(*options.top)) break;
    rows.push_back(Map{{"column", column_name(names, column)}, {"importance", worth[column]}});
  }
  return push_rows(call, rows);
}

int coefficients(Call& call) {
  const auto model = call.object<ModelPtr>(1);
  const auto names = learn::columns_seen(*model->estimator, model->columns);
  const auto borders = learn::coefficients_of(*model->estimator, call.who());
  Map by_class;
  for (size_t line = 0; line < borders.labels.size(); ++line) {
    Map weights;
    for (size_t j = 0; j < borders.coef.columns; ++j) weights[column_name(names, j)] = borders.coef(line, j);
    const auto label = static_cast<size_t>(borders.labels[line]);
    by_class[label < model->classes.size() ? model->classes[label] : "class " + std::to_string(label + 1)] = weights;
  }
  return call.push(Value(by_class));
}

int decision_path(Call& call) {
  const auto model = call.object<ModelPtr>(1);
  const data::Table table = described_at(call, 2, "table");
  model::check_columns(*model, table, call.who());
  data::need_numbers(table, call.who());
  const long row = call.is_nil(3) ? 1 : call.integer(3, "row", 1, static_cast<long>(table.x->rows));
  const std::vector<int> one = {static_cast<int>(row) - 1};
  const Matrix seen = model->estimator->seen((*table.x).take(one));
  const auto words =
      learn::decision_path(*model->estimator, seen.row(0), learn::columns_seen(*model->estimator, model->columns),
                           model->classes, call.who());
  return call.push(Value(List(words.begin(), words.end())));
}

}  // namespace lumir::lua
