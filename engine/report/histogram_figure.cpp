// Drawing histograms: panels in rows, each with scales of its own.

#include "report/histogram_figure.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "report/panels_figure.h"
#include "report/scatter_figure.h"

namespace lumir::report {

HistogramFigure::HistogramFigure(Matrix x, std::vector<std::string> columns, int bins, std::vector<int> which,
                                 std::vector<std::string> classes, std::string label)
    : x_(std::move(x)),
      columns_(std::move(columns)),
      bins_(bins),
      which_(std::move(which)),
      classes_(std::move(classes)),
      label_(std::move(label)) {
  if (x_.rows == 0 || columns_.empty()) throw ArgumentError("hist: there is nothing to draw");
}

void HistogramFigure::draw(Canvas& canvas, const Box& box, const Look& look) const {
  const Box left = which_.empty() ? box : draw_legend(canvas, box, label_, legend_of(which_, classes_), look);
  const auto cells = cells_of(left, columns_.size(), look);
  for (size_t column = 0; column < columns_.size(); ++column) {
    draw_column(canvas, cells[column], column, columns_.size() == 1 ? look : in_panel(look));
  }
}

void HistogramFigure::draw_column(Canvas& canvas, const Box& box, size_t column, const Look& look) const {
  const auto values = column_of(x_, column);
  const auto [low, high] = limits_of(values, 0);
  const auto bins = static_cast<size_t>(bins_);
  Matrix counts(std::max<size_t>(1, classes_.size()), bins);
  for (size_t row = 0; row < values.size(); ++row) {
    if (!std::isfinite(values[row])) continue;
    const double share = (values[row] - low) / (high - low);
    const size_t bin = std::min(bins - 1, static_cast<size_t>(share * static_cast<double>(bins)));
    counts(which_.empty() ? 0 : static_cast<size_t>(which_[row]), bin) += 1;
  }
  double most = 1;
  for (size_t bin = 0; bin < bins; ++bin) {
    double sum = 0;
    for (size_t c = 0; c < counts.rows; ++c) sum += counts(c, bin);
    most = std::max(most, sum);
  }
  const Frame frame = draw_axes(canvas, box, {columns_[column], low, high, {}, false},
                                {columns_.size() == 1 ? "rows" : "", 0, most * 1.05, {}, true, true}, look);
  for (size_t bin = 0; bin < bins; ++bin) {
    const double step = (high - low) / static_cast<double>(bins), from = low + step * static_cast<double>(bin);
    double below = 0;
    for (size_t c = 0; c < counts.rows; ++c) {
      const double above = below + counts(c, bin);
      const Box bar{frame.x(from), frame.y(above), frame.x(from + step) - frame.x(from),
                    frame.y(below) - frame.y(above)};
      if (bar.height > 0) canvas.fill(bar, which_.empty() ? kAccent : class_look(c).colour);
      below = above;
    }
  }
}

}  // namespace lumir::report
