// Drawing a confusion matrix so that 20 names can be read from the last row.
//
// Colour is the share of the row, so rare and frequent classes compare; cells hold counts. Cells are as wide as there
// is room, not square: width is what names and numbers need.

#include "report/confusion_figure.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "report/axis.h"
#include "report/colours.h"

namespace lumir::report {
namespace {

double row_sum(const Matrix& counts, size_t row) {
  const auto values = counts.row(row);
  return std::accumulate(values.begin(), values.end(), 0.0);
}

/// In two lines where a blank, underscore or hyphen near the middle allows it.
std::vector<std::string> folded(const std::string& name, const TextStyle& style, double width) {
  if (measure(name, style).width <= width) return {name};
  size_t best = std::string::npos;
  double best_width = INFINITY;
  for (size_t i = 1; i + 1 < name.size(); ++i) {
    if (name[i] != ' ' && name[i] != '_' && name[i] != '-') continue;
    const double wider =
        std::max(measure(name.substr(0, i + 1), style).width, measure(name.substr(i + 1), style).width);
    if (wider < best_width) {
      best_width = wider;
      best = i;
    }
  }
  if (best == std::string::npos) return {name};
  const std::string first = name[best] == ' ' ? name.substr(0, best) : name.substr(0, best + 1);
  return {first, name.substr(best + 1)};
}

/// A name that is wider than the room without its middle: names often begin alike.
std::string without_middle(const std::string& name, const TextStyle& style, double width) {
  std::vector<std::string> letters;
  for (const char byte : name) {
    const bool inside = (static_cast<unsigned char>(byte) & 0xC0) == 0x80 && !letters.empty();
    if (inside) letters.back() += byte;
    if (!inside) letters.emplace_back(1, byte);
  }
  std::string short_name = name;
  for (size_t kept = letters.size(); kept > 1 && measure(short_name, style).width > width; --kept) {
    const size_t ahead = (kept + 1) / 2, behind = kept - ahead;
    short_name.clear();
    for (size_t i = 0; i < ahead; ++i) short_name += letters[i];
    short_name += "…";
    for (size_t i = letters.size() - behind; i < letters.size(); ++i) short_name += letters[i];
  }
  return short_name;
}

/// Everything that is measured before anything is drawn.
struct Plan {
  TextStyle names;
  TextStyle numbers;
  bool turned = false;                            // column names read upwards
  std::vector<std::string> rows;                  // names, cut where even small ones are too long
  std::vector<std::vector<std::string>> columns;  // lines of each column's name
  Box cells;
  double cell_width = 0;
  double cell_height = 0;
};

double longest(const std::vector<std::vector<std::string>>& names, const TextStyle& style) {
  double length = 0;
  for (const auto& lines : names) {
    for (const auto& line : lines) length = std::max(length, measure(line, style).width);
  }
  return length;
}

/// Lines of a name that all fit the width without breaking a word; none where that cannot be.
std::vector<std::string> level_lines(const std::string& name, const TextStyle& style, double width) {
  for (size_t start = 0; start < name.size();) {
    const size_t end = std::min(name.find(' ', start), name.size());
    if (measure(name.substr(start, end - start), style).width > width) return {};
    start = end + 1;
  }
  return wrap(name, style, width);
}

/// Names across their columns where they fit, in up to three lines; else turned, in two lines where they are longer
/// than `length` and the columns are wide enough for two.
void name_columns(Plan& plan, const std::vector<std::string>& classes, double length) {
  plan.columns.clear();
  plan.turned = false;
  for (const auto& name : classes) {
    plan.columns.push_back(level_lines(name, plan.names, plan.cell_width - plan.names.size * 0.4));
    if (plan.columns.back().empty() || plan.columns.back().size() > 3) plan.turned = true;
  }
  if (!plan.turned) return;
  const bool may_fold = plan.cell_width >= plan.names.size * 2.5;
  for (size_t i = 0; i < classes.size(); ++i) {
    plan.columns[i] = may_fold ? folded(classes[i], plan.names, length) : std::vector{classes[i]};
  }
}

double level_height(const Plan& plan) {
  size_t lines = 1;
  for (const auto& column : plan.columns) lines = std::max(lines, column.size());
  return static_cast<double>(lines) * line_height(plan.names);
}

/// In a column of a paper, bars of recall would take the room that the cells need.
bool has_recall_bars(const Box& box, const Look& look) { return box.width >= look.text * 40; }
/// Room at the right of the cells: recall and its bar, then the range bar.
double recall_width(const Box& box, const Look& look) { return look.text * (has_recall_bars(box, look) ? 7.2 : 4.6); }

double widest(const std::vector<std::string>& names, const TextStyle& style) {
  double width = 0;
  for (const auto& name : names) width = std::max(width, measure(name, style).width);
  return width;
}

Plan plan_for(const std::vector<std::string>& classes, const Box& box, const Look& look, double range_width) {
  const auto n = static_cast<double>(classes.size());
  Plan plan;
  plan.names = {look.text, Weight::normal, kInk};
  const double beside = line_height({look.text}) * 1.2 + look.text * 0.6, right = recall_width(box, look) + range_width;
  const double room = box.width / 2 - beside - right;  // for names: the matrix has at least half the width
  for (;; plan.names.size *= 0.94) {
    const double row_names = widest(classes, plan.names);
    const bool names_fit = row_names <= room || plan.names.size < look.small * 0.8;
    const double left = beside + std::min(row_names, room);
    plan.cell_width = std::min((box.width - left - right) / n, look.text * 9);
    const double row_least = plan.names.size * 1.3 * n;
    const double top_label = line_height({look.text}) * 1.2 + look.text * 0.5;
    name_columns(plan, classes, std::max(look.text * 5.5, box.height - top_label - row_least));
    const double top = top_label + (plan.turned ? longest(plan.columns, plan.names) : level_height(plan));
    plan.cell_height = std::min((box.height - top) / n, look.text * 5);
    plan.cells = {box.x + left, box.y + top, plan.cell_width * n, plan.cell_height * n};
    const bool rows_fit = plan.names.size * 1.12 <= plan.cell_height;
    const bool columns_fit = !plan.turned || plan.names.size * 1.12 <= plan.cell_width;
    if ((rows_fit && columns_fit && names_fit) || plan.names.size < 3) break;
  }
  for (const auto& name : classes) plan.rows.push_back(without_middle(name, plan.names, room));
  return plan;
}

std::string cell_text(double count, double row, bool percent) {
  if (count == 0) return "";
  char text[32];
  std::snprintf(text, sizeof text, "%.0f", std::round(percent && row > 0 ? 100 * count / row : count));
  return text;
}

/// The largest size at which every number fits its cell.
double number_size(const Matrix& counts, const Plan& plan, const Look& look, bool percent) {
  std::string widest = "0";
  for (size_t row = 0; row < counts.rows; ++row) {
    const double sum = row_sum(counts, row);
    for (const double count : counts.row(row)) {
      const std::string text = cell_text(count, sum, percent);
      if (text.size() > widest.size()) widest = text;
    }
  }
  TextStyle style{look.text};
  style.size = std::min(look.text, plan.cell_height * 0.78);
  const double width = measure(widest, style).width;
  const double room = plan.cell_width * 0.84;
  return width > room ? style.size * room / width : style.size;
}

void draw_names(Canvas& canvas, const Plan& plan, const std::vector<std::string>& classes) {
  for (size_t i = 0; i < classes.size(); ++i) {
    const double along = static_cast<double>(i) + 0.5;
    const double y = plan.cells.y + along * plan.cell_height;
    canvas.text({plan.cells.x - plan.names.size * 0.45, y}, plan.rows[i], plan.names, Across::right, Down::middle);
    const double x = plan.cells.x + along * plan.cell_width;
    const auto& lines = plan.columns[i];
    if (!plan.turned) {
      double y_line =
          plan.cells.y - plan.names.size * 0.25 - line_height(plan.names) * (static_cast<double>(lines.size()) - 1);
      for (const auto& line : lines) {
        canvas.text({x, y_line}, line, plan.names, Across::middle, Down::bottom);
        y_line += line_height(plan.names);
      }
      continue;
    }
    for (size_t k = 0; k < lines.size(); ++k) {
      const double shift =
          (static_cast<double>(k) - (static_cast<double>(lines.size()) - 1) / 2) * plan.names.size * 1.1;
      canvas.text({x + shift, plan.cells.y - plan.names.size * 0.4}, lines[k], plan.names, Across::left, Down::middle,
                  true);
    }
  }
}

void draw_cells(Canvas& canvas, const Plan& plan, const Matrix& counts, bool percent) {
  for (size_t row = 0; row < counts.rows; ++row) {
    const double sum = row_sum(counts, row);
    for (size_t column = 0; column < counts.columns; ++column) {
      const double share = sum > 0 ? counts(row, column) / sum : 0;
      const Colour colour = blues(share);
      const Box cell{plan.cells.x + static_cast<double>(column) * plan.cell_width,
                     plan.cells.y + static_cast<double>(row) * plan.cell_height, plan.cell_width, plan.cell_height};
      if (share > 0) canvas.fill(cell, colour);
      const std::string text = cell_text(counts(row, column), sum, percent);
      if (text.empty()) continue;
      TextStyle style = plan.numbers;
      style.colour = ink_on(colour);
      if (row == column) style.weight = Weight::bold;
      canvas.text(cell.middle(), text, style, Across::middle, Down::middle);
    }
  }
}

void draw_grid(Canvas& canvas, const Plan& plan, size_t n) {
  for (size_t i = 1; i < n; ++i) {
    const double x = plan.cells.x + static_cast<double>(i) * plan.cell_width;
    const double y = plan.cells.y + static_cast<double>(i) * plan.cell_height;
    canvas.line({x, plan.cells.y}, {x, plan.cells.bottom()}, {kRule, 0.5});
    canvas.line({plan.cells.x, y}, {plan.cells.right(), y}, {kRule, 0.5});
  }
  for (size_t i = 0; i < n; ++i) {
    const double step = static_cast<double>(i);
    canvas.outline({plan.cells.x + step * plan.cell_width, plan.cells.y + step * plan.cell_height, plan.cell_width,
                    plan.cell_height},
                   {kAccent.with_alpha(0.55), 0.8});
  }
  canvas.outline(plan.cells, {kQuiet, 0.8});
}

void draw_recall(Canvas& canvas, const Box& box, const Plan& plan, const Matrix& counts, const Look& look) {
  const double x = plan.cells.right() + look.text * 0.7;
  TextStyle style = plan.names;
  style.size = std::min(plan.names.size, look.text);
  const double number = measure("100 %", style).width;
  const double bar = recall_width(box, look) - look.text * 1.6 - number;
  canvas.text({x + number, plan.cells.y - style.size * 0.25}, "recall", style, Across::right, Down::bottom);
  for (size_t row = 0; row < counts.rows; ++row) {
    const double sum = row_sum(counts, row);
    const double y = plan.cells.y + (static_cast<double>(row) + 0.5) * plan.cell_height;
    if (sum == 0) {
      canvas.text({x + number, y}, "-", style, Across::right, Down::middle);
      continue;
    }
    const double recall = counts(row, row) / sum;
    char text[32];
    std::snprintf(text, sizeof text, "%.0f %%", std::round(100 * recall));
    canvas.text({x + number, y}, text, style, Across::right, Down::middle);
    if (!has_recall_bars(box, look)) continue;
    const Box whole{x + number + look.text * 0.4, y - plan.cell_height * 0.25, bar, plan.cell_height * 0.5};
    canvas.fill(whole, kShade);
    canvas.fill({whole.x, whole.y, whole.width * recall, whole.height}, kAccent);
  }
}

}  // namespace

Matrix shares_of_rows(const Matrix& counts) {
  Matrix shares = counts;
  for (size_t row = 0; row < counts.rows; ++row) {
    const double sum = row_sum(counts, row);
    for (double& count : shares.row(row)) count = sum > 0 ? 100 * count / sum : 0;
  }
  return shares;
}

ConfusionFigure::ConfusionFigure(Matrix counts, std::vector<std::string> classes, std::string label,
                                 ConfusionOptions options)
    : label_(std::move(label)), options_(options) {
  std::vector<int> order(classes.size());
  std::iota(order.begin(), order.end(), 0);
  if (options.by_similarity) order = order_by_similarity(counts);
  counts_ = Matrix(counts.rows, counts.columns);
  for (size_t row = 0; row < order.size(); ++row) {
    classes_.push_back(classes[static_cast<size_t>(order[row])]);
    for (size_t column = 0; column < order.size(); ++column) {
      counts_(row, column) = counts(static_cast<size_t>(order[row]), static_cast<size_t>(order[column]));
    }
  }
}

Size ConfusionFigure::size(Medium medium) const {
  if (medium == Medium::slide) return {960, 540};
  // more classes than a column holds go over both columns of the paper
  return classes_.size() <= 8 ? Size{245, 200} : Size{510, 330};
}

void ConfusionFigure::draw(Canvas& canvas, const Box& whole_box, const Look& look) const {
  if (classes_.empty()) return;
  // the range bar's lowest number stands half below the bar
  const Box box{whole_box.x, whole_box.y, whole_box.width, whole_box.height - look.small * 0.7};
  const double range_width = draw_range_bar(nullptr, box, 0, 100, "share of row (%)", blues, look) + look.text * 0.5;
  Plan plan = plan_for(classes_, box, look, range_width);
  plan.numbers = {number_size(counts_, plan, look, options_.percent)};
  const double whole = plan.cells.right() + recall_width(box, look) + range_width - box.x;
  const double spare = std::max(0.0, (box.width - whole) / 2);
  plan.cells.x += spare;

  const TextStyle axis{look.text, Weight::normal, kQuiet};
  const std::string what = label_.empty() ? "class" : label_;
  const std::string unit = options_.percent ? " (% of row)" : " (recordings)";
  canvas.text({plan.cells.middle().x, box.y}, "predicted " + what + unit, axis, Across::middle, Down::top);
  canvas.text({box.x + spare, plan.cells.middle().y}, "true " + what, axis, Across::middle, Down::top, true);
  draw_names(canvas, plan, classes_);
  draw_cells(canvas, plan, counts_, options_.percent);
  draw_grid(canvas, plan, classes_.size());
  draw_recall(canvas, box, plan, counts_, look);
  const Box range{plan.cells.right() + recall_width(box, look), plan.cells.y, 0, plan.cells.height};
  draw_range_bar(&canvas, range, 0, 100, "share of row (%)", blues, look);
}

std::vector<int> order_by_similarity(const Matrix& counts) {
  const size_t n = counts.rows;
  Matrix near(n, n);
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) {
      const double from_i = row_sum(counts, i), from_j = row_sum(counts, j);
      near(i, j) = (from_i > 0 ? counts(i, j) / from_i : 0) + (from_j > 0 ? counts(j, i) / from_j : 0);
    }
  }
  std::vector<std::vector<int>> clusters;
  for (size_t i = 0; i < n; ++i) clusters.push_back({static_cast<int>(i)});
  const auto nearness = [&](int i, int j) { return near(static_cast<size_t>(i), static_cast<size_t>(j)); };
  const auto linkage = [&](const std::vector<int>& a, const std::vector<int>& b) {
    double sum = 0;
    for (const int i : a) {
      for (const int j : b) sum += nearness(i, j);
    }
    return sum / static_cast<double>(a.size() * b.size());
  };
  while (clusters.size() > 1) {
    size_t left = 0, right = 1;
    double best = -1;
    for (size_t i = 0; i < clusters.size(); ++i) {
      for (size_t j = i + 1; j < clusters.size(); ++j) {
        const double value = linkage(clusters[i], clusters[j]);
        if (value <= best) continue;
        best = value;
        left = i;
        right = j;
      }
    }
    std::vector<int>& a = clusters[left];
    std::vector<int>& b = clusters[right];
    // turn the branches so that the ends that meet are near; as they are in a tie
    const double ends[4] = {nearness(a.back(), b.front()), nearness(a.back(), b.back()), nearness(a.front(), b.front()),
                            nearness(a.front(), b.back())};
    const auto turn = std::max_element(ends, ends + 4) - ends;
    if (turn >= 2) std::reverse(a.begin(), a.end());
    if (turn % 2 == 1) std::reverse(b.begin(), b.end());
    a.insert(a.end(), b.begin(), b.end());
    clusters.erase(clusters.begin() + static_cast<ptrdiff_t>(right));
  }
  return clusters.empty() ? std::vector<int>{} : clusters.front();
}

}  // namespace lumir::report
