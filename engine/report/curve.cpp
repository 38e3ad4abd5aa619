// Rows of a training, their line, their figures and their state.

#include "report/curve.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <set>

#include "core/error.h"
#include "core/text.h"
#include "report/panels_figure.h"

namespace lumir::report {
namespace {

bool is_loss(const std::string& name) { return name.find("loss") != std::string::npos; }
bool is_share(const std::string& name) {
  return name.find("accuracy") != std::string::npos || name.find("f1") != std::string::npos;
}

/// As wide for every epoch, so that lines stand under each other: "  9", "0.512", "2.300", "0.0001".
std::string number_text(const std::string& name, double number) {
  if (std::isnan(number)) return "nan";
  char text[40];
  if (name == "epoch") {
    std::snprintf(text, sizeof text, "%3.0f", number);
  } else if (is_share(name)) {
    std::snprintf(text, sizeof text, "%.3f", number);
  } else if (is_loss(name) && std::abs(number) >= 0.01 && std::abs(number) < 1000) {
    std::snprintf(text, sizeof text, "%.3f", number);
  } else {
    std::snprintf(text, sizeof text, "%.4g", number);
  }
  return text;
}

/// What a figure calls a column: "lr" is the learning rate.
std::string column_title(const std::string& name) {
  if (name == "lr") return "Learning rate";
  std::string title = name;
  std::replace(title.begin(), title.end(), '_', ' ');
  if (!title.empty()) title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
  return title;
}

std::string uncapitalised(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

/// What else was noted, in one picture.
FigurePtr side_by_side(const std::vector<FigurePtr>& figures) {
  auto panels = std::make_shared<PanelsFigure>(figures);
  panels->name = "curve_others";
  for (const auto& figure : figures) {
    const bool last = figure == figures.back();
    const std::string what = figure->title.substr(0, figure->title.rfind(" by epoch"));
    if (panels->title.empty()) {
      panels->title = what;
    } else {
      panels->title += (last ? " and " : ", ") + uncapitalised(what);
    }
  }
  panels->title += " by epoch";
  return panels;
}

/// A line that never moves says nothing that its setting does not.
bool is_constant(const std::vector<double>& numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [&](double number) { return number == numbers.front(); });
}

void check_numbers(const Map& numbers, const std::string& who) {
  for (const auto& [name, value] : numbers) {
    if (!value.number()) throw ArgumentError(who + ": '" + name + "' must be a number, got " + show(value));
  }
}

}  // namespace

void Curve::add(const Map& row) {
  check_numbers(row, "add");
  rows_.push_back(row);
  if (!row.contains("epoch")) rows_.back()["epoch"] = static_cast<double>(rows_.size());
  write_events(row, "", static_cast<int64_t>(*rows_.back().at("epoch").number()));
}

void Curve::add_step(const Map& numbers) {
  check_numbers(numbers, "step");
  if (watches_steps_) write_events(numbers, "step/", ++steps_);
}

void Curve::watch(EventFilePtr events, bool steps) {
  events_ = std::move(events);
  watches_steps_ = steps;
}

void Curve::add_histogram(const std::string& tag, std::span<const double> numbers) {
  if (!events_) throw ArgumentError("add_histograms: the curve has no event files; report.Curve { events = 'epoch' }");
  const int64_t epoch = rows_.empty() ? 0 : static_cast<int64_t>(*rows_.back().at("epoch").number());
  events_at(epoch).add(tag, histogram_of(numbers), epoch);
}

/// The file, told where it begins again after a resume.
EventFile& Curve::events_at(int64_t step) {
  if (resumed_) events_->begin_again(step);
  resumed_ = false;
  return *events_;
}

void Curve::write_events(const Map& numbers, const std::string& prefix, int64_t step) {
  if (!events_) return;
  std::vector<Scalar> scalars;
  for (const auto& [name, value] : numbers) {
    if (name != "epoch") scalars.push_back({prefix + name, *value.number()});
  }
  events_at(step).add(scalars, step);
}

std::vector<std::string> Curve::columns() const {
  std::set<std::string> names;
  for (const Map& row : rows_) {
    for (const auto& [name, unused] : row) names.insert(name);
  }
  names.erase("epoch");
  std::vector<std::string> columns(names.begin(), names.end());
  if (!rows_.empty()) columns.insert(columns.begin(), "epoch");
  return columns;
}

std::vector<double> Curve::column(const std::string& name) const {
  std::vector<double> numbers;
  for (const Map& row : rows_) {
    const auto found = row.find(name);
    numbers.push_back(found == row.end() ? std::numeric_limits<double>::quiet_NaN() : *found->second.number());
  }
  return numbers;
}

std::string Curve::line(std::vector<std::string> shown) const {
  if (rows_.empty()) return "";
  if (shown.empty()) shown = columns();
  std::string text;
  for (const auto& name : shown) {
    const auto found = rows_.back().find(name);
    if (found == rows_.back().end()) continue;
    text += (text.empty() ? "" : "   ") + name + " " + number_text(name, *found->second.number());
  }
  return text;
}

std::string Curve::table() const {
  constexpr size_t kAtEachEnd = 10;
  const auto names = columns();
  std::vector<std::vector<std::string>> table{names};
  std::vector<size_t> numbers(names.size());
  std::iota(numbers.begin(), numbers.end(), size_t{0});
  for (size_t i = 0; i < rows_.size(); ++i) {
    if (rows_.size() > 2 * kAtEachEnd + 1 && i == kAtEachEnd) {
      i = rows_.size() - kAtEachEnd;
      table.emplace_back(names.size(), "...");
    }
    std::vector<std::string> cells;
    for (const auto& name : names) {
      const auto found = rows_[i].find(name);
      cells.push_back(found == rows_[i].end() ? "" : number_text(name, *found->second.number()));
    }
    table.push_back(cells);
  }
  if (rows_.empty()) return "a curve without rows";
  std::string text = text_table(table, numbers);
  text.pop_back();  // the last line's end
  return text;
}

Series line_of(const std::vector<const Curve*>& curves, const std::string& name) {
  if (curves.size() == 1) return {name, curves[0]->column("epoch"), curves[0]->column(name)};
  std::map<double, std::vector<double>> by_epoch;
  for (const auto* curve : curves) {
    const auto epochs = curve->column("epoch"), numbers = curve->column(name);
    for (size_t i = 0; i < epochs.size(); ++i) {
      if (std::isfinite(numbers[i])) by_epoch[epochs[i]].push_back(numbers[i]);
    }
  }
  Series series{name, {}, {}};
  for (const auto& [epoch, numbers] : by_epoch) {
    const auto n = static_cast<double>(numbers.size());
    const double mean = std::accumulate(numbers.begin(), numbers.end(), 0.0) / n;
    double squares = 0;
    for (const double number : numbers) squares += (number - mean) * (number - mean);
    const double deviation = std::sqrt(squares / n);
    series.x.push_back(epoch);
    series.y.push_back(mean);
    series.low.push_back(mean - deviation);
    series.high.push_back(mean + deviation);
  }
  return series;
}

std::vector<FigurePtr> Curve::figures(const std::string& of) const { return figures_of({this}, of); }

std::vector<FigurePtr> figures_of(const std::vector<const Curve*>& curves, const std::string& of) {
  std::vector<FigurePtr> figures;
  std::set<std::string> names;
  for (const auto* curve : curves) {
    for (const auto& name : curve->columns()) names.insert(name);
  }
  names.erase("epoch");
  const auto add = [&](const std::function<bool(const std::string&)>& belongs, const std::string& name,
                       const std::string& label, const std::string& title) {
    std::vector<Series> series;
    for (const auto& column : names) {
      if (belongs(column)) series.push_back(line_of(curves, column));
    }
    if (series.empty()) return;
    const auto figure = std::make_shared<CurveFigure>(std::move(series), "epoch", label);
    figure->name = name;
    figure->title = of.empty() ? title : title + ", " + of;
    if (curves.size() > 1) {
      figure->caption = "Means of " + std::to_string(curves.size()) +
                        " trainings, the band a standard deviation to either side; where one ended earlier, of those "
                        "that went on.";
    }
    figures.push_back(figure);
  };
  add(is_loss, "curve_loss", "loss", "Loss by epoch");
  add(is_share, "curve_accuracy", "share", "Accuracy by epoch");
  if (!of.empty() || curves.size() > 1) return figures;  // of trainings beside others, what they came to
  const size_t told = figures.size();
  for (const auto& name : names) {
    if (is_loss(name) || is_share(name) || is_constant(curves[0]->column(name))) continue;
    add([&](const std::string& one) { return one == name; }, "curve_" + name, name, column_title(name) + " by epoch");
  }
  if (figures.size() < told + 2) return figures;
  const std::vector<FigurePtr> others(figures.begin() + static_cast<long>(told), figures.end());
  figures.resize(told);
  figures.push_back(side_by_side(others));
  return figures;
}

State Curve::state() const {
  State state;
  for (const auto& name : columns()) state["column." + name] = Array(column(name));
  if (steps_ > 0) state["steps"] = Array{static_cast<double>(steps_)};
  return state;
}

void Curve::load_state(const State& state, const std::string& who) {
  std::vector<Map> rows;
  for (const auto& [name, array] : part_of(state, "column.")) {
    const auto numbers = array.doubles();
    if (rows.empty()) rows.resize(numbers.size());
    if (rows.size() != numbers.size()) throw Error(who + ": its curve's columns have different lengths");
    for (size_t i = 0; i < numbers.size(); ++i) {
      if (!std::isnan(numbers[i])) rows[i][name] = numbers[i];
    }
  }
  rows_ = std::move(rows);
  const auto steps = state.find("steps");
  steps_ = steps == state.end() || steps->second.count() == 0 ? 0 : static_cast<int64_t>(steps->second.doubles()[0]);
  resumed_ = true;
}

}  // namespace lumir::report
