// A canvas: where figures and slides draw, the same calls for PNG, PDF and SVG.
//
// Units are points (1/72 inch), x to the right, y down. Text is measured with the fonts that will draw it before
// anything is placed, so labels can be laid out instead of hoped for: one family, DejaVu Sans, with Noto Sans CJK for
// what it lacks. Text stays text in PDF (selectable) and in SVG (<text>, pinned to the measured width, so that another
// viewer's fonts cannot make labels overlap). The same calls give the same bytes: no dates, no random names.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace lumir::report {

struct Colour {
  double red = 0;
  double green = 0;
  double blue = 0;
  double alpha = 1;

  /// From 0xRRGGBB.
  static Colour hex(unsigned rgb);
  Colour with_alpha(double value) const { return {red, green, blue, value}; }
  /// "#3f90da".
  std::string text() const;
  /// Between this colour and another; 0 is this one.
  Colour toward(const Colour& other, double share) const;
};

struct Point {
  double x = 0;
  double y = 0;
};

struct Size {
  double width = 0;
  double height = 0;
};

struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;

  double right() const { return x + width; }
  double bottom() const { return y + height; }
  Point middle() const { return {x + width / 2, y + height / 2}; }
  /// Smaller by so much on every side.
  Box inset(double by) const { return inset(by, by); }
  Box inset(double across, double down) const { return {x + across, y + down, width - 2 * across, height - 2 * down}; }
};

enum class Weight { normal, bold };

struct TextStyle {
  double size = 12;
  Weight weight = Weight::normal;
  Colour colour = {};
  bool fixed_width = false;  // DejaVu Sans Mono
};

/// Where the given point lies on a line of text: across, and down.
enum class Across { left, middle, right };
enum class Down { top, middle, baseline, bottom };

struct Stroke {
  Colour colour = {};
  double width = 1;
  std::vector<double> dashes = {};
};

/// Forms of points, told apart without colour.
enum class Marker { circle, square, triangle, diamond, cross, plus, star, down_triangle };
constexpr int kMarkers = 8;

/// A grid of colours without gaps: spectrograms.
struct Raster {
  int columns = 0;
  int rows = 0;
  std::vector<Colour> cells;  // row-major, first row on top
};

class Canvas {
 public:
  virtual ~Canvas() = default;

  virtual void fill(const Box& box, const Colour& colour) = 0;
  virtual void outline(const Box& box, const Stroke& stroke) = 0;
  virtual void polyline(const std::vector<Point>& points, const Stroke& stroke) = 0;
  virtual void polygon(const std::vector<Point>& points, const Colour& colour) = 0;
  virtual void disc(const Point& middle, double radius, const Colour& colour) = 0;
  /// Every cell is a rectangle of its own colour; nothing is smoothed.
  virtual void raster(const Box& box, const Raster& raster) = 0;
  /// One line of text; `turned` reads from bottom to top, and across and down are then along that direction.
  virtual void text(const Point& at, const std::string& line, const TextStyle& style, Across across = Across::left,
                    Down down = Down::baseline, bool turned = false) = 0;

  /// Draws, and leaves out what lies outside of the box.
  void clipped(const Box& box, const std::function<void(Canvas&)>& draw);

  void line(const Point& from, const Point& to, const Stroke& stroke) { polyline({from, to}, stroke); }
  /// About `size` points wide, with a thin light edge that keeps overlapping ones apart.
  void marker(const Point& middle, Marker form, double size, const Colour& colour);

 private:
  virtual void begin_clip(const Box& box) = 0;
  virtual void end_clip() = 0;
};

/// Width and height of one line; the same on every canvas.
Size measure(const std::string& line, const TextStyle& style);
/// Distance from the top of a line to its baseline.
double ascent(const TextStyle& style);
/// From one baseline to the next in a paragraph.
double line_height(const TextStyle& style);
/// Breaks at words (at letters where a word alone is too wide, anywhere in Chinese) and at every new line.
std::vector<std::string> wrap(const std::string& text, const TextStyle& style, double width);
/// The line itself, or its beginning and an ellipsis where it is wider.
std::string shorten(const std::string& line, const TextStyle& style, double width);
/// Draws wrapped lines from the top left corner (or about the middle); returns the height used.
double paragraph(Canvas& canvas, const Box& box, const std::string& text, const TextStyle& style,
                 Across across = Across::left);

using Drawing = std::function<void(Canvas&)>;

/// `scale` pixels for each point.
std::string png_of(const Drawing& drawing, Size size, double scale);
/// `title` is what a reader who sees no pictures hears; nothing where it is empty.
std::string svg_of(const Drawing& drawing, Size size, const std::string& title = "");
std::string pdf_of(const std::vector<Drawing>& pages, Size size, const std::string& title);

/// Every line of text that a drawing puts on its canvas, in order: what a test reads instead of pictures.
struct PlacedText {
  std::string line;
  Box box;  // upright, even for turned text
  double size = 0;
};
std::vector<PlacedText> texts_of(const Drawing& drawing);

}  // namespace lumir::report
