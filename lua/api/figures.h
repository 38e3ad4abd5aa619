// What the pictures of all kinds have in common when Lua asks for them: a title, a caption and a size; limits of axes.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bind/bind.h"
#include "report/figure.h"

namespace lumir::lua {

struct TitleOptions {
  std::string title;
  std::string caption;
  std::string size = "slide";
  static Schema schema();
};

/// The schema of a struct that has these and more.
template <class S>
Schema titled(std::vector<Option> options) {
  Schema schema = {Option{"title", &S::title, "stands above the figure"},
                   Option{"caption", &S::caption, "one sentence on what is to be seen"},
                   Option{"size", &S::size, "what it is drawn for: a slide, a column or a page of a paper",
                          Choices{"slide", "column", "page"}}};
  for (auto& option : options) schema.push_back(option);
  return schema;
}

/// What to print so that this terminal shows the figure at a stack position; "" where there is none, or the terminal
/// shows no pictures.
std::string picture_at(lua_State* L, int index);

struct LimitOptions : TitleOptions {
  std::vector<double> xlim, ylim;
};

/// The same of one that has limits of its axes, too.
template <class S>
Schema limited(std::vector<Option> options) {
  options.emplace_back("xlim", &S::xlim, "what is shown across: { least, most }; empty: all");
  options.emplace_back("ylim", &S::ylim, "what is shown upwards: { least, most }; empty: all");
  return titled<S>(std::move(options));
}

/// How a matrix looks. Of a tensor that knows its axes only what says nothing else of them.
struct MatrixShow : LimitOptions {
  std::string x, y, unit;
  double frame_rate = 0, fmin = 0, fmax = 0;
  std::optional<std::string> scale;
  std::vector<std::string> names, columns;
  bool numbers = false;
  std::optional<double> low, high;
  std::string colours = "viridis";
  bool db = true;
  double top_db = 80;
  static Schema schema();
};

report::Medium medium_of(const std::string& size);
/// Nothing for an empty list; throws ArgumentError where it is no pair in order.
std::optional<std::pair<double, double>> limits_at(const std::vector<double>& pair, const std::string& name);

/// Argument 1 as lines or as a matrix, by the options behind it.
report::FigurePtr curve_at(Call& call);
report::FigurePtr matrix_at(Call& call, const MatrixShow& options);

template <class F>
report::FigurePtr named(std::shared_ptr<F> figure, const std::string& name, const TitleOptions& options) {
  figure->name = name;
  figure->title = options.title;
  figure->caption = options.caption;
  figure->made_for = medium_of(options.size);
  return figure;
}

}  // namespace lumir::lua
