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
  return {.text = 7.5, .small = 6.5, .title = 8.5, .line = 0.9, .marker = 4};
}

Size Figure::size(Medium medium) const { return medium == Medium::slide ? Size{960, 540} : Size{245, 165}; }

Drawing drawing_of(const Figure& figure, Medium medium) {
  return [&figure, medium](Canvas& canvas) {
    const Size size = figure.size(medium);
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

std::string render(const Figure& figure, const std::string& format, Medium medium) {
  const Drawing drawing = drawing_of(figure, medium);
  if (format == "png") return png_of(drawing, figure.size(medium), pixels_per_point(medium));
  if (format == "svg") return svg_of(drawing, figure.size(medium));
  if (format == "pdf") return pdf_of({drawing}, figure.size(medium), figure.title);
  throw ArgumentError("save: 'format' = '" + format + "' is none of 'png', 'svg', 'pdf'");
}

void save(const Figure& figure, const std::string& path, Medium medium) {
  const std::string ending = ending_of(path);
  if (ending != "png" && ending != "svg" && ending != "pdf") {
    throw ArgumentError("save: 'path' = '" + path + "' must end in .png, .svg or .pdf");
  }
  write_file(path, render(figure, ending, medium));
}

}  // namespace lumir::report
