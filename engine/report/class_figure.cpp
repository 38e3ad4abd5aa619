// Drawing the per-class table: one row for each class, a number and a bar for each measure.

#include "report/class_figure.h"

#include <algorithm>

#include "core/readable.h"
#include "report/colours.h"

namespace lumir::report {
namespace {

struct Measure {
  const char* title;
  double evaluate::ClassScores::*value;
};
constexpr Measure kMeasures[] = {{"precision", &evaluate::ClassScores::precision},
                                 {"recall", &evaluate::ClassScores::recall},
                                 {"F1", &evaluate::ClassScores::f1}};

}  // namespace

ClassFigure::ClassFigure(std::vector<evaluate::ClassScores> classes, std::string label)
    : classes_(std::move(classes)), label_(std::move(label)) {}

Size ClassFigure::size(Medium medium) const {
  const double rows = static_cast<double>(classes_.size()) + 1;
  if (medium == Medium::slide) return {960, std::clamp(110 + rows * 26, 200.0, std::max(540.0, rows * 14))};
  return {245, 24 + rows * 11};
}

void ClassFigure::draw(Canvas& canvas, const Box& box, const Look& look) const {
  if (classes_.empty()) return;
  const double row_height = std::min(box.height / static_cast<double>(classes_.size() + 1), look.text * 2.4);
  TextStyle style{std::min(look.text, row_height * 0.75), Weight::normal, kInk};
  const auto widest_name = [&] {
    double width = measure(label_, style).width;
    for (const auto& one : classes_) width = std::max(width, measure(one.name, style).width);
    return width;
  };
  while (widest_name() > box.width * 0.35 && style.size > look.small * 0.6) style.size *= 0.95;
  const TextStyle head{style.size, Weight::bold, kQuiet};
  const double names = std::max(widest_name(), measure(label_, head).width) + style.size;
  const double support = measure("recordings", head).width + style.size;
  const double group = (box.width - names - support) / std::size(kMeasures);
  const double number = measure("0.000", style).width;

  canvas.text({box.x, box.y + row_height / 2}, label_, head, Across::left, Down::middle);
  for (size_t k = 0; k < std::size(kMeasures); ++k) {
    const double x = box.x + names + group * static_cast<double>(k);
    canvas.text({x, box.y + row_height / 2}, kMeasures[k].title, head, Across::left, Down::middle);
  }
  canvas.text({box.right(), box.y + row_height / 2}, "recordings", head, Across::right, Down::middle);
  canvas.line({box.x, box.y + row_height}, {box.right(), box.y + row_height}, {kQuiet, 0.8});

  for (size_t i = 0; i < classes_.size(); ++i) {
    const auto& one = classes_[i];
    const double top = box.y + row_height * static_cast<double>(i + 1), y = top + row_height / 2;
    if (i % 2 == 1) canvas.fill({box.x, top, box.width, row_height}, kShade);
    canvas.text({box.x, y}, one.name, style, Across::left, Down::middle);
    for (size_t k = 0; k < std::size(kMeasures); ++k) {
      const double x = box.x + names + group * static_cast<double>(k);
      const double value = one.*kMeasures[k].value;
      canvas.text({x + number, y}, show_score(value), style, Across::right, Down::middle);
      const Box bar{x + number + style.size * 0.5, top + row_height * 0.26, group - number - style.size * 1.8,
                    row_height * 0.48};
      canvas.fill(bar, kRule.with_alpha(0.6));
      canvas.fill({bar.x, bar.y, bar.width * std::clamp(value, 0.0, 1.0), bar.height}, kAccent);
    }
    canvas.text({box.right(), y}, show_count(one.support), style, Across::right, Down::middle);
  }
}

}  // namespace lumir::report
