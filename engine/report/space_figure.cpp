// Drawing a space: a box around the points, its three faces behind them ruled, near points large and far ones pale.

#include "report/space_figure.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>
#include <tuple>

#include "core/error.h"
#include "report/axis.h"
#include "report/scatter_figure.h"

namespace lumir::report {
namespace {

constexpr int kLeastTurn = 20;  // degrees from looking along an axis, whose labels would lie on others'

using Place = std::array<double, 3>;
using Square = std::array<Place, 3>;  // 3 x 3

double dot(const Place& a, const Place& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

/// Directions of the picture in the space: to the right, upwards, towards the viewer.
struct Directions {
  Place right, up, near;
  explicit Directions(const View& view) {
    const double turn = view.azimuth * std::numbers::pi / 180, tilt = view.elevation * std::numbers::pi / 180;
    right = {-std::sin(turn), std::cos(turn), 0};
    up = {-std::cos(turn) * std::sin(tilt), -std::sin(turn) * std::sin(tilt), std::cos(tilt)};
    near = {std::cos(turn) * std::cos(tilt), std::sin(turn) * std::cos(tilt), std::sin(tilt)};
  }
};

bool is_whole(std::span<const double> point) {
  return std::all_of(point.begin(), point.end(), [](double number) { return std::isfinite(number); });
}

void add_square(Square& sum, const Place& off, double weight) {
  for (size_t a = 0; a < 3; ++a) {
    for (size_t b = 0; b < 3; ++b) sum[a][b] += weight * off[a] * off[b];
  }
}

/// How points spread about the middles of their classes, and these about the middle of all.
struct Spread {
  Square within{}, between{};
  size_t classes = 0;
};
Spread spread_of(const Matrix& points, const std::vector<int>& which) {
  const size_t count = which.empty() ? 0 : static_cast<size_t>(*std::max_element(which.begin(), which.end())) + 1;
  std::vector<Place> middles(count);
  std::vector<double> n(count);
  Place middle{};
  double all = 0;
  const auto each = [&](const auto& use) {
    for (size_t row = 0; row < points.rows; ++row) {
      if (is_whole(points.row(row))) use(static_cast<size_t>(which[row]), points.row(row));
    }
  };
  each([&](size_t label, std::span<const double> point) {
    for (size_t a = 0; a < 3; ++a) middles[label][a] += point[a];
    for (size_t a = 0; a < 3; ++a) middle[a] += point[a];
    n[label] += 1;
    all += 1;
  });
  Spread spread;
  for (double& number : middle) number /= std::max(1.0, all);
  for (size_t c = 0; c < count; ++c) {
    if (n[c] == 0) continue;
    ++spread.classes;
    for (double& number : middles[c]) number /= n[c];
    add_square(spread.between, {middles[c][0] - middle[0], middles[c][1] - middle[1], middles[c][2] - middle[2]}, n[c]);
  }
  each([&](size_t label, std::span<const double> point) {
    const Place& own = middles[label];
    add_square(spread.within, {point[0] - own[0], point[1] - own[1], point[2] - own[2]}, 1);
  });
  return spread;
}

/// A spread as the picture shows it: along, across and between right and up.
struct Seen {
  double right, up, both;
  Seen(const Square& spread, const Directions& of) {
    const auto along = [&](const Place& a, const Place& b) {
      return dot(a, {dot(spread[0], b), dot(spread[1], b), dot(spread[2], b)});
    };
    right = along(of.right, of.right);
    up = along(of.up, of.up);
    both = along(of.right, of.up);
  }
  double area() const { return right * up - both * both; }
};

/// Of the picture from there: trace(within⁻¹ between), or the area of the cloud.
double worth(const Spread& spread, const View& view) {
  const Directions of(view);
  const Seen within(spread.within, of), between(spread.between, of);
  if (spread.classes < 2) return within.area();
  const double least = 1e-9 * (within.right + within.up) * (within.right + within.up);
  return (within.up * between.right + within.right * between.up - 2 * within.both * between.both) /
         std::max(within.area(), std::max(least, 1e-300));
}

/// From places of the space to places on the canvas.
class Camera {
 public:
  Camera(const View& view, const std::array<Axis, 3>& axes, const Box& box) : of_(view) {
    for (size_t a = 0; a < 3; ++a) middle_[a] = (axes[a].low + axes[a].high) / 2;
    double across = 0, up = 0;
    for (int corner = 0; corner < 8; ++corner) {
      Place off;
      for (size_t a = 0; a < 3; ++a) off[a] = (corner >> a & 1 ? 0.5 : -0.5) * (axes[a].high - axes[a].low);
      across = std::max(across, std::fabs(dot(off, of_.right)));
      up = std::max(up, std::fabs(dot(off, of_.up)));
      depth_ = std::max(depth_, std::fabs(dot(off, of_.near)));
    }
    scale_ = std::min(box.width / (2 * across), box.height / (2 * up));
    centre_ = box.middle();
  }
  Point operator()(const Place& place) const {
    const Place off = from_middle(place);
    return {centre_.x + scale_ * dot(off, of_.right), centre_.y - scale_ * dot(off, of_.up)};
  }
  /// 0 for the farthest corner, 1 for the nearest.
  double nearness(const Place& place) const { return 0.5 + 0.5 * dot(from_middle(place), of_.near) / depth_; }
  /// True where the upper end of that axis is the nearer one.
  bool upper_is_near(size_t axis) const { return of_.near[axis] > 0; }

 private:
  Place from_middle(const Place& place) const {
    return {place[0] - middle_[0], place[1] - middle_[1], place[2] - middle_[2]};
  }
  Directions of_;
  Place middle_{};
  Point centre_;
  double scale_ = 1, depth_ = 1e-300;
};

/// The three faces behind the points, ruled at the ticks of their two axes.
void draw_back(Canvas& canvas, const Camera& at, const std::array<Axis, 3>& axes) {
  Place far;
  for (size_t a = 0; a < 3; ++a) far[a] = at.upper_is_near(a) ? axes[a].low : axes[a].high;
  for (size_t across = 0; across < 3; ++across) {
    for (size_t other = 0; other < 3; ++other) {
      if (other == across) continue;
      const auto rule = [&](double value, const Stroke& stroke) {
        Place from = far;
        from[across] = value;
        Place to = from;
        from[other] = axes[other].low;
        to[other] = axes[other].high;
        canvas.line(at(from), at(to), stroke);
      };
      for (const Tick& tick : axes[across].ticks) rule(tick.value, {kRule, 0.6});
      for (const double edge : {axes[across].low, axes[across].high}) rule(edge, {kQuiet, 0.8});
    }
  }
}

/// Numbers and a label along one edge of the box, on the side that points away from its middle.
void draw_edge(Canvas& canvas, const Camera& at, const std::array<Axis, 3>& axes, size_t along, Place edge,
               const Box& bounds, const Look& look) {
  const TextStyle small{look.small, Weight::normal, kQuiet}, text{look.text, Weight::normal, kInk};
  const Axis& axis = axes[along];
  const Point middle = bounds.middle();
  edge[along] = (axis.low + axis.high) / 2;
  const Point half = at(edge);
  edge[along] = axis.low;
  const Point begin = at(edge);
  edge[along] = axis.high;
  const Point end = at(edge);
  const double length = std::max(1e-9, std::hypot(end.x - begin.x, end.y - begin.y));
  Point away{(end.y - begin.y) / length, (begin.x - end.x) / length};
  if (away.x * (half.x - middle.x) + away.y * (half.y - middle.y) < 0) away = {-away.x, -away.y};
  const Across side = away.x > 0.35 ? Across::left : away.x < -0.35 ? Across::right : Across::middle;
  const auto beside = [&](const Point& from, double by) { return Point{from.x + away.x * by, from.y + away.y * by}; };
  double widest = 0;
  for (const Tick& tick : axis.ticks) {
    edge[along] = tick.value;
    const Point place = at(edge);
    canvas.line(place, beside(place, look.small * 0.3), {kQuiet, 0.8});
    canvas.text(beside(place, look.small * 0.9), tick.label, small, side, Down::middle);
    widest = std::max(widest, std::fabs(away.x) * measure(tick.label, small).width + std::fabs(away.y) * look.small);
  }
  Point place = beside(half, look.small * 1.4 + widest + look.text * 0.5);
  if (along == 2) {
    canvas.text(place, axis.label, text, Across::middle, Down::bottom, true);
  } else {  // away from the other one, which meets it at the corner in front
    const bool at_left = half.x < middle.x;
    const double width = measure(axis.label, text).width;
    place.x = at_left ? std::max(place.x, bounds.x + width) : std::min(place.x, bounds.right() - width);
    canvas.text(place, axis.label, text, at_left ? Across::right : Across::left, Down::middle);
  }
}

/// The first two axes along the lower edges in front, the third along the edge at the left.
void draw_edges(Canvas& canvas, const Camera& at, const std::array<Axis, 3>& axes, const Box& box, const Look& look) {
  const auto end = [&](size_t axis, bool upper) { return upper ? axes[axis].high : axes[axis].low; };
  const Place front{end(0, at.upper_is_near(0)), end(1, at.upper_is_near(1)), axes[2].low};
  draw_edge(canvas, at, axes, 0, front, box, look);
  draw_edge(canvas, at, axes, 1, front, box, look);
  Place left = front;
  for (const bool x : {false, true}) {
    for (const bool y : {false, true}) {
      const Place corner{end(0, x), end(1, y), axes[2].low};
      if (at(corner).x < at(left).x) left = corner;
    }
  }
  draw_edge(canvas, at, axes, 2, left, box, look);
}

/// Equal scales; an axis along which nothing lies apart keeps some width.
std::array<Axis, 3> axes_of(const Matrix& points, const std::array<std::string, 3>& labels) {
  std::array<Axis, 3> axes;
  double widest = 0;
  for (size_t a = 0; a < 3; ++a) {
    axes[a].label = labels[a];
    std::tie(axes[a].low, axes[a].high) = limits_of(column_of(points, a), 0.05);
    widest = std::max(widest, axes[a].high - axes[a].low);
  }
  for (Axis& axis : axes) {
    const double middle = (axis.low + axis.high) / 2, half = std::max(axis.high - axis.low, widest * 0.4) / 2;
    axis.low = middle - half;
    axis.high = middle + half;
    axis.ticks = round_ticks(axis.low, axis.high, 5);
  }
  return axes;
}

}  // namespace

View good_view(const Matrix& points, const std::vector<int>& which) {
  const Spread spread = spread_of(points, which);
  View best;
  double most = -1;
  for (int azimuth = 0; azimuth < 360; azimuth += 5) {
    if (azimuth % 90 < kLeastTurn || azimuth % 90 > 90 - kLeastTurn) continue;
    for (int elevation = 15; elevation <= 45; elevation += 5) {
      const View view{static_cast<double>(azimuth), static_cast<double>(elevation)};
      const double here = worth(spread, view);
      if (here <= most * (1 + 1e-9)) continue;
      most = here;
      best = view;
    }
  }
  return best;
}

SpaceFigure::SpaceFigure(Matrix points, std::vector<int> which, std::vector<std::string> classes, std::string label)
    : points_(std::move(points)), which_(std::move(which)), classes_(std::move(classes)), label_(std::move(label)) {
  check_points(points_, 3, which_);
}

void SpaceFigure::draw(Canvas& canvas, const Box& box, const Look& look) const {
  const auto axes = axes_of(points_, labels);
  const Box left = draw_legend(canvas, box, label_, legend_of(which_, classes_), look);
  const Box room = left.inset(look.text * 4.5, look.text * 2.4);
  const Camera at(good_view(points_, which_), axes, room);
  draw_back(canvas, at, axes);
  draw_edges(canvas, at, axes, left, look);

  std::vector<size_t> order;
  for (size_t row = 0; row < points_.rows; ++row) {
    if (is_whole(points_.row(row))) order.push_back(row);
  }
  const auto place = [&](size_t row) { return Place{points_(row, 0), points_(row, 1), points_(row, 2)}; };
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return at.nearness(place(a)) < at.nearness(place(b)); });
  const double size = marker_size(points_.rows, look);
  for (const size_t row : order) {
    const ClassLook way = class_look(static_cast<size_t>(which_[row]));
    const double near = at.nearness(place(row));
    canvas.marker(at(place(row)), way.marker, size * (0.75 + 0.4 * near), way.colour.toward(kPaper, 0.45 * (1 - near)));
  }
}

std::shared_ptr<Figure> cloud_figure(const Matrix& points, const std::vector<int>& which,
                                     const std::vector<std::string>& classes, const std::string& label,
                                     const std::array<std::string, 3>& labels) {
  if (points.columns != 2 && points.columns != 3) {
    throw ArgumentError("scatter: 'points' has " + std::to_string(points.columns) + " columns, must have 2 or 3");
  }
  if (points.columns == 3) {
    auto space = std::make_shared<SpaceFigure>(points, which, classes, label);
    space->labels = labels;
    return space;
  }
  auto plane = std::make_shared<ScatterFigure>(points, which, classes, label);
  plane->x_label = labels[0];
  plane->y_label = labels[1];
  return plane;
}

}  // namespace lumir::report
