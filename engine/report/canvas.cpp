// The canvases: Cairo for PNG and PDF, written out for SVG, a list of texts for tests.

#include "report/canvas.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>

#include <cairo-pdf.h>
#include <cairo.h>

#include "core/error.h"
#include "report/markup.h"
#include "report/text_layout.h"

namespace lumir::report {
namespace {

cairo_status_t append(void* text, const unsigned char* bytes, unsigned n) {
  static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), n);
  return CAIRO_STATUS_SUCCESS;
}

struct SurfaceDelete {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct ContextDelete {
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};
using SurfacePtr = std::unique_ptr<cairo_surface_t, SurfaceDelete>;
using ContextPtr = std::unique_ptr<cairo_t, ContextDelete>;

void check(cairo_status_t status) {
  if (status != CAIRO_STATUS_SUCCESS) throw Error(std::string("drawing failed: ") + cairo_status_to_string(status));
}

uint32_t pixel(const Colour& colour) {
  const auto part = [](double value) { return static_cast<uint32_t>(std::lround(std::clamp(value, 0.0, 1.0) * 255)); };
  return 0xFF000000u | part(colour.red) << 16 | part(colour.green) << 8 | part(colour.blue);
}

/// One pixel for each cell.
SurfacePtr surface_of(const Raster& raster) {
  SurfacePtr surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, raster.columns, raster.rows));
  check(cairo_surface_status(surface.get()));
  cairo_surface_flush(surface.get());
  unsigned char* bytes = cairo_image_surface_get_data(surface.get());
  const int stride = cairo_image_surface_get_stride(surface.get());
  for (int row = 0; row < raster.rows; ++row) {
    auto* line = reinterpret_cast<uint32_t*>(bytes + static_cast<ptrdiff_t>(row) * stride);
    for (int column = 0; column < raster.columns; ++column) {
      line[column] = pixel(raster.cells[static_cast<size_t>(row) * raster.columns + column]);
    }
  }
  cairo_surface_mark_dirty(surface.get());
  return surface;
}

std::string png_of(cairo_surface_t* surface) {
  std::string bytes;
  check(cairo_surface_write_to_png_stream(surface, append, &bytes));
  return bytes;
}

/// The top left corner of a line that is to lie at `at`, in the direction of reading.
Point corner(const Point& at, const Size& size, const TextStyle& style, Across across, Down down) {
  Point corner = at;
  if (across == Across::middle) corner.x -= size.width / 2;
  if (across == Across::right) corner.x -= size.width;
  if (down == Down::baseline) corner.y -= ascent(style);
  // the middle of small letters and figures, not of the line
  if (down == Down::middle) corner.y -= ascent(style) - 0.36 * style.size;
  if (down == Down::bottom) corner.y -= size.height;
  return corner;
}

class CairoCanvas final : public Canvas {
 public:
  /// Text as outlines stands at fractions of a pixel; as glyphs it stays selectable.
  CairoCanvas(cairo_t* context, bool outlines) : cr_(context), outlines_(outlines) {}

