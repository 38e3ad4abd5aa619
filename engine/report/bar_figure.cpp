// Drawing the comparison: one panel for each measure, one row for each model.

#include "report/bar_figure.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/readable.h"
#include "core/value.h"
#include "report/axis.h"
#include "report/colours.h"

namespace lumir::report {

void draw_whisker(Canvas& canvas, const Scale& scale, const Bar& bar, double y, double half, const Look& look) {
  if (bar.low >= bar.high) return;
  const Stroke stroke{kInk, look.line * 0.75};
  canvas.line({scale(bar.low), y}, {scale(bar.high), y}, stroke);
  for (const double limit : {bar.low, bar.high}) {
    canvas.line({scale(limit), y - half}, {scale(limit), y + half}, stroke);
  }
}

namespace {

const Colour kTrain = Colour::hex(0xb8c4d4);

bool has_train(const std::vector<BarPanel>& panels) {
  for (const auto& panel : panels) {
    for (const auto& row : panel.rows) {
      if (row.train) return true;
    }
  }
  return false;
}

double name_width(const std::vector<BarRow>& rows, const TextStyle& style) {
  double width = 0;
  for (const auto& row : rows) width = std::max(width, measure(row.name, style).width);
  return width;
}

/// The key above the panels: what dark, pale, line and dashes mean.
double draw_key(Canvas& canvas, const Box& box, const Look& look, bool train, bool whiskers, bool chance) {
  const TextStyle style{look.small, Weight::normal, kQuiet};
  const double square = look.small * 0.9;
  const double y = box.y + line_height(style) / 2;
  double x = box.x;
  const auto entry = [&](const std::string& name, auto sign) {
    sign(x);
    canvas.text({x + square * 1.9, y}, name, style, Across::left, Down::middle);
    x += square * 1.9 + measure(name, style).width + look.small * 1.8;
  };
  const auto block = [&](const Colour& colour) {
    return [&canvas, &y, square, colour](double at) {
      canvas.fill({at, y - square / 2, square * 1.4, square}, colour);
    };
  };
  entry("held out", block(kBar));
  if (train) entry("training", block(kTrain));
  if (whiskers) {
    entry("95 % interval", [&](double at) {
      draw_whisker(canvas, {0, 1, at, at + square * 1.4}, {0, 0, 1}, y, square * 0.3, look);
    });
  }
  if (chance) {
    entry("chance", [&](double at) {
      canvas.line({at + square * 0.7, y - square * 0.6}, {at + square * 0.7, y + square * 0.6},
                  {kWarning, look.line * 0.8, {look.line * 2, look.line * 1.4}});
    });
  }
  return line_height(style) * 1.4;
}

/// Whether any bar has a whisker.
bool has_whiskers(const std::vector<BarPanel>& panels) {
  const auto has = [](const Bar& bar) { return bar.low < bar.high; };
  for (const auto& panel : panels) {
    for (const auto& row : panel.rows) {
      if (has(row.valid) || (row.train && has(*row.train))) return true;
    }
  }
  return false;
}

/// 0 to 1; wider where a measure has no such limits (R2 falls below 0 without end).
std::pair<double, double> ends_of(const BarPanel& panel) {
  double low = 0, top = 1;
  const auto take = [&](const Bar& bar) {
    for (const double number : {bar.value, bar.low, bar.high}) {
      if (!std::isfinite(number)) continue;
      low = std::min(low, number);
      top = std::max(top, number);
    }
  };
  for (const auto& row : panel.rows) {
    take(row.valid);
    if (row.train) take(*row.train);
  }
  return {low, std::ceil(top)};
}

/// Quarters where the scale begins at 0, the ones between where there is room; round numbers where it does not.
std::vector<Tick> ticks_of(double low, double top, bool room) {
  if (low < 0) return round_ticks(low, top, room ? 5 : 3);
  std::vector<Tick> ticks;
  for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const bool quarter = share == 0.25 || share == 0.75;
    ticks.push_back({share * top, quarter && !room ? "" : show_number(share * top)});
  }
  return ticks;
}

/// From 0 to the value, as far as the scale goes.
void draw_bar(Canvas& canvas, const Scale& scale, double value, double y, double thick, const Colour& colour) {
  if (std::isnan(value)) return;
  const double end = scale(std::clamp(value, scale.low, scale.high));
  canvas.fill({std::min(scale(0), end), y - thick / 2, std::fabs(end - scale(0)), thick}, colour);
}

/// What the numbers behind the bars take.
double number_width(const BarPanel& panel, const TextStyle& style) {
  double width = measure("0.000", style).width;
  for (const auto& row : panel.rows) {
    width = std::max(width, measure(show_score(row.valid.value), style).width);
    if (row.train) width = std::max(width, measure(show_score(row.train->value), style).width);
  }
  return width;
}

void draw_panel(Canvas& canvas, const Box& box, const BarPanel& panel, const Look& look, double row_height,
                bool train) {
  TextStyle title{look.text, Weight::bold, kInk};
  const TextStyle small{look.small, Weight::normal, kQuiet};
  TextStyle number{std::min(look.text, row_height * (train ? 0.4 : 0.7)), Weight::bold, kInk};
  TextStyle number_train{number.size, Weight::normal, kQuiet};
  const double numbers = number_width(panel, number) + look.text * 0.5;
  const double head = line_height(title) * 1.15;
  while (measure(panel.title, title).width > box.width && title.size > look.small * 0.7) title.size *= 0.95;
  const Box plot{box.x, box.y + head, box.width - numbers - look.small,
                 row_height * static_cast<double>(panel.rows.size())};
  const auto [low, top_value] = ends_of(panel);
  const Scale scale{low, top_value, plot.x, plot.right()};

  canvas.text({plot.x, box.y}, shorten(panel.title, title, box.width), title, Across::left, Down::top);
  for (const Tick& tick : ticks_of(low, top_value, plot.width >= look.small * 14)) {
    const double x = scale(tick.value);
    canvas.line({x, plot.y}, {x, plot.bottom()}, {kRule, 0.6});
    if (tick.label.empty()) continue;
    canvas.text({x, plot.bottom() + look.small * 0.3}, tick.label, small, Across::middle, Down::top);
  }
  for (size_t i = 0; i < panel.rows.size(); ++i) {
    const BarRow& row = panel.rows[i];
    const double top = plot.y + row_height * static_cast<double>(i);
    const double thick = train ? row_height * 0.36 : row_height * 0.6;
    const double valid_y = train ? top + row_height * 0.29 : top + row_height * 0.5;
    draw_bar(canvas, scale, row.valid.value, valid_y, thick, kBar);
    draw_whisker(canvas, scale, row.valid, valid_y, thick * 0.22, look);
    canvas.text({box.right(), valid_y}, show_score(row.valid.value), number, Across::right, Down::middle);
    if (!row.train) continue;
    const double train_y = top + row_height * 0.71;
    draw_bar(canvas, scale, row.train->value, train_y, thick, kTrain);
    draw_whisker(canvas, scale, *row.train, train_y, thick * 0.22, look);
    canvas.text({box.right(), train_y}, show_score(row.train->value), number_train, Across::right, Down::middle);
  }
  if (panel.chance) {
    const double x = scale(*panel.chance);
    canvas.line({x, plot.y}, {x, plot.bottom()}, {kWarning, look.line * 0.8, {look.line * 2, look.line * 1.4}});
  }
  canvas.line({scale(0), plot.y}, {scale(0), plot.bottom()}, {kQuiet, 1});
}

}  // namespace

