// Drawing named bars: a column of names, a column of bars, a number behind each.

#include "report/named_bars_figure.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/readable.h"
#include "report/axis.h"
#include "report/colours.h"

namespace lumir::report {
namespace {

constexpr double kTallest = 2.2, kTallestOfFew = 3.4;  // a row, in heights of its text

using NamedNumbers = std::vector<std::pair<std::string, double>>;

bool are_counts(const NamedNumbers& bars) {
  return std::all_of(bars.begin(), bars.end(), [](const auto& bar) {
    return bar.second == std::round(bar.second) && std::fabs(bar.second) < 1e15;
  });
}

/// Counts as counts, other numbers with three digits, or four where all are small.
std::string number_text(const NamedNumbers& bars, double value) {
  if (are_counts(bars)) return show_count(static_cast<long>(value));
  const bool small = std::all_of(bars.begin(), bars.end(), [](const auto& bar) { return std::fabs(bar.second) < 0.1; });
  return small ? tick_text(value, 1e-4) : show_score(value);
}

/// From one round number to another that the bars lie between, and the numbers below them.
struct Ruler {
  double low = 0, high = 1;
  std::vector<Tick> ticks;
};

/// With at most so many numbers; `whole` for counts.
Ruler ruler_between(double low, double high, int most, bool whole) {
  auto inside = round_ticks(low, high, most, whole ? 1 : 0);
  while (inside.size() < 2) inside = round_ticks(low, high, ++most, whole ? 1 : 0);  // two of them tell the step
  const double step = inside[1].value - inside[0].value;
  Ruler ruler{std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step, {}};
  for (double n = std::round(ruler.low / step); n * step <= ruler.high + step * 1e-9; ++n) {
    const double value = n * step;
    ruler.ticks.push_back({value, whole ? show_count(std::lround(value)) : tick_text(value, step)});
  }
  return ruler;
}

/// With as many numbers as have room.
Ruler ruler_of(double low, double high, bool whole, double width, const TextStyle& style) {
  Ruler ruler;
  for (int most = 6; most >= 2; --most) {
    ruler = ruler_between(low, high, most, whole);
    double widest = 0;
    for (const Tick& tick : ruler.ticks) widest = std::max(widest, measure(tick.label, style).width);
    if ((widest + style.size) * static_cast<double>(ruler.ticks.size() - 1) <= width) break;
  }
  return ruler;
}

}  // namespace

NamedBarsFigure::NamedBarsFigure(NamedNumbers bars, std::string x_label)
    : bars_(std::move(bars)), x_label_(std::move(x_label)) {
  if (bars_.empty()) throw ArgumentError("bars: there is nothing to draw");
}

Size NamedBarsFigure::size(Medium medium) const {
  const double rows = static_cast<double>(bars_.size());
  if (medium == Medium::slide) return {960, std::clamp(112 + rows * 28, 200.0, 540.0)};
  return {245, std::clamp(34 + rows * 11, 60.0, 330.0)};
}

std::pair<double, double> NamedBarsFigure::limits() const {
  double low = 0, high = std::max(shares ? 1.0 : 0.0, line.value_or(0));
  for (const auto& [called, value] : bars_) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  for (const Bar& whisker : whiskers) {
    low = std::min(low, whisker.low);
    high = std::max(high, whisker.high);
  }
  return {low, low == high ? low + 1 : high};
}

void NamedBarsFigure::draw(Canvas& canvas, const Box& box, const Look& look) const {
  const TextStyle small{look.small, Weight::normal, kQuiet};
  const double foot = line_height(small) + look.small * 0.4 + (x_label_.empty() ? 0 : look.text * 1.5);
  const double tallest = look.text * (bars_.size() > 6 ? kTallest : kTallestOfFew);
  const double height = std::min((box.height - foot) / static_cast<double>(bars_.size()), tallest);
  const TextStyle style{std::min(look.text, height * 0.8), Weight::normal, kInk};
  double names = 0, numbers = 0;
  for (const auto& [called, value] : bars_) {
    names = std::max(names, measure(called, style).width);
    numbers = std::max(numbers, measure(number_text(bars_, value), style).width);
  }
  names = std::min(names, box.width * 0.45);
  // numbers stand in a column of their own, where no whisker ends; the last one of the ruler reaches beyond its line
  const double from = box.x + names + style.size, to = box.right() - numbers - std::max(style.size, look.small * 1.6);
  const auto [low, high] = limits();
  const Ruler ruler = ruler_of(low, high, are_counts(bars_) && !shares, to - from, small);
  const Scale scale{ruler.low, ruler.high, from, to};
  const double bottom = box.y + height * static_cast<double>(bars_.size());
  for (const Tick& tick : ruler.ticks) {
    canvas.line({scale(tick.value), box.y}, {scale(tick.value), bottom}, {kRule, 0.6});
  }
  for (size_t i = 0; i < bars_.size(); ++i) {
    const auto& [called, value] = bars_[i];
    const double top = box.y + height * static_cast<double>(i), y = top + height / 2;
    canvas.text({box.x + names, y}, shorten(called, style, names), style, Across::right, Down::middle);
    const double begin = scale(0), end = std::isfinite(value) ? scale(value) : begin;
    canvas.fill({std::min(begin, end), top + height * 0.18, std::fabs(end - begin), height * 0.64}, kBar);
    if (i < whiskers.size()) draw_whisker(canvas, scale, whiskers[i], y, height * 0.14, look);
    canvas.text({box.right(), y}, number_text(bars_, value), style, Across::right, Down::middle);
  }
  for (const Tick& tick : ruler.ticks) {
    canvas.text({scale(tick.value), bottom + look.small * 0.3}, tick.label, small, Across::middle, Down::top);
  }
  canvas.line({scale(0), box.y}, {scale(0), bottom}, {kQuiet, 1});
  if (line) {
    const Stroke dashed{kWarning, look.line * 0.8, {look.line * 2, look.line * 1.4}};
    canvas.line({scale(*line), box.y}, {scale(*line), bottom}, dashed);
  }
  if (x_label_.empty()) return;
  const TextStyle label{look.text, Weight::normal, kQuiet};
  canvas.text({(from + to) / 2, bottom + foot}, x_label_, label, Across::middle, Down::bottom);
}

}  // namespace lumir::report