  void fill(const Box& box, const Colour& colour) override {
    cairo_new_path(cr_);
    cairo_rectangle(cr_, box.x, box.y, box.width, box.height);
    fill_path(colour);
  }
  void outline(const Box& box, const Stroke& stroke) override {
    cairo_new_path(cr_);
    cairo_rectangle(cr_, box.x, box.y, box.width, box.height);
    stroke_path(stroke);
  }
  void polyline(const std::vector<Point>& points, const Stroke& stroke) override {
    trace(points);
    stroke_path(stroke);
  }
  void polygon(const std::vector<Point>& points, const Colour& colour) override {
    trace(points);
    cairo_close_path(cr_);
    fill_path(colour);
  }
  void disc(const Point& middle, double radius, const Colour& colour) override {
    cairo_new_path(cr_);
    cairo_arc(cr_, middle.x, middle.y, radius, 0, 2 * std::numbers::pi);
    fill_path(colour);
  }
  void raster(const Box& box, const Raster& cells) override {
    if (cells.columns == 0 || cells.rows == 0) return;
    const SurfacePtr image = surface_of(cells);
    cairo_save(cr_);
    cairo_rectangle(cr_, box.x, box.y, box.width, box.height);
    cairo_clip(cr_);
    cairo_translate(cr_, box.x, box.y);
    cairo_scale(cr_, box.width / cells.columns, box.height / cells.rows);
    cairo_set_source_surface(cr_, image.get(), 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr_), CAIRO_FILTER_NEAREST);
    cairo_paint(cr_);
    cairo_restore(cr_);
  }
  void text(const Point& at, const std::string& line, const TextStyle& style, Across across, Down down,
            bool turned) override {
    const LayoutPtr layout = layout_of(line, style);
    const Size size = measure(line, style);
    cairo_save(cr_);
    cairo_translate(cr_, at.x, at.y);
    if (turned) cairo_rotate(cr_, -std::numbers::pi / 2);
    const Point start = corner({0, 0}, size, style, across, down);
    const double baseline = static_cast<double>(pango_layout_get_baseline(layout.get())) / PANGO_SCALE;
    cairo_move_to(cr_, start.x, start.y + ascent(style) - baseline);
    set_colour(style.colour);
    if (outlines_) {
      pango_cairo_layout_path(cr_, layout.get());
      cairo_fill(cr_);
    } else {
      pango_cairo_show_layout(cr_, layout.get());
    }
    cairo_restore(cr_);
  }

 private:
  void begin_clip(const Box& box) override {
    cairo_save(cr_);
    cairo_new_path(cr_);
    cairo_rectangle(cr_, box.x, box.y, box.width, box.height);
    cairo_clip(cr_);
  }
  void end_clip() override { cairo_restore(cr_); }
  void trace(const std::vector<Point>& points) {
    cairo_new_path(cr_);  // text leaves its place behind
    for (const Point& point : points) cairo_line_to(cr_, point.x, point.y);
  }
  void set_colour(const Colour& colour) {
    cairo_set_source_rgba(cr_, colour.red, colour.green, colour.blue, colour.alpha);
  }
  void fill_path(const Colour& colour) {
    set_colour(colour);
    cairo_fill(cr_);
  }
  void stroke_path(const Stroke& stroke) {
    set_colour(stroke.colour);
    cairo_set_line_width(cr_, stroke.width);
    cairo_set_line_join(cr_, CAIRO_LINE_JOIN_ROUND);
    cairo_set_dash(cr_, stroke.dashes.data(), static_cast<int>(stroke.dashes.size()), 0);
    cairo_stroke(cr_);
  }

  cairo_t* cr_;
  bool outlines_;
};

/// Two decimals, without trailing zeros.
std::string coordinate(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.2f", value);
  std::string number = text;
  while (number.back() == '0') number.pop_back();
  if (number.back() == '.') number.pop_back();
  return number == "-0" ? "0" : number;
}

class SvgCanvas final : public Canvas {
 public:
  SvgCanvas(Size size, const std::string& title) {
    const std::string width = coordinate(size.width), height = coordinate(size.height);
    svg_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"" + width + "pt\" height=\"" + height +
           "pt\" viewBox=\"0 0 " + width + " " + height + "\">\n";
    if (!title.empty()) svg_ += "<title>" + escaped(title) + "</title>\n";
  }
  std::string finish() { return svg_ + "</svg>\n"; }

  void fill(const Box& box, const Colour& colour) override { rectangle(box, paint("fill", colour)); }
  void outline(const Box& box, const Stroke& stroke) override { rectangle(box, " fill=\"none\"" + stroke_of(stroke)); }
  void polyline(const std::vector<Point>& points, const Stroke& stroke) override {
    svg_ += "<polyline" + points_of(points) + " fill=\"none\"" + stroke_of(stroke) + "/>\n";
  }
  void polygon(const std::vector<Point>& points, const Colour& colour) override {
    svg_ += "<polygon" + points_of(points) + paint("fill", colour) + "/>\n";
  }
  void disc(const Point& middle, double radius, const Colour& colour) override {
    svg_ += "<circle" + attribute("cx", middle.x) + attribute("cy", middle.y) + attribute("r", radius) +
            paint("fill", colour) + "/>\n";
  }
  void raster(const Box& box, const Raster& cells) override {
    if (cells.columns == 0 || cells.rows == 0) return;
    svg_ += "<image" + frame(box) +
            " preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64," +
            base64(png_of(surface_of(cells).get())) + "\"/>\n";
  }
  void text(const Point& at, const std::string& line, const TextStyle& style, Across across, Down down,
            bool turned) override {
    if (line.empty()) return;
    const Size size = measure(line, style);
    const Point start = corner(turned ? Point{0, 0} : at, size, style, across, down);
    svg_ += "<text" + attribute("x", start.x) + attribute("y", start.y + ascent(style));
    if (turned) {
      svg_ += " transform=\"translate(" + coordinate(at.x) + " " + coordinate(at.y) + ") rotate(-90)\"";
    }
    svg_ += attribute("textLength", size.width) + " lengthAdjust=\"spacingAndGlyphs\" font-family=\"" +
            svg_family(style) + "\"" + attribute("font-size", style.size);
    if (style.weight == Weight::bold) svg_ += " font-weight=\"bold\"";
    svg_ += paint("fill", style.colour) + " xml:space=\"preserve\">" + escaped(line) + "</text>\n";
  }

