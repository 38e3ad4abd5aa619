// lumir.learn.silhouette_score: how well groups of rows stand apart.

#include "learn/silhouette.h"

#include "api/learn.h"
#include "bind/arguments.h"

namespace lumir::lua {
namespace {

int silhouette_score(Call& call) {
  call.at_most(1);
  const data::Table table = described_at(call, 1, "table");
  data::need_numbers(table, call.who());
  if (table.y.empty()) throw ArgumentError(call.who() + ": the table has no labels");
  return call.push(learn::silhouette_score(call.who(), table.x, table.y));
}

const Module learn_module = Module("learn").function(
    "silhouette_score", silhouette_score,
    {.summary =
         "How well the groups that the labels name stand apart: how much farther a row is from the nearest other "
         "group than from its own, as a share of the larger; the mean of all rows.",
     .returns = "a number from -1 to 1",
     .example = "learn.silhouette_score(table)",
     .source = "Rousseeuw, Silhouettes (1987); scikit-learn's silhouette_score",
     .parameters = {argument("data", "table", "a Table, a Dataset or { x = rows, y = labels }")}});

}  // namespace
}  // namespace lumir::lua
