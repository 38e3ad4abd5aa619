// Drawing named bars: a column of names, a column of bars, a number behind each.

#include "report/named_bars_figure.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/readable.h"
#include "report/axis.h"

namespace lumir::report {
namespace {

constexpr double kTallest = 2.2, kTallestOfFew = 3.4;  // a row, in heights of its text

/// Counts as counts, other numbers with three digits, or four where all are small.
std::string number_text(const std::vector<std::pair<std::string, double>>& bars, double value) {
  const auto all = [&](auto is) {
    return std::all_of(bars.begin(), bars.end(), [&](const auto& bar) { return is(bar.second); });
  };
  const bool counts = all([](double number) { return number == std::round(number) && std::fabs(number) < 1e15; });
  if (counts) return show_count(static_cast<long>(value));
  return all([](double number) { return std::fabs(number) < 0.1; }) ? tick_text(value, 1e-4) : show_score(value);
}

}  // namespace

NamedBarsFigure::NamedBarsFigure(std::vector<std::pair<std::string, double>> bars, std::string x_label)
    : bars_(std::move(bars)), x_label_(std::move(x_label)) {
  if (bars_.empty()) throw ArgumentError("bars: there is nothing to draw");
}

Size NamedBarsFigure::size(Medium medium) const {
  const double rows = static_cast<double>(bars_.size());
  if (medium == Medium::slide) return {960, std::clamp(90 + rows * 28, 200.0, 540.0)};
  return {245, std::clamp(24 + rows * 11, 60.0, 330.0)};
}

void NamedBarsFigure::draw(Canvas& canvas, const Box& box, const Look& look) const {
  const double foot = x_label_.empty() ? 0 : look.text * 1.8;
  const double tallest = look.text * (bars_.size() > 6 ? kTallest : kTallestOfFew);
  const double height = std::min((box.height - foot) / static_cast<double>(bars_.size()), tallest);
  const TextStyle style{std::min(look.text, height * 0.8), Weight::normal, kInk};
  double names = 0, numbers = 0, low = 0, high = std::max(0.0, line.value_or(0));
  for (const auto& [name, value] : bars_) {
    names = std::max(names, measure(name, style).width);
    numbers = std::max(numbers, measure(number_text(bars_, value), style).width);
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  for (const Bar& whisker : whiskers) {
    low = std::min(low, whisker.low);
    high = std::max(high, whisker.high);
  }
  if (low == high) high = low + 1;
  names = std::min(names, box.width * 0.45);
  const double from = box.x + names + style.size, to = box.right() - numbers - style.size * 1.5;
  const Scale scale{low, high, from, to};
  for (size_t i = 0; i < bars_.size(); ++i) {
    const auto& [name, value] = bars_[i];
    const double top = box.y + height * static_cast<double>(i), y = top + height / 2;
    canvas.text({box.x + names, y}, shorten(name, style, names), style, Across::right, Down::middle);
    const double begin = scale(0), end = std::isfinite(value) ? scale(value) : begin;
    canvas.fill({std::min(begin, end), top + height * 0.18, std::fabs(end - begin), height * 0.64}, kAccent);
    double right = std::max(begin, end);
    if (i < whiskers.size()) {
      draw_whisker(canvas, scale, whiskers[i], y, height * 0.14, look);
      right = std::max(right, scale(whiskers[i].high));
    }
    canvas.text({right + style.size * 0.5, y}, number_text(bars_, value), style, Across::left, Down::middle);
  }
  const double bottom = box.y + height * static_cast<double>(bars_.size());
  canvas.line({scale(0), box.y}, {scale(0), bottom}, {kQuiet, 1});
  if (line) {
    const Stroke dashed{kWarning, look.line * 0.8, {look.line * 2, look.line * 1.4}};
    canvas.line({scale(*line), box.y}, {scale(*line), bottom}, dashed);
  }
  if (x_label_.empty()) return;
  const TextStyle label{look.text, Weight::normal, kQuiet};
  canvas.text({(from + to) / 2, bottom + look.text * 0.5}, x_label_, label, Across::middle, Down::top);
}

}  // namespace lumir::report
