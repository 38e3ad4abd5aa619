// Recording what figures draw, and drawing it again.

#include "report/recorded_figure.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "report/markup.h"
#include "report/raster_file.h"

namespace lumir::report {
namespace {

Value value_of(const Colour& colour) { return List{colour.red, colour.green, colour.blue, colour.alpha}; }
Value value_of(const Box& box) { return List{box.x, box.y, box.width, box.height}; }
Value value_of(const Size& size) { return List{size.width, size.height}; }
Value value_of(const std::vector<Point>& points) {
  List list;
  for (const Point& point : points) {
    list.emplace_back(point.x);
    list.emplace_back(point.y);
  }
  return list;
}
Value value_of(const Stroke& stroke) {
  return List{value_of(stroke.colour), stroke.width, List(stroke.dashes.begin(), stroke.dashes.end())};
}

double number_at(const Value& value, size_t i) {
  if (!value.list() || value.list()->size() <= i || !(*value.list())[i].number()) {
    throw Error("a recorded figure: a number is missing");
  }
  return *(*value.list())[i].number();
}
const Value& part_at(const Value& value, size_t i) {
  if (!value.list() || value.list()->size() <= i) throw Error("a recorded figure: a part is missing");
  return (*value.list())[i];
}
std::string text_at(const Value& value, size_t i) {
  const std::string* text = part_at(value, i).text();
  if (!text) throw Error("a recorded figure: a text is missing");
  return *text;
}
Colour colour_at(const Value& call, size_t i) {
  const Value& value = part_at(call, i);
  return {number_at(value, 0), number_at(value, 1), number_at(value, 2), number_at(value, 3)};
}
Size size_from(const Value& value) { return {number_at(value, 0), number_at(value, 1)}; }

/// Draws nothing and writes down each call, with places as from the corner of the figure's box.
class RecordingCanvas final : public Canvas {
 public:
  RecordingCanvas(const Box& box, List& calls) : box_(box), calls_(calls) {}

  void fill(const Box& box, const Colour& colour) override {
    calls_.push_back(List{"fill", value_of(moved(box)), value_of(colour)});
  }
  void outline(const Box& box, const Stroke& stroke) override {
    calls_.push_back(List{"outline", value_of(moved(box)), value_of(stroke)});
  }
  void polyline(const std::vector<Point>& points, const Stroke& stroke) override {
    calls_.push_back(List{"polyline", value_of(moved(points)), value_of(stroke)});
  }
  void polygon(const std::vector<Point>& points, const Colour& colour) override {
    calls_.push_back(List{"polygon", value_of(moved(points)), value_of(colour)});
  }
  void disc(const Point& middle, double radius, const Colour& colour) override {
    calls_.push_back(List{"disc", middle.x - box_.x, middle.y - box_.y, radius, value_of(colour)});
  }
  void raster(const Box& box, const Raster& raster) override {
    if (raster.columns > 0 && raster.rows > 0) {
      calls_.push_back(List{"raster", value_of(moved(box)), base64(png_of(raster))});
    }
  }
  void text(const Point& at, const std::string& line, const TextStyle& style, Across across, Down down,
            bool turned) override {
    calls_.push_back(List{"text", at.x - box_.x, at.y - box_.y, line, style.size, style.weight == Weight::bold,
                          value_of(style.colour), style.fixed_width, static_cast<int>(across), static_cast<int>(down),
                          turned});
  }

 private:
  void begin_clip(const Box& box) override { calls_.push_back(List{"clip", value_of(moved(box))}); }
  void end_clip() override { calls_.push_back(List{"end"}); }
  Box moved(const Box& box) const { return {box.x - box_.x, box.y - box_.y, box.width, box.height}; }
  std::vector<Point> moved(std::vector<Point> points) const {
    for (Point& point : points) point = {point.x - box_.x, point.y - box_.y};
    return points;
  }

