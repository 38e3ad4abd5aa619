// Measuring and drawing tables.

#include "report/table_layout.h"

#include <algorithm>
#include <numeric>

#include "report/colours.h"

namespace lumir::report {
namespace {

/// How much smaller text may get so that cells keep to one line; so that no word is broken.
constexpr double kLeastForLines = 0.78;
constexpr double kLeastForWords = 0.5;

double sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

/// Widths that together are no more than `width`. Every column has room for its longest word; then columns of words,
/// those first that lack least, get room for a single line; what is left is shared. Where not even the words fit,
/// narrow columns keep what they need and wide ones share.
std::vector<double> shared(const std::vector<double>& wanted, std::vector<double> least, const std::vector<bool>& words,
                           double width) {
  if (sum(least) > width) std::fill(least.begin(), least.end(), 0.0);
  std::vector<size_t> order(wanted.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return words[a] != words[b] ? words[a] : wanted[a] - least[a] < wanted[b] - least[b];
  });
  std::vector<double> given = least;
  double left = width - sum(least);
  for (size_t i = 0; i < order.size(); ++i) {
    const size_t column = order[i];
    const double fair = left / static_cast<double>(order.size() - i);
    const double missing = wanted[column] - least[column];
    const double more = words[column] && missing <= left ? missing : std::min(missing, fair);
    given[column] += more;
    left -= more;
  }
  return given;
}

}  // namespace

TableLayout::TableLayout(const TableBlock& table, double width, double size) : table_(table) {
  if (!shrink_until(size, kLeastForLines, width, &TableLayout::wanted_widths) &&
      !shrink_until(size, kLeastForWords, width, &TableLayout::word_widths)) {
    use_size(size * kLeastForLines);
  }
  find_widths(width);
  if (!table.caption.empty()) caption_ = wrap(table.caption, head_, width);
  if (!table.header.empty()) header_ = broken(table.header, head_);
  for (size_t i = 0; i < table.rows.size(); ++i) {
    TextStyle style = text_;
    if (static_cast<int>(i) == table.best) style.weight = Weight::bold;
    rows_.push_back(broken(table.rows[i], style));
  }
}

/// The largest size at which these widths fit; false where none does.
bool TableLayout::shrink_until(double size, double least, double width, Widths widths) {
  for (double smaller = size; smaller >= size * least; smaller *= 0.97) {
    use_size(smaller);
    if (sum((this->*widths)()) <= width) return true;
  }
  return false;
}

void TableLayout::use_size(double size) {
  text_ = {size, Weight::normal, kInk};
  head_ = {size * 0.9, Weight::bold, kQuiet};
  padding_ = size * 0.5;
}

std::vector<double> TableLayout::wanted_widths() const {
  size_t n = table_.header.size();
  for (const auto& row : table_.rows) n = std::max(n, row.size());
  std::vector<double> wanted(n, 0);
  for (size_t column = 0; column < table_.header.size(); ++column) {
    wanted[column] = measure(table_.header[column], head_).width;
  }
  TextStyle bold = text_;
  bold.weight = Weight::bold;
  for (size_t i = 0; i < table_.rows.size(); ++i) {
    const TextStyle& style = static_cast<int>(i) == table_.best ? bold : text_;
    for (size_t column = 0; column < table_.rows[i].size(); ++column) {
      wanted[column] = std::max(wanted[column], measure(table_.rows[i][column], style).width);
    }
  }
  for (double& one : wanted) one += 2 * padding_ + 1;
  return wanted;
}

std::vector<double> TableLayout::word_widths() const {
  std::vector<double> widths(wanted_widths().size(), 0);
  TextStyle bold = text_;
  bold.weight = Weight::bold;
  const auto look_at = [&](const std::vector<std::string>& cells, const TextStyle& style) {
    for (size_t column = 0; column < cells.size(); ++column) {
      for (size_t start = 0; start < cells[column].size();) {
        const size_t end = std::min(cells[column].find_first_of(" \n", start), cells[column].size());
        const double width = measure(cells[column].substr(start, end - start), style).width + 2 * padding_ + 1;
        widths[column] = std::max(widths[column], width);
        start = end + 1;
      }
    }
  };
  look_at(table_.header, head_);
  for (const auto& row : table_.rows) look_at(row, bold);
  return widths;
}

