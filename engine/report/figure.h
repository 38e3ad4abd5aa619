// A figure: one picture that goes to a slide, a page, a file or a column of a paper.
//
// A figure is data and a drawing of it into any box; it never draws outside. Each kind has a file of its own:
// confusion_figure, bar_figure, scatter_figure, curve_figure, matrix_figure, class_figure.

#pragma once

#include <memory>
#include <optional>
#include <string>

#include "report/canvas.h"

namespace lumir::report {

/// What a figure is made for: sizes of text, lines and the whole.
enum class Medium {
  slide,   // 16:9, text of 12 to 14 points
  column,  // 3.4 inches, a column of a paper, text of 7 to 8 points
  page,    // 7 inches, both columns of a paper, text of 8 to 9 points
};

/// Sizes in points that a medium asks for.
struct Look {
  double text = 13;   // labels of axes, names
  double small = 11;  // numbers on cells, notes
  double title = 18;
  double line = 1.6;
  double marker = 8;
  static Look of(Medium medium);
};

class Figure {
 public:
  virtual ~Figure() = default;

  /// Short, unique in a report: names the file, "confusion_svm".
  std::string name;
  /// Stands above the figure in files; on a slide the slide's own title says it.
  std::string title;
  /// One sentence on what is to be seen; under the figure on the page.
  std::string caption;

  /// Draws into the box, without the title.
  virtual void draw(Canvas& canvas, const Box& box, const Look& look) const = 0;
  /// The whole size that suits the data, for a file of its own; that of a page follows from a slide's.
  virtual Size size(Medium medium) const;
  /// What it is drawn for where nobody says otherwise.
  Medium made_for = Medium::slide;
};
using FigurePtr = std::shared_ptr<const Figure>;

/// The whole size for a medium.
Size size_of(const Figure& figure, Medium medium);
/// Title and figure on white.
Drawing drawing_of(const Figure& figure, Medium medium);
/// The bytes of a figure as "png", "svg" or "pdf"; for its own medium where none is given.
std::string render(const Figure& figure, const std::string& format, std::optional<Medium> medium = {});
/// Writes PATH, whose ending (.png, .svg, .pdf) says the format; throws ArgumentError for another ending.
void save(const Figure& figure, const std::string& path, std::optional<Medium> medium = {});

}  // namespace lumir::report
