// Drawing the comparison: one panel for each measure, one row for each model.

#include "report/bar_figure.h"

#include <algorithm>
#include <cmath>

#include "core/readable.h"
#include "core/value.h"
#include "report/axis.h"
#include "report/colours.h"

namespace lumir::report {
namespace {

const Colour kValid = Colour::hex(0x1f6fb2);
const Colour kTrain = Colour::hex(0xb8c4d4);

void draw_whisker(Canvas& canvas, const Scale& scale, const Bar& bar, double y, double half, const Look& look) {
  if (bar.low >= bar.high) return;
  const Stroke stroke{kInk, look.line * 0.75};
  canvas.line({scale(bar.low), y}, {scale(bar.high), y}, stroke);
  for (const double limit : {bar.low, bar.high}) {
    canvas.line({scale(limit), y - half}, {scale(limit), y + half}, stroke);
  }
}

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
double draw_key(Canvas& canvas, const Box& box, const Look& look, bool train, bool chance) {
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
  entry("validation", block(kValid));
  if (train) entry("training", block(kTrain));
  entry("95 % interval", [&](double at) {
    draw_whisker(canvas, {0, 1, at, at + square * 1.4}, {0, 0, 1}, y, square * 0.3, look);
  });
  if (chance) {
    entry("chance", [&](double at) {
      canvas.line({at + square * 0.7, y - square * 0.6}, {at + square * 0.7, y + square * 0.6},
                  {kWarning, look.line * 0.8, {look.line * 2, look.line * 1.4}});
    });
  }
  return line_height(style) * 1.4;
}

/// 1; more where a measure has no such limit.
double top_of(const BarPanel& panel) {
  double top = 1;
  for (const auto& row : panel.rows) {
    top = std::max({top, row.valid.value, row.valid.high});
    if (row.train) top = std::max({top, row.train->value, row.train->high});
  }
  return std::ceil(top);
}

void draw_panel(Canvas& canvas, const Box& box, const BarPanel& panel, const Look& look, double row_height,
                bool train) {
  const TextStyle title{look.text, Weight::bold, kInk};
  const TextStyle small{look.small, Weight::normal, kQuiet};
  TextStyle number{std::min(look.text, row_height * (train ? 0.4 : 0.7)), Weight::bold, kInk};
  TextStyle number_train{number.size, Weight::normal, kQuiet};
  const double numbers = measure("0.000", number).width + look.text * 0.5;
  const double head = line_height(title) * 1.15;
  const Box plot{box.x, box.y + head, box.width - numbers - look.small,
                 row_height * static_cast<double>(panel.rows.size())};
  const double top_value = top_of(panel);
  const Scale scale{0, top_value, plot.x, plot.right()};

  canvas.text({plot.x, box.y}, panel.title, title, Across::left, Down::top);
  for (const double share : {0.0, 0.5, 1.0, 0.25, 0.75}) {
    const double x = scale(share * top_value);
    canvas.line({x, plot.y}, {x, plot.bottom()}, {kRule, 0.6});
    const bool quarter = share == 0.25 || share == 0.75;
    if (quarter && plot.width < look.small * 14) continue;
    canvas.text({x, plot.bottom() + look.small * 0.3}, show_number(share * top_value), small, Across::middle,
                Down::top);
  }
  for (size_t i = 0; i < panel.rows.size(); ++i) {
    const BarRow& row = panel.rows[i];
    const double top = plot.y + row_height * static_cast<double>(i);
    const double thick = train ? row_height * 0.36 : row_height * 0.6;
    const double valid_y = train ? top + row_height * 0.29 : top + row_height * 0.5;
    canvas.fill({plot.x, valid_y - thick / 2, scale(row.valid.value) - plot.x, thick}, kValid);
    draw_whisker(canvas, scale, row.valid, valid_y, thick * 0.22, look);
    canvas.text({box.right(), valid_y}, show_score(row.valid.value), number, Across::right, Down::middle);
    if (!row.train) continue;
    const double train_y = top + row_height * 0.71;
    canvas.fill({plot.x, train_y - thick / 2, scale(row.train->value) - plot.x, thick}, kTrain);
    draw_whisker(canvas, scale, *row.train, train_y, thick * 0.22, look);
    canvas.text({box.right(), train_y}, show_score(row.train->value), number_train, Across::right, Down::middle);
  }
  if (panel.chance) {
    const double x = scale(*panel.chance);
    canvas.line({x, plot.y}, {x, plot.bottom()}, {kWarning, look.line * 0.8, {look.line * 2, look.line * 1.4}});
  }
  canvas.line({plot.x, plot.y}, {plot.x, plot.bottom()}, {kQuiet, 1});
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

  const double key = draw_key(canvas, box, look, train, chance);
  const double n_rows = static_cast<double>(panels_.front().rows.size());
  const double head = line_height({look.text}) * 1.15, foot = line_height({look.small}) * 1.4;
  const double row_height = std::min((box.height - key - head - foot) / n_rows, look.text * 7.5);
  TextStyle names{std::min(look.text, row_height * 0.7), Weight::normal, kInk};
  while (name_width(panels_.front().rows, names) > box.width * 0.4 && names.size > look.small * 0.7) names.size *= 0.95;
  const double left = std::min(name_width(panels_.front().rows, names), box.width * 0.4) + look.text * 0.8;

  double y = box.y + key + head + row_height / 2;
  for (const BarRow& row : panels_.front().rows) {
    const auto lines = wrap(row.name, names, left - look.text * 0.8);
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
