// Drawing a sheet of pictures: one bar of colours for all, numbers of rows at the left and of columns below.

#include "report/images_figure.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "core/error.h"
#include "report/matrix_figure.h"

namespace lumir::report {

/// Where the pictures lie: so many side by side, each under its name.
struct ImagesFigure::Grid {
  size_t across = 1, down = 1;
  Box box;                       // of all of them
  double width = 0, height = 0;  // of one picture
  double step_x = 0, step_y = 0;
  double head = 0;  // of a name

  Box place(size_t i) const {
    const auto column = static_cast<double>(i % across), row = static_cast<double>(i / across);
    return {box.x + column * step_x, box.y + row * step_y + head, width, height};
  }
};

ImagesFigure::ImagesFigure(std::vector<NamedImage> images, ImagesOptions options)
    : images_(std::move(images)), options_(std::move(options)) {
  if (images_.empty()) throw ArgumentError("images: there is nothing to draw");
  std::vector<double> all;
  for (const auto& [name, values] : images_) {
    if (values.rows == 0 || values.columns == 0) throw ArgumentError("images: '" + name + "' has no cells");
    all.insert(all.end(), values.values.begin(), values.values.end());
  }
  std::tie(low_, high_) = limits_of(all, 0);
  if (options_.around_zero) {
    high_ = std::max(std::fabs(low_), std::fabs(high_));
    low_ = -high_;
  }
  low_ = options_.low.value_or(low_);
  high_ = options_.high.value_or(high_);
  if (!(low_ < high_)) std::tie(low_, high_) = std::pair(low_ - 0.5, low_ + 0.5);
}

/// The number of columns with which a picture of the right form is largest; what room is left in a cell it fills, unless
/// its cells are to be square.
ImagesFigure::Grid ImagesFigure::grid_in(const Box& box, const Look& look) const {
  const auto n = static_cast<double>(images_.size());
  const Matrix& first = images_.front().values;
  const double form = static_cast<double>(first.columns) / static_cast<double>(first.rows);  // width to height
  const bool named = std::any_of(images_.begin(), images_.end(), [](const auto& image) { return !image.name.empty(); });
  const double head = named ? look.small * 1.5 : 0, gap = look.small * 1.3;
  Grid best;
  double most = -1;
  for (double across = 1; across <= n; ++across) {
    const double down = std::ceil(n / across);
    double width = (box.width - gap * (across - 1)) / across, height = (box.height - gap * (down - 1)) / down - head;
    if (width <= 0 || height <= 0) continue;
    const double wanted = options_.square ? form : std::clamp(form, 0.8, 2.5);
    const double largest = std::min(width / wanted, height);
    if (largest <= most) continue;
    most = largest;
    width = std::min(width, height * wanted);
    if (options_.square) height = width / wanted;
    best = {static_cast<size_t>(across),
            static_cast<size_t>(down),
            box,
            width,
            height,
            width + gap,
            height + head + gap,
            head};
  }
  return best;
}

void ImagesFigure::draw_image(Canvas& canvas, const Box& box, size_t i, const Grid& grid, const Look& look) const {
  const auto& [name, values] = images_[i];
  const TextStyle style{look.small, Weight::normal, kInk}, quiet{look.small, Weight::normal, kQuiet};
  canvas.text({box.middle().x, box.y - look.small * 0.35}, shorten(name, style, box.width), style, Across::middle,
              Down::bottom);
  canvas.raster(box, raster_of(values, low_, high_, options_.map, options_.first_on_top));
  canvas.outline(box, {kQuiet, 0.6});
  const auto rows = static_cast<double>(values.rows), columns = static_cast<double>(values.columns);
  if (i % grid.across == 0) {
    const auto y = [&](double value) {
      return options_.first_on_top ? box.y + value / rows * box.height : box.bottom() - value / rows * box.height;
    };
    for (const Tick& tick : row_ticks(values.rows, box.height, look)) {
      canvas.text({box.x - look.small * 0.4, y(tick.value)}, tick.label, quiet, Across::right, Down::middle);
    }
  }
  if (i + grid.across >= images_.size()) {
    for (const Tick& tick : counted_ticks(values.columns, static_cast<int>(box.width / (look.small * 2.4)))) {
      const double x = box.x + tick.value / columns * box.width, half = measure(tick.label, quiet).width / 2;
      const double over = std::max(box.x - (x - half), x + half - box.right());
      if (over > (grid.step_x - grid.width) * 0.42) continue;  // it would touch that of the next picture
      canvas.text({x, box.bottom() + look.small * 0.3}, tick.label, quiet, Across::middle, Down::top);
    }
  }
}

std::vector<Tick> ImagesFigure::row_ticks(size_t rows, double height, const Look& look) const {
  const bool named = options_.names.size() == rows && height / static_cast<double>(rows) >= look.small * 1.1;
  if (!named) return counted_ticks(rows, static_cast<int>(height / (look.small * 3)));
  std::vector<Tick> ticks;
  for (size_t i = 0; i < rows; ++i) ticks.push_back({static_cast<double>(i) + 0.5, options_.names[i]});
  return ticks;
}

void ImagesFigure::draw(Canvas& canvas, const Box& box, const Look& look) const {
  const TextStyle text{look.text, Weight::normal, kInk}, small{look.small, Weight::normal, kQuiet};
  const double bar = draw_range_bar(nullptr, box, low_, high_, options_.unit, options_.map, look);
  const double label = options_.y_label.empty() ? 0 : line_height(text) * 1.15;
  const double below = line_height(small) + (options_.x_label.empty() ? 0 : line_height(text)) + look.small * 0.4;
  // numbers of rows need little room; names as much as the widest
  const Grid first = grid_in({box.x, box.y, box.width - bar - label, box.height - below}, look);
  double ticks = 0;
  for (const Tick& tick : row_ticks(images_.front().values.rows, first.height, look)) {
    ticks = std::max(ticks, measure(tick.label, small).width + look.small * 0.6);
  }
  const Box room{box.x + label + ticks, box.y, box.width - bar - look.text - label - ticks, box.height - below};
  const Grid grid = grid_in(room, look);
  for (size_t i = 0; i < images_.size(); ++i) draw_image(canvas, grid.place(i), i, grid, look);

  const Box last = grid.place(grid.across * grid.down - 1);
  const double middle = (room.x + last.right()) / 2, foot = last.bottom() + below;
  canvas.text({middle, foot}, options_.x_label, text, Across::middle, Down::bottom);
  if (label > 0) {
    canvas.text({box.x, (grid.place(0).y + last.bottom()) / 2}, options_.y_label, text, Across::middle, Down::top,
                true);
  }
  draw_range_bar(&canvas, {last.right() + look.text, grid.place(0).y, bar, last.bottom() - grid.place(0).y}, low_,
                 high_, options_.unit, options_.map, look);
}

}  // namespace lumir::report