Size BarFigure::size(Medium medium) const {
  const double rows = panels_.empty() ? 1 : static_cast<double>(panels_.front().rows.size());
  if (medium == Medium::slide) return {960, std::min(540.0, 150 + rows * 76)};
  return {panels_.size() > 1 ? 510.0 : 245.0, std::min(330.0, 50 + rows * 26)};
}

void BarFigure::draw(Canvas& canvas, const Box& box, const Look& look) const {
  if (panels_.empty() || panels_.front().rows.empty()) return;
  const bool train = has_train(panels_);
  bool chance = false;
  for (const auto& panel : panels_) chance = chance || panel.chance.has_value();

  const double key = draw_key(canvas, box, look, train, has_whiskers(panels_), chance);
  const double n_rows = static_cast<double>(panels_.front().rows.size());
  const double head = line_height({look.text}) * 1.15, foot = line_height({look.small}) * 1.4;
  const double row_height = std::min((box.height - key - head - foot) / n_rows, look.text * 7.5);
  TextStyle names{std::min(look.text, row_height * 0.7), Weight::normal, kInk};
  while (name_width(panels_.front().rows, names) > box.width * 0.4 && names.size > look.small * 0.7) names.size *= 0.95;
  const double left = std::min(name_width(panels_.front().rows, names), box.width * 0.4) + look.text * 0.8;

  double y = box.y + key + head + row_height / 2;
  for (const BarRow& row : panels_.front().rows) {
    auto lines = wrap(row.name, names, left - look.text * 0.8);
    const auto most = static_cast<size_t>(std::max(1.0, 1 + (row_height - names.size) / line_height(names)));
    if (lines.size() > most) {
      lines.resize(most);
      lines.back() = shorten(lines.back() + "…", names, left - look.text * 0.8);
    }
    double at = y - (static_cast<double>(lines.size()) - 1) * line_height(names) / 2;
    for (const std::string& line : lines) {
      canvas.text({box.x + left - look.text * 0.8, at}, line, names, Across::right, Down::middle);
      at += line_height(names);
    }
    y += row_height;
  }
  const double gap = look.text * 1.6;
  const double n = static_cast<double>(panels_.size());
  const double width = (box.width - left - gap * (n - 1)) / n;
  for (size_t i = 0; i < panels_.size(); ++i) {
    const Box panel{box.x + left + static_cast<double>(i) * (width + gap), box.y + key, width, box.height - key};
    draw_panel(canvas, panel, panels_[i], look, row_height, train);
  }
}

}  // namespace lumir::report
