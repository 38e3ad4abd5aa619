// lumir.report, pictures of tables, and several pictures in one.
//
//   report.bars(forest:importances { top = 20 })           or numbers by name, or labels, which are counted
//   report.bars { SVM = { value = 0.8, low = 0.7, high = 0.9 } }       with whiskers
//   report.hist(table, { columns = { 'mfcc_*' } })         a histogram for each column
//   report.box(table, { column = 'tempo' })                by class, or lists of numbers by name; report.violin alike
//   report.panels { figure, figure, figure }

#include <algorithm>
#include <cmath>

#include "api/figures.h"
#include "api/learn.h"
#include "api/table_figures.h"
#include "core/article.h"
#include "data/labels.h"
#include "data/table_rows.h"
#include "report/histogram_figure.h"
#include "report/named_bars_figure.h"
#include "report/panels_figure.h"
#include "report/spread_figure.h"

namespace lumir::lua {
namespace {

using report::FigurePtr;

/// Numbers by name, and the limits of each where any has some.
struct Bars {
  std::vector<std::pair<std::string, double>> numbers;
  std::vector<report::Bar> whiskers;
  bool shares = false;

  /// Equal limits are none.
  void add(const std::string& name, const report::Bar& bar) {
    numbers.emplace_back(name, bar.value);
    whiskers.push_back(bar);
  }
  std::shared_ptr<report::NamedBarsFigure> figure(const std::string& x_label) const {
    auto made = std::make_shared<report::NamedBarsFigure>(numbers, x_label);
    made->shares = shares;
    const auto has_limits = [](const report::Bar& bar) { return bar.low < bar.high; };
    if (std::any_of(whiskers.begin(), whiskers.end(), has_limits)) made->whiskers = whiskers;
    return made;
  }
};

constexpr size_t kMostPanels = 24;  // more would be too small to read

/// Every label once, in the order of classes, with the number of its rows.
Bars counts_of(const std::vector<std::string>& labels) {
  Bars bars;
  for (const auto& name : data::classes_among(labels)) {
    const auto count = static_cast<double>(std::count(labels.begin(), labels.end(), name));
    bars.add(name, {count, count, count});
  }
  return bars;
}

/// Rows { column = 'tempo', importance = 0.2 }, with a std of repeated shuffling or without.
Bars bars_of_importances(const List& rows, const std::string& who) {
  Bars bars;
  for (const auto& row : rows) {
    const auto* name = row["column"].text();
    const auto* worth = row["importance"].number();
    if (!name || !worth) throw ArgumentError(who + ": wants rows { column, importance }, got " + show(row));
    const double deviation = row["std"].number() ? *row["std"].number() : 0;
    bars.add(*name, {*worth, *worth - deviation, *worth + deviation});
  }
  return bars;
}

/// A number, or { value = 0.8, low = 0.7, high = 0.9 } as scores have it.
report::Bar bar_at(const std::string& name, const Value& given, const std::string& who) {
  const auto refuse = [&](const std::string& rule) {
    throw ArgumentError(who + ": '" + name + "' must " + rule + ", got " + show(given));
  };
  if (const double* number = given.number()) return {*number, *number, *number};
  const double *value = given["value"].number(), *low = given["low"].number(), *high = given["high"].number();
  if (!value) refuse("be a number, or { value, low, high }");
  if ((low == nullptr) != (high == nullptr)) refuse("have both low and high, or neither");
  if (!low) return {*value, *value, *value};
  if (!(*low <= *value && *value <= *high)) refuse("have its value between low and high");
  return {*value, *low, *high};
}

Bars named_values(Call& call) {
  const Value value = call.value(1);
  if (value.map() && !value.map()->empty()) {
    Bars bars;
    for (const auto& [name, given] : *value.map()) bars.add(name, bar_at(name, given, call.who()));
    bars.shares = std::all_of(bars.whiskers.begin(), bars.whiskers.end(),
                              [](const report::Bar& bar) { return bar.low >= 0 && bar.high <= 1; });
    return bars;
  }
  if (!value.list()) call.wrong(1, "values", "numbers by name, labels, or importances");
  const bool labels = value.list()->front().text() != nullptr;
  return labels ? counts_of(call.words(1, "values")) : bars_of_importances(*value.list(), call.who());
}

Bars bars_at(Call& call) {
  Bars bars = named_values(call);
  for (size_t i = 0; i < bars.whiskers.size(); ++i) {
    const report::Bar& bar = bars.whiskers[i];
    for (const double number : {bar.value, bar.low, bar.high}) {
      if (std::isfinite(number)) continue;
      throw ArgumentError(call.who() + ": '" + bars.numbers[i].first + "' must have finite numbers, got " +
                          show_number(number));
    }
  }
  return bars;
}

struct BarsShow : TitleOptions {
  std::string x;
  static Schema schema() {
    return titled<BarsShow>({Option{"x", &BarsShow::x, "label under the bars, with its unit"}});
  }
};

int bars(Call& call) {
  const auto options = call.options<BarsShow>(2);
  return call.push(named(bars_at(call).figure(options.x), "bars", options));
}

struct HistShow : TitleOptions {
  std::vector<std::string> columns;
  int bins = 30;
  bool by_class = true;
  static Schema schema() {
    return titled<HistShow>(
        {Option{"columns", &HistShow::columns, "their names; '*' stands for any text; none: the first twelve"},
         Option{"bins", &HistShow::bins, "of each column", Range{1, 1000}},
         Option{"by_class", &HistShow::by_class, "the rows of each class in its colour, one upon the other"}});
  }
};

int hist(Call& call) {
  const data::Table whole = described_at(call, 1, "table");
  const auto options = call.options<HistShow>(2);
  data::need_numbers(whole, call.who());
  constexpr size_t kFirst = 12;
  auto names = options.columns;
  if (names.empty())
    names.assign(whole.columns.begin(),
                 whole.columns.begin() + static_cast<ptrdiff_t>(std::min(kFirst, whole.columns.size())));
  const data::Table table = data::take_columns(whole, data::columns_called(whole, names, call.who()));
  if (table.columns.size() > kMostPanels) {
    throw ArgumentError("hist: 'columns' names " + std::to_string(table.columns.size()) + " columns, at most " +
                        std::to_string(kMostPanels) + " have room");
  }
  const bool classes = options.by_class && !table.y.empty();
  auto figure = classes ? std::make_shared<report::HistogramFigure>(*table.x, table.columns, options.bins, table.y,
                                                                    table.classes, table.label)
                        : std::make_shared<report::HistogramFigure>(*table.x, table.columns, options.bins);
  return call.push(named(figure, "hist", options));
}

struct SpreadShow : TitleOptions {
  std::string column, x;
  static Schema schema() {
    return titled<SpreadShow>({Option{"column", &SpreadShow::column, "of a table: which one; empty: the first"},
                               Option{"x", &SpreadShow::x, "label under the axis, with its unit"}});
  }
};

/// The numbers of a table's column, by class where rows have one.
std::vector<report::Group> groups_of(const data::Table& table, const std::string& column) {
  std::vector<report::Group> groups;
  for (const auto& name : table.classes) groups.push_back({name, {}});
  if (groups.empty() || table.y.empty()) groups = {{column, {}}};
  for (size_t row = 0; row < table.rows(); ++row) {
    const size_t of = table.y.empty() ? 0 : static_cast<size_t>(table.y[row]);
    groups[of].values.push_back((*table.x)(row, 0));
  }
  return groups;
}

/// Lists of numbers by name, in the order of names.
std::vector<report::Group> groups_of(const Value& lists, const std::string& who) {
  std::vector<report::Group> groups;
  for (const auto& [name, list] : *lists.map()) {
    if (!list.list()) throw ArgumentError(who + ": '" + name + "' must be a list of numbers, got " + show(list));
    report::Group group{name, {}};
    for (const auto& value : *list.list()) {
      if (!value.number()) throw ArgumentError(who + ": '" + name + "' holds " + show(value));
      group.values.push_back(*value.number());
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

/// report.box(table, { column = 'tempo' }), report.violin({ SVM = { 0.7, 0.8 }, forest = { 0.6, 0.7 } })
int spread(Call& call, report::SpreadFigure::Form form, const char* name) {
  auto options = call.options<SpreadShow>(2);
  std::vector<report::Group> groups;
  if (call.is_table(1)) {
    const Value lists = call.value(1);
    if (!lists.map() || lists.map()->empty()) call.wrong(1, "values", "a Table, or lists of numbers by name");
    groups = groups_of(lists, call.who());
  } else {
    const data::Table whole = described_at(call, 1, "values");
    data::need_numbers(whole, call.who());
    const std::string column = options.column.empty() ? whole.columns.at(0) : options.column;
    groups = groups_of(data::take_columns(whole, data::columns_called(whole, {column}, call.who())), column);
    if (options.x.empty()) options.x = column;
  }
  const bool drawable = std::any_of(groups.begin(), groups.end(), [](const report::Group& group) {
    return std::any_of(group.values.begin(), group.values.end(), [](double value) { return std::isfinite(value); });
  });
  if (!drawable) throw ArgumentError(call.who() + ": there are no numbers to draw");
  return call.push(named(std::make_shared<report::SpreadFigure>(groups, options.x, form), name, options));
}

int box(Call& call) { return spread(call, report::SpreadFigure::Form::box, "box"); }
int violin(Call& call) { return spread(call, report::SpreadFigure::Form::violin, "violin"); }

int panels(Call& call) {
  const auto options = call.options<TitleOptions>(2);
  if (!call.is_table(1)) call.wrong(1, "figures", "a list of Figures");
  const int n = list_length(call.L, 1, call.who(), "'figures'");
  std::vector<FigurePtr> figures;
  for (int i = 1; i <= n; ++i) {
    lua_rawgeti(call.L, 1, i);
    const auto* figure = test_object<FigurePtr>(call.L, lua_gettop(call.L));
    if (!figure) {
      throw ArgumentError("panels: position " + std::to_string(i) + " of 'figures' is no Figure but " +
                          with_article(kind_at(call.L, lua_gettop(call.L))));
    }
    figures.push_back(*figure);
    lua_pop(call.L, 1);
  }
  if (figures.size() > kMostPanels) {
    throw ArgumentError("panels: " + std::to_string(figures.size()) + " figures, at most " +
                        std::to_string(kMostPanels) + " have room");
  }
  return call.push(named(std::make_shared<report::PanelsFigure>(figures), "panels", options));
}

const Argument kSpread{"values", "Table or table", "a Table or a Dataset, or lists of numbers by name"};

const Module report_module =
    Module("report")
        .function(
            "bars", bars,
            {.summary = "Names and a number for each as lying bars: importances as they come, numbers by name, or "
                        "how often each of some labels is there. Numbers by name that all lie from 0 to 1 are shares "
                        "and stand on an axis that ends at 1, others on one that ends at a round number. Whiskers show "
                        "the limits of a number, as scores "
                        "have them, and a standard deviation to either side of importances that have one.",
             .returns = "a Figure",
             .example = "report.bars({ rock = 12, pop = 8 }, { x = 'songs' })",
             .source = "matplotlib's barh with its xerr, pandas' value_counts",
             .parameters = with_arguments(
                 {{"values", "table",
                   "numbers or { value, low, high } by name, a list of labels, or what :importances() gives"}},
                 schema_of<BarsShow>())})
        .function("hist", hist,
                  {.summary = "How the numbers of a table's columns are spread: a histogram for each.",
                   .returns = "a Figure",
                   .example = "report.hist(table, { columns = { 'rms_*' }, bins = 10 })",
                   .source = "pandas' DataFrame.hist",
                   .parameters = with_arguments({{"table", "table", "a Table or a Dataset"}}, schema_of<HistShow>())})
        .function(
            "box", box,
            {.summary = "Median, quartiles and what lies beyond 1.5 times their distance, for each of several "
                        "lists of numbers or for each class of a table's column.",
             .returns = "a Figure",
             .example = "report.box({ SVM = { 0.71, 0.78, 0.74 }, forest = { 0.6, 0.52, 0.63 } }, { x = 'accuracy' })",
             .source = "seaborn's boxplot",
             .parameters = with_arguments({kSpread}, schema_of<SpreadShow>())})
        .function("violin", violin,
                  {.summary = "The density of each of several lists of numbers, or of each class of a table's column, "
                              "with median and quartiles.",
                   .returns = "a Figure",
                   .example = "report.violin(table, { column = table.columns[1] })",
                   .source = "seaborn's violinplot; densities as scipy's gaussian_kde",
                   .parameters = with_arguments({kSpread}, schema_of<SpreadShow>())})
        .function("panels", panels,
                  {.summary = "Several figures in one picture, each under its title; at most 24.",
                   .returns = "a Figure",
                   .example = "report.panels({ figure, figure }, { title = 'Twice' })",
                   .source = "matplotlib's subplots",
                   .parameters =
                       with_arguments({{"figures", "list of Figure", "in their order"}}, schema_of<TitleOptions>())});

}  // namespace

FigurePtr importances_figure(const Value& rows) {
  if (!rows.list() || rows.list()->empty() || rows.list()->front()["importance"].is_nil()) return nullptr;
  constexpr size_t kMostBars = 15;  // as many as half a slide has room for
  List first = *rows.list();
  const size_t all = first.size();
  if (all > kMostBars) first.resize(kMostBars);
  auto figure = bars_of_importances(first, "report").figure("importance");
  figure->name = "importances";
  figure->title = "Importances of columns";
  figure->caption = "What the model leans on, the most important column first";
  figure->caption +=
      all > first.size() ? ": " + std::to_string(first.size()) + " of " + std::to_string(all) + "." : ".";
  return figure;
}

}  // namespace lumir::lua
