// See classification_report.h.

#include "metric/classification_report.h"

#include <algorithm>
#include <cstdio>

#include "core/text.h"
#include "metric/confusion.h"

namespace lumir::metric {
namespace {

struct Line {
  double precision = 0, recall = 0, f1 = 0, support = 0;
};

Line line_of(const ClassCount& count) {
  return {ratio_or_zero(count.right, count.predicted), ratio_or_zero(count.right, count.truth),
          ratio_or_zero(2 * count.right, count.truth + count.predicted), count.truth};
}

/// The mean of the lines, each with a weight of its own.
Line mean_of_lines(const std::vector<Line>& lines, bool by_support) {
  Line mean;
  double whole = 0;
  for (const auto& line : lines) {
    const double weight = by_support ? line.support : 1;
    mean.precision += weight * line.precision;
    mean.recall += weight * line.recall;
    mean.f1 += weight * line.f1;
    mean.support += line.support;
    whole += weight;
  }
  for (double* number : {&mean.precision, &mean.recall, &mean.f1}) *number = ratio_or_zero(*number, whole);
  return mean;
}

std::string cell(double number, int digits) {
  char text[48];
  std::snprintf(text, sizeof text, " %9.*f", digits, number);
  return text;
}

std::string text_of(const std::string& name, size_t width, const Line& line, int digits) {
  return pad_left(name, width) + " " + cell(line.precision, digits) + cell(line.recall, digits) +
         cell(line.f1, digits) + cell(line.support, 0) + "\n";
}

}  // namespace

std::string classification_report(const Answers& answers, const std::vector<std::string>& classes, int digits) {
  check_answers("classification_report", answers, Traits{});
  std::vector<std::string> names;
  std::vector<Line> lines;
  const auto counts = count_classes(answers);
  double right = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (!counts[i].present()) continue;
    names.push_back(classes[i]);
    lines.push_back(line_of(counts[i]));
    right += counts[i].right;
  }
  size_t width = std::string_view("weighted avg").size();
  for (const auto& name : names) width = std::max(width, text_width(name));
  std::string text = std::string(width, ' ') + " ";
  for (const char* head : {"precision", "recall", "f1-score", "support"}) text += " " + pad_left(head, 9);
  text += "\n\n";
  for (size_t i = 0; i < names.size(); ++i) text += text_of(names[i], width, lines[i], digits);
  const Line macro = mean_of_lines(lines, false);
  text += "\n" + pad_left("accuracy", width) + " " + std::string(20, ' ') +
          cell(ratio_or_zero(right, macro.support), digits) + cell(macro.support, 0) + "\n";
  text += text_of("macro avg", width, macro, digits);
  return text + text_of("weighted avg", width, mean_of_lines(lines, true), digits);
}

}  // namespace lumir::metric