 private:
  /// An inner picture ends at its border, and needs no name that another picture on the page could have.
  void begin_clip(const Box& box) override {
    svg_ += "<svg" + frame(box) + " viewBox=\"" + coordinate(box.x) + " " + coordinate(box.y) + " " +
            coordinate(box.width) + " " + coordinate(box.height) + "\">\n";
  }
  void end_clip() override { svg_ += "</svg>\n"; }
  static std::string attribute(const char* name, double value) {
    return std::string(" ") + name + "=\"" + coordinate(value) + "\"";
  }
  static std::string paint(const std::string& name, const Colour& colour) {
    std::string text = " " + name + "=\"" + colour.text() + "\"";
    if (colour.alpha < 1) text += attribute((name + "-opacity").c_str(), colour.alpha);
    return text;
  }
  static std::string stroke_of(const Stroke& stroke) {
    std::string text =
        paint("stroke", stroke.colour) + attribute("stroke-width", stroke.width) + " stroke-linejoin=\"round\"";
    if (stroke.dashes.empty()) return text;
    text += " stroke-dasharray=\"";
    for (size_t i = 0; i < stroke.dashes.size(); ++i) text += (i > 0 ? " " : "") + coordinate(stroke.dashes[i]);
    return text + "\"";
  }
  static std::string points_of(const std::vector<Point>& points) {
    std::string text = " points=\"";
    for (size_t i = 0; i < points.size(); ++i) {
      text += (i > 0 ? " " : "") + coordinate(points[i].x) + "," + coordinate(points[i].y);
    }
    return text + "\"";
  }
  static std::string frame(const Box& box) {
    return attribute("x", box.x) + attribute("y", box.y) + attribute("width", box.width) +
           attribute("height", box.height);
  }
  void rectangle(const Box& box, const std::string& look) { svg_ += "<rect" + frame(box) + look + "/>\n"; }

  std::string svg_;
};

/// Remembers what is written and where.
class TextCanvas final : public Canvas {
 public:
  void fill(const Box&, const Colour&) override {}
  void outline(const Box&, const Stroke&) override {}
  void polyline(const std::vector<Point>&, const Stroke&) override {}
  void polygon(const std::vector<Point>&, const Colour&) override {}
  void disc(const Point&, double, const Colour&) override {}
  void raster(const Box&, const Raster&) override {}
  void text(const Point& at, const std::string& line, const TextStyle& style, Across across, Down down,
            bool turned) override {
    if (line.empty()) return;
    const Size size = measure(line, style);
    if (turned) {
      const Point start = corner({0, 0}, size, style, across, down);
      texts.push_back({line, {at.x + start.y, at.y - start.x - size.width, size.height, size.width}, style.size});
    } else {
      const Point start = corner(at, size, style, across, down);
      texts.push_back({line, {start.x, start.y, size.width, size.height}, style.size});
    }
  }
  std::vector<PlacedText> texts;

 private:
  void begin_clip(const Box&) override {}
  void end_clip() override {}
};

std::vector<Point> around(const Point& middle, double radius, int corners, double first_degrees, double inner = 1) {
  std::vector<Point> points;
  for (int i = 0; i < corners; ++i) {
    const double angle = (first_degrees + 360.0 * i / corners) * std::numbers::pi / 180;
    const double reach = i % 2 == 1 ? radius * inner : radius;
    points.push_back({middle.x + reach * std::cos(angle), middle.y + reach * std::sin(angle)});
  }
  return points;
}

