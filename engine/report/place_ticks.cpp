// Where ticks of rows lie.

#include "report/place_ticks.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/value.h"

namespace lumir::report {
namespace {

bool evenly_spaced(const std::vector<double>& places) {
  const double step = places[1] - places[0];
  for (size_t i = 1; i + 1 < places.size(); ++i) {
    if (std::fabs(places[i + 1] - places[i] - step) > 1e-6 * std::fabs(step)) return false;
  }
  return true;
}

/// Those that tell most first: 0, decades, halves of them, fifths.
int rank_of(double number) {
  if (number == 0) return 0;
  const double lead = number / std::pow(10, std::floor(std::log10(number) + 1e-9));
  for (const auto& [factor, rank] : {std::pair{1.0, 1}, {5.0, 2}, {2.0, 3}}) {
    if (std::fabs(lead - factor) < 1e-6) return rank;
  }
  return 4;
}

/// What comes later gives way; the greatest of one rank first.
std::vector<double> wanted_numbers() {
  std::vector<double> wanted = {0};
  for (double power = 1e-3; power <= 1e5; power *= 10) {
    for (const double factor : {1.0, 2.0, 5.0}) wanted.push_back(factor * power);
  }
  std::stable_sort(wanted.begin(), wanted.end(),
                   [](double a, double b) { return rank_of(a) != rank_of(b) ? rank_of(a) < rank_of(b) : a > b; });
  return wanted;
}

/// Round numbers at one distance from each other, wherever their rows lie.
std::vector<Tick> even_ticks(const std::vector<double>& places, double height, const Look& look) {
  std::vector<Tick> ticks;
  const int most = std::max(2, static_cast<int>(height / (look.small * 3)));
  for (Tick tick : round_ticks(places.front(), places.back(), most)) {
    tick.value = row_at(places, tick.value).value_or(0);
    ticks.push_back(std::move(tick));
  }
  return ticks;
}

/// A number as it is written alone: 0.5, 20, 10000.
std::string number_text(double number) {
  const double size = std::fabs(number);
  return tick_text(
      number, size >= 10 || size == 0 || size == std::round(size) ? 1 : std::pow(10, std::floor(std::log10(size))));
}

}  // namespace

std::optional<double> row_at(const std::vector<double>& places, double value) {
  if (places.size() < 2) return std::nullopt;
  size_t i = 0;
  while (i + 2 < places.size() && places[i + 1] <= value) ++i;
  const double row = static_cast<double>(i) + 0.5 + (value - places[i]) / (places[i + 1] - places[i]);
  if (row < 0 || row > static_cast<double>(places.size())) return std::nullopt;
  return row;
}

std::pair<double, double> rows_between(const std::vector<double>& places, size_t rows,
                                       const std::pair<double, double>& limits, const std::string& unit) {
  const double all = static_cast<double>(rows);
  if (places.size() == 1) return {0, all};
  const auto row = [&](double value, double counted) {
    if (places.empty()) return std::clamp(counted, 0.0, all);
    return row_at(places, value).value_or(value < places.front() ? 0 : all);
  };
  const double low = row(limits.first, limits.first - 1), high = row(limits.second, limits.second);
  if (low < high) return {low, high};
  const double first = places.empty() ? 1 : places.front(), last = places.empty() ? all : places.back();
  const double step = places.empty() ? 1 : std::max((last - first) / 1000, 1e-9);
  throw ArgumentError("show: 'ylim' = { " + show_number(limits.first) + ", " + show_number(limits.second) +
                      " } lies beyond the rows (" + tick_text(first, step) + " to " + tick_text(last, step) +
                      (unit.empty() ? "" : " " + unit) + ")");
}

std::vector<Tick> place_ticks(const std::vector<double>& places, double height, const Look& look) {
  if (places.size() < 2) return {};
  if (evenly_spaced(places)) return even_ticks(places, height, look);
  std::vector<Tick> ticks;
  const double least = look.small * 1.5 / height * static_cast<double>(places.size());
  for (const double number : wanted_numbers()) {
    const auto row = row_at(places, number);
    if (!row) continue;
    const auto is_free = [&](const Tick& tick) { return std::fabs(tick.value - *row) >= least; };
    if (std::all_of(ticks.begin(), ticks.end(), is_free)) ticks.push_back({*row, number_text(number)});
  }
  constexpr size_t kFew = 3;  // of a narrow stretch, which 1, 2 and 5 tell nothing of
  if (ticks.size() < kFew) return even_ticks(places, height, look);
  std::sort(ticks.begin(), ticks.end(), [](const Tick& a, const Tick& b) { return a.value < b.value; });
  return ticks;
}

std::vector<Tick> name_ticks(const std::vector<std::string>& names) {
  std::vector<Tick> ticks;
  for (size_t i = 0; i < names.size(); ++i) ticks.push_back({static_cast<double>(i) + 0.5, names[i]});
  return ticks;
}

}  // namespace lumir::report
