// See column_summary.h.

#include "data/column_summary.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "core/parallel.h"
#include "core/text.h"

namespace lumir::data {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// The number below which a share of the sorted numbers lies.
double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - static_cast<double>(below));
}

ColumnSummary summary_of(const std::string& name, std::vector<double> numbers) {
  ColumnSummary column;
  column.name = name;
  const size_t rows = numbers.size();
  std::erase_if(numbers, [](double number) { return std::isnan(number); });
  column.count = numbers.size();
  column.missing = rows - numbers.size();
  if (numbers.empty()) {
    column.mean = column.std = column.min = column.q25 = column.q50 = column.q75 = column.max = kNaN;
    return column;
  }
  const auto n = static_cast<double>(numbers.size());
  double sum = 0, squares = 0;
  for (const double number : numbers) sum += number;
  column.mean = sum / n;
  for (const double number : numbers) squares += (number - column.mean) * (number - column.mean);
  column.std = numbers.size() > 1 ? std::sqrt(squares / (n - 1)) : kNaN;
  std::sort(numbers.begin(), numbers.end());
  column.min = numbers.front();
  column.q25 = quantile(numbers, 0.25);
  column.q50 = quantile(numbers, 0.5);
  column.q75 = quantile(numbers, 0.75);
  column.max = numbers.back();
  return column;
}

/// Six digits, as much as a column of a table has room for.
std::string digits(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", number);
  return std::isnan(number) ? "-" : text;
}

}  // namespace

std::vector<ColumnSummary> describe_columns(const Table& table) {
  need_numbers(table, "describe");
  std::vector<ColumnSummary> columns(table.x->columns);
  parallel_for(columns.size(), [&](size_t j) {
    std::vector<double> numbers(table.rows());
    for (size_t row = 0; row < numbers.size(); ++row) numbers[row] = (*table.x)(row, j);
    columns[j] = summary_of(j < table.columns.size() ? table.columns[j] : std::to_string(j + 1), std::move(numbers));
  });
  return columns;
}

std::string show(const std::vector<ColumnSummary>& columns) {
  std::vector<std::vector<std::string>> rows{
      {"column", "count", "missing", "mean", "std", "min", "25%", "50%", "75%", "max"}};
  for (const auto& c : columns) {
    rows.push_back({cut(c.name, 32), std::to_string(c.count), std::to_string(c.missing), digits(c.mean), digits(c.std),
                    digits(c.min), digits(c.q25), digits(c.q50), digits(c.q75), digits(c.max)});
  }
  std::string text = text_table(rows, {1, 2, 3, 4, 5, 6, 7, 8, 9}, 2);
  text.pop_back();
  return text;
}

}  // namespace lumir::data