/// A plus sign, turned by 45 degrees for a cross.
std::vector<Point> plus_shape(const Point& middle, double radius, bool turned) {
  const double arm = radius, half = radius * 0.34;
  const double outline[12][2] = {{half, -arm}, {half, -half}, {arm, -half},   {arm, half},
                                 {half, half}, {half, arm},   {-half, arm},   {-half, half},
                                 {-arm, half}, {-arm, -half}, {-half, -half}, {-half, -arm}};
  const double turn = turned ? std::numbers::pi / 4 : 0;
  std::vector<Point> points;
  for (const auto& [x, y] : outline) {
    points.push_back(
        {middle.x + x * std::cos(turn) - y * std::sin(turn), middle.y + x * std::sin(turn) + y * std::cos(turn)});
  }
  return points;
}

std::vector<Point> shape_of(Marker form, const Point& middle, double radius) {
  switch (form) {
    case Marker::square: return around(middle, radius * 1.2, 4, 45);
    case Marker::triangle: return around({middle.x, middle.y + radius * 0.2}, radius * 1.3, 3, -90);
    case Marker::down_triangle: return around({middle.x, middle.y - radius * 0.2}, radius * 1.3, 3, 90);
    case Marker::diamond: return around(middle, radius * 1.3, 4, 0);
    case Marker::star: return around(middle, radius * 1.45, 10, -90, 0.45);
    case Marker::cross: return plus_shape(middle, radius * 1.2, true);
    case Marker::plus: return plus_shape(middle, radius * 1.2, false);
    case Marker::circle: break;
  }
  return {};
}

}  // namespace

Colour Colour::hex(unsigned rgb) {
  return {((rgb >> 16) & 255) / 255.0, ((rgb >> 8) & 255) / 255.0, (rgb & 255) / 255.0, 1};
}

std::string Colour::text() const {
  char out[8];
  std::snprintf(out, sizeof out, "#%06x", pixel(*this) & 0xFFFFFFu);
  return out;
}

Colour Colour::toward(const Colour& other, double share) const {
  const auto mix = [share](double from, double to) { return from + (to - from) * share; };
  return {mix(red, other.red), mix(green, other.green), mix(blue, other.blue), mix(alpha, other.alpha)};
}

void Canvas::clipped(const Box& box, const std::function<void(Canvas&)>& draw) {
  begin_clip(box);
  draw(*this);
  end_clip();
}

void Canvas::marker(const Point& middle, Marker form, double size, const Colour& colour) {
  const Colour edge{1, 1, 1, 0.85};
  if (form == Marker::circle) {
    disc(middle, size / 2 + 0.7, edge);
    disc(middle, size / 2, colour);
    return;
  }
  polygon(shape_of(form, middle, size / 2 + 0.8), edge);
  polygon(shape_of(form, middle, size / 2), colour);
}

std::string png_of(const Drawing& drawing, Size size, double scale) {
  const int width = static_cast<int>(std::lround(size.width * scale));
  const int height = static_cast<int>(std::lround(size.height * scale));
  const SurfacePtr surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
  check(cairo_surface_status(surface.get()));
  const ContextPtr context(cairo_create(surface.get()));
  cairo_set_source_rgb(context.get(), 1, 1, 1);
  cairo_paint(context.get());
  cairo_scale(context.get(), scale, scale);
  CairoCanvas canvas(context.get(), true);
  drawing(canvas);
  check(cairo_status(context.get()));
  return png_of(surface.get());
}

std::string svg_of(const Drawing& drawing, Size size, const std::string& title) {
  SvgCanvas canvas(size, title);
  drawing(canvas);
  return canvas.finish();
}

std::string pdf_of(const std::vector<Drawing>& pages, Size size, const std::string& title) {
  std::string bytes;
  const SurfacePtr surface(cairo_pdf_surface_create_for_stream(append, &bytes, size.width, size.height));
  check(cairo_surface_status(surface.get()));
  if (!title.empty()) cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, title.c_str());
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, "Lumir");
  // the same day always: the same data give the same bytes
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
  const ContextPtr context(cairo_create(surface.get()));
  for (const Drawing& page : pages) {
    CairoCanvas canvas(context.get(), false);
    page(canvas);
    cairo_show_page(context.get());
  }
  check(cairo_status(context.get()));
  cairo_surface_finish(surface.get());
  check(cairo_surface_status(surface.get()));
  return bytes;
}

std::vector<PlacedText> texts_of(const Drawing& drawing) {
  TextCanvas canvas;
  drawing(canvas);
  return canvas.texts;
}

}  // namespace lumir::report
