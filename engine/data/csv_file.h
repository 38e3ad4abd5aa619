// A large csv file of numbers, read by several threads straight from where it lies.
//
// The file is mapped and cut into pieces at ends of lines. A first pass counts quotes and rows, so that every piece knows
// whether it begins inside quotes and which rows are its own; a second one reads each piece into the rows of one matrix.
// Neither keeps what it has passed, so reading takes little more memory than the matrix.
//
//   CsvFile file("table.csv", {});
//   CsvContent content = file.read(columns_of(file.head()), width);
//
// core/csv.h reads small files of words; what is a field, a quote and an end of line is the same in both.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/mapped_file.h"
#include "core/matrix.h"

namespace lumir::data {

/// How the file is written.
struct CsvFormat {
  char separator = 0;      // 0: whichever of comma, semicolon and tab stands most often in the first line
  char decimal = 0;        // 0: a point, and a comma too where no comma separates
  size_t head_lines = 1;   // rows that name the columns
  size_t passed_over = 0;  // rows between these and the first one of numbers
  std::vector<std::string> missing = {};  // words for a number that is not there, beside pandas' own
};

/// What is done with one column.
struct CsvColumn {
  enum class Kind { number, words, skipped };
  Kind kind = Kind::number;
  size_t place = 0;  // the column of the matrix, or which list of words
};

/// A cell that holds no number where one should stand; places count from 0.
struct CsvCell {
  size_t row = 0, column = 0;
  std::string text;
};
/// A row of another length than the head.
struct RaggedRow {
  size_t row = 0, fields = 0;
};

struct CsvContent {
  Matrix numbers;                                 // NaN where a number is missing or is none
  std::vector<std::vector<std::string>> words;    // by CsvColumn::place, then by row
  std::vector<size_t> missing;                    // cells of each column of the file
  std::vector<size_t> odd;                        // cells of each column that hold no number
  std::vector<CsvCell> first_missing, first_odd;  // a few, in the order of the file
  std::vector<RaggedRow> ragged;
  std::vector<uint8_t> faulty;  // of each row: 1 where it is ragged or a cell is odd

  /// The columns read as numbers of whose cells at least half hold none; fewer are slips in a column of numbers.
  std::vector<size_t> columns_of_words() const;
};

class CsvFile {
 public:
  /// Throws Error with the path where there is no such file, no row in it, a quote left open, or UTF-16 in it.
  CsvFile(std::string path, CsvFormat format);

  const std::string& path() const { return path_; }
  /// The fields of the rows that name the columns.
  const std::vector<std::vector<std::string>>& head() const { return head_; }
  /// How many fields the last of these has; of a file without them, the first row.
  size_t columns() const { return columns_; }
  /// Rows behind the head; empty lines are none.
  size_t rows() const { return rows_; }
  /// Reads all rows; `columns` says for each column of the file what is done with it, `width` how wide the matrix is.
  CsvContent read(const std::vector<CsvColumn>& columns, size_t width) const;
  /// The columns of words among the first `rows` rows.
  std::vector<size_t> columns_of_words(size_t rows) const;
  /// Whether at least half of these cells that are not missing hold no number.
  bool are_words(const std::vector<std::string>& cells) const;
  /// The number of a cell of words, read as those of columns of numbers are: NaN where it is missing, nothing where it
  /// holds none.
  std::optional<double> number_of(std::string_view cell) const;
  /// Whether a cell of words says that it is missing, by pandas' words or the format's.
  bool is_missing(std::string_view cell) const;
  /// The line where a row (from 0) begins, from 1.
  size_t line_of(size_t row) const;

 private:
  struct Piece {
    size_t begin = 0, end = 0;  // of its rows
    size_t first_row = 0, rows = 0;
  };
  void read_head();
  void cut_into_pieces();
  struct Found;
  /// Rows and words go to their places, what is wrong with them to `found`.
  void read_piece(const Piece& piece, const std::vector<CsvColumn>& columns, CsvContent& into, Found& found) const;
  [[noreturn]] void refuse_open_quote() const;

  std::string path_;
  CsvFormat format_;
  MappedFile file_;
  std::string_view text_;
  char line_end_ = '\n';  // '\r' in files of old
  size_t begin_ = 0;      // of the first row behind the head
  std::vector<std::vector<std::string>> head_;
  size_t columns_ = 0, rows_ = 0;
  std::vector<Piece> pieces_;
};

/// Whether a word stands for a number that is not there: '' and what pandas takes for it ('NA', 'NaN', 'null' ...).
bool means_missing(std::string_view word);

}  // namespace lumir::data
