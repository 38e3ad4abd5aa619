// See join.h.

#include "data/join.h"

#include <limits>
#include <set>
#include <unordered_map>

#include "core/error.h"
#include "core/observer.h"
#include "data/table_rows.h"
#include "data/words.h"

namespace lumir::data {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::unordered_map<std::string, int> rows_by_id(const Table& table) {
  std::unordered_map<std::string, int> rows;
  for (size_t row = 0; row < table.rows(); ++row) {
    if (rows.emplace(table.ids[row], static_cast<int>(row)).second) continue;
    throw ArgumentError("join: the id '" + table.ids[row] + "' stands twice in the other table");
  }
  return rows;
}

std::vector<std::string> columns_of_both(const Table& left, const Table& right, const std::string& prefix) {
  std::vector<std::string> columns = left.columns;
  std::set<std::string> taken(columns.begin(), columns.end());
  for (const auto& column : right.columns) {
    columns.push_back(prefix + column);
    if (taken.insert(columns.back()).second) continue;
    throw ArgumentError("join: both tables have a column '" + columns.back() +
                        "' (prefix = 'other_' renames those of the other)");
  }
  return columns;
}

void check(const Table& table) {
  need_numbers(table, "join");
  if (table.ids.empty()) throw ArgumentError("join: a table has no ids (data.csv takes id = 'COLUMN')");
}

}  // namespace

Schema JoinOptions::schema() {
  return {Option{"how", &JoinOptions::how, "what becomes of rows that the other table lacks: left out, or NaN there",
                 Choices{"inner", "left"}},
          Option{"prefix", &JoinOptions::prefix, "stands before the names of the other table's columns"}};
}

Table join(const Table& left, const Table& right, const JoinOptions& options) {
  check(left);
  check(right);
  const auto columns = columns_of_both(left, right, options.prefix);
  const auto row_of = rows_by_id(right);
  std::vector<int> rows, partners;
  size_t alone = 0;
  for (size_t row = 0; row < left.rows(); ++row) {
    const auto found = row_of.find(left.ids[row]);
    alone += found == row_of.end();
    if (found == row_of.end() && options.how == "inner") continue;
    rows.push_back(static_cast<int>(row));
    partners.push_back(found == row_of.end() ? -1 : found->second);
  }
  if (alone == left.rows()) {
    throw ArgumentError("join: no row has an id of the other table ('" + left.ids[0] + "' here, '" + right.ids[0] +
                        "' there)");
  }
  if (alone > 0) {
    observer().warn("join: " + count_of(alone, "rows") + " of " + std::to_string(left.rows()) +
                    " have no partner in the other table; " +
                    (options.how == "inner" ? "left out" : "they have NaN there"));
  }
  Matrix numbers(rows.size(), columns.size(), kNaN);
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto mine = left.x->row(static_cast<size_t>(rows[i]));
    const auto to = std::copy(mine.begin(), mine.end(), numbers.row(i).begin());
    if (partners[i] < 0) continue;
    const auto other = right.x->row(static_cast<size_t>(partners[i]));
    std::copy(other.begin(), other.end(), to);
  }
  Table joined = keep_rows(left, rows, "join");
  joined.x = std::move(numbers);
  joined.columns = columns;
  joined.chain = nullptr;
  return joined;
}

}  // namespace lumir::data
