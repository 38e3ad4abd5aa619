// Figures as files.

#include "report/figure.h"

#include <algorithm>

#include "core/error.h"
#include "core/file.h"
#include "report/colours.h"

namespace lumir::report {
namespace {

std::string ending_of(const std::string& path) {
  const size_t dot = path.rfind('.');
  return dot == std::string::npos || path.find('/', dot) != std::string::npos ? "" : path.substr(dot + 1);
}

/// Pixels for each point: 1920 x 1080 for a slide, 300 dots per inch for paper.
double pixels_per_point(Medium medium) { return medium == Medium::slide ? 2.0 : 300.0 / 72; }

}  // namespace

Look Look::of(Medium medium) {
  if (medium == Medium::slide) return {};
  if (medium == Medium::page) return {.text = 9, .small = 8, .title = 11, .line = 1.1, .marker = 5};
  return {.text = 7.5, .small = 6.5, .title = 8.5, .line = 0.9, .marker = 4};
}

Size Figure::size(Medium medium) const { return medium == Medium::slide ? Size{960, 540} : Size{245, 165}; }

Size size_of(const Figure& figure, Medium medium) {
  if (medium != Medium::page) return figure.size(medium);
  constexpr double kWidth = 504;  // 7 inches
  const Size slide = figure.size(Medium::slide);
  return {kWidth, slide.height * kWidth / slide.width};
}

Drawing drawing_of(const Figure& figure, Medium medium) {
  return [&figure, medium](Canvas& canvas) {
    const Size size = size_of(figure, medium);
    const Look look = Look::of(medium);
    canvas.fill({0, 0, size.width, size.height}, kPaper);
    const double edge = look.text * (medium == Medium::slide ? 1.6 : 0.5);
    Box box = Box{0, 0, size.width, size.height}.inset(edge);
    if (!figure.title.empty()) {
      const TextStyle style{look.title, Weight::bold, kInk};
      const double used = paragraph(canvas, box, figure.title, style) + look.title * 0.5;
      box.y += used;
      box.height -= used;
    }
    figure.draw(canvas, box, look);
  };
}

std::string render(const Figure& figure, const std::string& format, std::optional<Medium> given) {
  const Medium medium = given.value_or(figure.made_for);
  const Drawing drawing = drawing_of(figure, medium);
  if (format == "png") return png_of(drawing, size_of(figure, medium), pixels_per_point(medium));
  if (format == "svg") return svg_of(drawing, size_of(figure, medium), figure.title);
  if (format == "pdf") return pdf_of({drawing}, size_of(figure, medium), figure.title);
  throw ArgumentError("save: 'format' = '" + format + "' is none of 'png', 'svg', 'pdf'");
}

void save(const Figure& figure, const std::string& path, std::optional<Medium> medium) {
  const std::string ending = ending_of(path);
  if (ending != "png" && ending != "svg" && ending != "pdf") {
    throw ArgumentError("save: 'path' = '" + path + "' must end in .png, .svg or .pdf");
  }
  write_file(path, render(figure, ending, medium));
}

}  // namespace lumir::report
