// Tables on a slide: widths from what cells hold, wrapping where that is too much.

#pragma once

#include <vector>

#include "report/document.h"

namespace lumir::report {

class TableLayout {
 public:
  /// Measures; `size` is that of the text at most.
  TableLayout(const TableBlock& table, double width, double size);

  /// Of the caption, header and rows first .. last - 1.
  double height(size_t first, size_t last) const;
  /// How many rows from `first` fit.
  size_t rows_that_fit(size_t first, double height) const;
  size_t rows() const { return rows_.size(); }
  void draw(Canvas& canvas, const Point& corner, size_t first, size_t last) const;

 private:
  /// A row of cells, each broken into lines.
  using Cells = std::vector<std::vector<std::string>>;
  Cells broken(const std::vector<std::string>& cells, const TextStyle& style) const;
  double row_height(const Cells& cells) const;
  void draw_row(Canvas& canvas, const Point& corner, const Cells& cells, const TextStyle& style) const;
  using Widths = std::vector<double> (TableLayout::*)() const;
  bool shrink_until(double size, double least, double width, Widths widths);
  void use_size(double size);
  /// So that nothing wraps; so that no word is broken.
  std::vector<double> wanted_widths() const;
  std::vector<double> word_widths() const;
  void find_widths(double width);

  const TableBlock& table_;
  TextStyle text_;
  TextStyle head_;
  double padding_ = 0;
  std::vector<double> widths_;
  std::vector<std::string> caption_;
  Cells header_;
  std::vector<Cells> rows_;
};

}  // namespace lumir::report