  Box box_;
  List& calls_;
};

/// Where a recorded place lies now.
struct Placing {
  Point corner;
  double scale = 1;
  Point point(double x, double y) const { return {corner.x + x * scale, corner.y + y * scale}; }
  Box box(const Value& value) const {
    const Point at = point(number_at(value, 0), number_at(value, 1));
    return {at.x, at.y, number_at(value, 2) * scale, number_at(value, 3) * scale};
  }
  std::vector<Point> points(const Value& value) const {
    std::vector<Point> points;
    for (size_t i = 0; value.list() && i + 1 < value.list()->size(); i += 2) {
      points.push_back(point(number_at(value, i), number_at(value, i + 1)));
    }
    return points;
  }
  Stroke stroke(const Value& value) const {
    Stroke stroke{colour_at(value, 0), number_at(value, 1) * scale, {}};
    const Value& dashes = part_at(value, 2);
    for (size_t i = 0; dashes.list() && i < dashes.list()->size(); ++i) {
      stroke.dashes.push_back(number_at(dashes, i) * scale);
    }
    return stroke;
  }
};

void draw_text(Canvas& canvas, const Value& call, const Placing& place) {
  const auto is = [&](size_t i) { return part_at(call, i).boolean() && *part_at(call, i).boolean(); };
  const TextStyle style{number_at(call, 4) * place.scale, is(5) ? Weight::bold : Weight::normal, colour_at(call, 6),
                        is(7)};
  canvas.text(place.point(number_at(call, 1), number_at(call, 2)), text_at(call, 3), style,
              static_cast<Across>(static_cast<int>(number_at(call, 8))),
              static_cast<Down>(static_cast<int>(number_at(call, 9))), is(10));
}

/// The calls from `at` on, up to the end of the clip that they stand in; answers where that is.
size_t replay(Canvas& canvas, const List& calls, size_t at, const Placing& place) {
  for (; at < calls.size(); ++at) {
    const Value& call = calls[at];
    const std::string what = text_at(call, 0);
    if (what == "end") return at;
    if (what == "fill") canvas.fill(place.box(part_at(call, 1)), colour_at(call, 2));
    if (what == "outline") canvas.outline(place.box(part_at(call, 1)), place.stroke(part_at(call, 2)));
    if (what == "polyline") canvas.polyline(place.points(part_at(call, 1)), place.stroke(part_at(call, 2)));
    if (what == "polygon") canvas.polygon(place.points(part_at(call, 1)), colour_at(call, 2));
    if (what == "disc") {
      canvas.disc(place.point(number_at(call, 1), number_at(call, 2)), number_at(call, 3) * place.scale,
                  colour_at(call, 4));
    }
    if (what == "raster") {
      canvas.raster(place.box(part_at(call, 1)), raster_of_png(bytes_of_base64(text_at(call, 2))));
    }
    if (what == "text") draw_text(canvas, call, place);
    if (what != "clip") continue;
    canvas.clipped(place.box(part_at(call, 1)), [&](Canvas& inside) { at = replay(inside, calls, at + 1, place); });
  }
  return at;
}

}  // namespace

Recorder::Recorder(FigurePtr figure) : figure_(std::move(figure)) {
  name = figure_->name;
  title = figure_->title;
  caption = figure_->caption;
  made_for = figure_->made_for;
}

void Recorder::draw(Canvas& canvas, const Box& box, const Look& look) const {
  const auto same = [&](const Recording& one) { return one.size.width == box.width && one.size.height == box.height; };
  figure_->draw(canvas, box, look);
  if (std::any_of(recordings_.begin(), recordings_.end(), same)) return;
  Recording recording{{box.width, box.height}, {}};
  RecordingCanvas recorder(box, recording.calls);
  figure_->draw(recorder, box, look);
  recordings_.push_back(std::move(recording));
}

Value Recorder::to_value() const {
  List recordings;
  for (const auto& one : recordings_) recordings.push_back(Map{{"size", value_of(one.size)}, {"calls", one.calls}});
  return Map{{"name", name},
             {"title", title},
             {"caption", caption},
             {"slide", value_of(figure_->size(Medium::slide))},
             {"column", value_of(figure_->size(Medium::column))},
             {"recordings", recordings}};
}

RecordedFigure::RecordedFigure(const Value& value)
    : slide_(size_from(value.at("slide"))), column_(size_from(value.at("column"))) {
  name = *value.at("name").text();
  title = *value.at("title").text();
  caption = *value.at("caption").text();
  if (!value.at("recordings").list()) throw Error("a recorded figure: no recordings");
  for (const auto& one : *value.at("recordings").list()) {
    if (!one.at("calls").list()) throw Error("a recorded figure: no calls");
    recordings_.push_back({size_from(one.at("size")), *one.at("calls").list()});
  }
  if (recordings_.empty()) throw Error("a recorded figure: it was never drawn");
}

Size RecordedFigure::size(Medium medium) const { return medium == Medium::slide ? slide_ : column_; }

void RecordedFigure::draw(Canvas& canvas, const Box& box, const Look&) const {
  const auto scale_of = [&](const Recording& one) {
    return std::min(box.width / one.size.width, box.height / one.size.height);
  };
  const auto nearest =
      std::min_element(recordings_.begin(), recordings_.end(), [&](const Recording& a, const Recording& b) {
        return std::fabs(std::log(scale_of(a))) < std::fabs(std::log(scale_of(b)));
      });
  const double scale = scale_of(*nearest);
  const Placing place{
      {box.x + (box.width - nearest->size.width * scale) / 2, box.y + (box.height - nearest->size.height * scale) / 2},
      scale};
  replay(canvas, nearest->calls, 0, place);
}

}  // namespace lumir::report