void TableLayout::find_widths(double width) {
  const auto wanted = wanted_widths();
  const size_t n = wanted.size();
  std::vector<bool> words;
  for (size_t column = 0; column < n; ++column) {
    words.push_back(column >= table_.align.size() || table_.align[column] == Across::left);
  }
  widths_ = sum(wanted) > width ? shared(wanted, word_widths(), words, width) : wanted;
  // a table that is much narrower than its place gets some air
  const double spare = (width - sum(widths_)) / static_cast<double>(std::max<size_t>(1, n));
  for (double& one : widths_) one += std::clamp(spare, 0.0, text_.size * 1.6);
}

TableLayout::Cells TableLayout::broken(const std::vector<std::string>& cells, const TextStyle& style) const {
  Cells lines;
  for (size_t column = 0; column < cells.size(); ++column) {
    lines.push_back(wrap(cells[column], style, widths_[column] - 2 * padding_));
  }
  return lines;
}

double TableLayout::row_height(const Cells& cells) const {
  size_t lines = 1;
  for (const auto& cell : cells) lines = std::max(lines, cell.size());
  return static_cast<double>(lines) * line_height(text_) + padding_ * 0.55;
}

double TableLayout::height(size_t first, size_t last) const {
  double height = static_cast<double>(caption_.size()) * line_height(head_) + (caption_.empty() ? 0 : padding_ * 0.5);
  if (!header_.empty()) height += row_height(header_);
  for (size_t i = first; i < last; ++i) height += row_height(rows_[i]);
  return height;
}

size_t TableLayout::rows_that_fit(size_t first, double height_left) const {
  size_t last = first;
  while (last < rows_.size() && height(first, last + 1) <= height_left) ++last;
  return last - first;
}

void TableLayout::draw_row(Canvas& canvas, const Point& corner, const Cells& cells, const TextStyle& style) const {
  double x = corner.x;
  for (size_t column = 0; column < cells.size(); ++column) {
    const Across across = column < table_.align.size() ? table_.align[column] : Across::left;
    const double at = across == Across::left    ? x + padding_
                      : across == Across::right ? x + widths_[column] - padding_
                                                : x + widths_[column] / 2;
    double y = corner.y + padding_ * 0.27;
    for (const std::string& line : cells[column]) {
      canvas.text({at, y + ascent(text_)}, line, style, across, Down::baseline);
      y += line_height(text_);
    }
    x += widths_[column];
  }
}

void TableLayout::draw(Canvas& canvas, const Point& corner, size_t first, size_t last) const {
  double y = corner.y;
  for (const std::string& line : caption_) {
    canvas.text({corner.x + padding_, y + ascent(head_)}, line, head_, Across::left, Down::baseline);
    y += line_height(head_);
  }
  if (!caption_.empty()) y += padding_ * 0.5;
  const double width = sum(widths_);
  if (!header_.empty()) {
    draw_row(canvas, {corner.x, y}, header_, head_);
    y += row_height(header_);
    canvas.line({corner.x, y}, {corner.x + width, y}, {kQuiet, 1});
  }
  for (size_t i = first; i < last; ++i) {
    const double height = row_height(rows_[i]);
    const bool best = static_cast<int>(i) == table_.best;
    if (best) canvas.fill({corner.x, y, width, height}, Colour::hex(0xe6eff9));
    TextStyle style = text_;
    if (best) style.weight = Weight::bold;
    draw_row(canvas, {corner.x, y}, rows_[i], style);
    y += height;
    canvas.line({corner.x, y}, {corner.x + width, y}, {kRule, 0.6});
  }
}

}  // namespace lumir::report
