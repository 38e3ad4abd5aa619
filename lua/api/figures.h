// What the pictures of all kinds have in common when Lua asks for them: a title, a caption and a size; limits of axes.

#pragma once

#include <functional>
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

/// What sets such an option: throws ArgumentError for a list that is neither empty nor two numbers in order.
std::function<void(void* options, const Value& value, const std::string& who)> ascending(const Option& option);

/// The same of one that has limits of its axes, too.
template <class S>
Schema limited(std::vector<Option> options) {
  const Option across{"xlim", &S::xlim, "what is shown across: { least, most }; empty: all"};
  const Option upwards{"ylim", &S::ylim, "what is shown upwards: { least, most }; empty: all"};
  for (Option option : {across, upwards}) {
    option.set = ascending(option);
    options.push_back(std::move(option));
  }
  return titled<S>(std::move(options));
}

/// How a matrix looks. Figures that read less of it have a schema of their own.
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

/// What rows, columns and values are.
template <class S>
std::vector<Option> axis_options() {
  return {Option{"x", &S::x, "label of the columns, with its unit"},
          Option{"y", &S::y, "label of the rows, with its unit"},
          Option{"unit", &S::unit, "of the values: 'dB'"},
          Option{"frame_rate", &S::frame_rate, "columns for each second: the x axis is time", Range{0}},
          Option{"fmin", &S::fmin, "lowest frequency of the rows", Range{0}, Unit{"Hz"}},
          Option{"fmax", &S::fmax, "highest frequency of the rows; 0: rows are no frequencies", Range{0}, Unit{"Hz"}},
          Option{"names", &S::names, "names of the rows in place of numbers"},
          Option{"columns", &S::columns, "names of the columns in place of numbers"},
          Option{"numbers", &S::numbers, "the value on each cell"}};
}

/// How frequencies lie, and where colours begin and end.
template <class S>
std::vector<Option> range_options() {
  return {Option{"scale", &S::scale,
                 "how frequencies lie between fmin and fmax ('none': mel), or are to lie, of a tensor that knows its "
                 "axes ('none': as its rows do)",
                 Choices{"mel", "linear", "log"}},
          Option{"low", &S::low, "value of the first colour; 'none': the least"},
          Option{"high", &S::high, "value of the last colour; 'none': the greatest"}};
}

/// The colours, and how loud is told, of spectra.
template <class S>
std::vector<Option> level_options() {
  return {Option{"colours", &S::colours, "from the first to the last",
                 Choices{"viridis", "magma", "cividis", "grey", "blues", "diverging"}},
          Option{"db", &S::db, "spectra that know their axes in decibels below their greatest number"},
          Option{"top_db", &S::top_db, "as far down as that", Range{above(0), 1000}, Unit{"dB"}}};
}

/// All of these, in their order.
inline std::vector<Option> joined(std::vector<Option> options, const std::vector<std::vector<Option>>& more) {
  for (const auto& some : more) options.insert(options.end(), some.begin(), some.end());
  return options;
}

report::Medium medium_of(const std::string& size);
/// The limits of an axis as options have them; nothing for an empty list.
std::optional<std::pair<double, double>> limits_at(const std::vector<double>& pair);

/// Argument 1 as lines or as a matrix, by the options behind it.
report::FigurePtr curve_at(Call& call);
/// `hertz` is the middle of each row where the options do not say it; empty where the rows are no frequencies.
report::FigurePtr matrix_at(Call& call, const MatrixShow& options, const std::vector<double>& hertz = {});
/// The middle of each row by fmin, fmax and scale; empty where fmax is 0.
std::vector<double> row_frequencies(size_t rows, const MatrixShow& options);

template <class F>
report::FigurePtr named(std::shared_ptr<F> figure, const std::string& name, const TitleOptions& options) {
  figure->name = name;
  figure->title = options.title;
  figure->caption = options.caption;
  figure->made_for = medium_of(options.size);
  return figure;
}

}  // namespace lumir::lua
