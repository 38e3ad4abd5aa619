// See csv_file.h.

#include "data/csv_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <optional>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "core/error.h"
#include "core/parallel.h"
#include "data/number_text.h"

namespace lumir::data {
namespace {

constexpr size_t kPieceBytes = size_t{2} << 20;  // stays in the second cache while it is read
constexpr size_t kNoText = 200;                  // bytes at the beginning that tell text from what is none
constexpr size_t kKept = 20;                     // cells that are kept as examples of what is wrong
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

/// How many bytes of a kind there are.
size_t count_of_byte(std::string_view text, char byte) {
  size_t n = 0;
  const char* at = text.data();
  const char* end = at + text.size();
  while ((at = static_cast<const char*>(std::memchr(at, byte, static_cast<size_t>(end - at))))) {
    ++n;
    if (++at == end) break;
  }
  return n;
}

/// How fields and lines end.
struct Marks {
  char separator, line_end;
};

/// Where the first of two bytes stands among the 32 from `at` on; null where neither does.
const char* first_of(const char* at, const Marks& marks) {
#if defined(__SSE2__)
  const __m128i separators = _mm_set1_epi8(marks.separator), line_ends = _mm_set1_epi8(marks.line_end);
  const auto found_in = [&](const char* sixteen) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(sixteen));
    const __m128i found = _mm_or_si128(_mm_cmpeq_epi8(bytes, separators), _mm_cmpeq_epi8(bytes, line_ends));
    return static_cast<uint32_t>(_mm_movemask_epi8(found));
  };
  const uint32_t found = found_in(at) | found_in(at + 16) << 16;
  return found == 0 ? nullptr : at + std::countr_zero(found);
#else
  const char* stop = std::find_if(at, at + 32, [&](char c) { return c == marks.separator || c == marks.line_end; });
  return stop == at + 32 ? nullptr : stop;
#endif
}

/// Goes through the cells of a text, one after the other.
class Cells {
 public:
  Cells(std::string_view text, const Marks& marks) : at_(text.data()), end_(at_ + text.size()), marks_(marks) {}

  bool done() const { return at_ == end_; }
  const char* at() const { return at_; }
  /// Passes over a line without anything in it.
  bool skip_empty_line() {
    const char* p = at_;
    if (p != end_ && *p == '\r' && marks_.line_end == '\n') ++p;
    if (p == end_ || *p != marks_.line_end) return false;
    at_ = p + 1;
    return true;
  }
  /// A number as most are written; false, and nothing is passed over, where it takes a closer look.
  bool number(double& value) {
    const char* p = at_;
    while (p != end_ && *p == ' ') ++p;
    constexpr ptrdiff_t kLookedAt = 32 + 8;
    if (end_ - p >= kLookedAt) {
      const char* stop = first_of(p, marks_);
      if (stop && stop != p && read_whole_number(p, stop, value)) return at_ = stop, true;
    }
    const char* stop = read_number(p, end_, value);
    if (!stop) {
      const auto [behind, problem] = std::from_chars(p, end_, value);
      if (problem != std::errc()) return false;
      stop = behind;
    }
    if (!ends_cell(stop)) return false;
    at_ = stop;
    return true;
  }
  /// The cell without its quotes.
  void text(std::string& into) {
    const char* p = at_;
    while (!ends_cell(p) && *p != '"') ++p;
    into.assign(at_, p);
    at_ = p;
    if (at_ != end_ && *at_ == '"') quoted_text(into);
  }
  void skip() {
    bool inside = false;
    for (; at_ != end_; ++at_) {
      if (*at_ == '"') inside = !inside;
      if (!inside && ends_cell(at_)) return;
    }
  }
  /// Behind a cell: true where another one follows in the row, false behind its end.
  bool next() {
    if (at_ == end_) return false;
    if (*at_ == marks_.separator) return ++at_, true;
    if (*at_ == '\r' && marks_.line_end == '\n') ++at_;
    ++at_;
    return false;
  }

 private:
  bool ends_cell(const char* p) const {
    if (p == end_ || *p == marks_.separator || *p == marks_.line_end) return true;
    return *p == '\r' && (p + 1 == end_ || p[1] == '\n');
  }
  void quoted_text(std::string& into) {
    bool inside = false;
    for (; at_ != end_; ++at_) {
      const bool quote = *at_ == '"';
      if (inside && quote && at_ + 1 != end_ && at_[1] == '"') {
        into += '"';
        ++at_;
      } else if (quote) {
        inside = !inside;
      } else if (!inside && ends_cell(at_)) {
        return;
      } else {
        into += *at_;
      }
    }
  }

  const char* at_;
  const char* end_;
  Marks marks_;
};

/// A number with a sign, a decimal comma or more digits than a double has room for; nothing where it is none.
std::optional<double> odd_number(std::string_view word, bool decimal_comma) {
  std::string plain(word);
  if (plain.starts_with('+')) plain.erase(0, 1);
  const size_t comma = plain.find(',');
  if (decimal_comma && comma != std::string::npos && plain.find('.') == std::string::npos) plain[comma] = '.';
  double value = 0;
  const char* end = plain.data() + plain.size();
  const auto [stop, problem] = std::from_chars(plain.data(), end, value);
  if (stop != end || problem == std::errc::invalid_argument || plain.empty()) return std::nullopt;
  return problem == std::errc() ? value : std::strtod(plain.c_str(), nullptr);
}

/// The one of comma, semicolon and tab that a line has most of, outside quotes.
char separator_of(std::string_view text, char line_end) {
  std::array<std::pair<size_t, char>, 3> counts{{{0, ','}, {0, ';'}, {0, '\t'}}};
  bool inside = false;
  for (const char c : text) {
    if (c == '"') inside = !inside;
    if (inside) continue;
    if (c == line_end) break;
    for (auto& [n, separator] : counts) n += c == separator;
  }
  return std::max_element(counts.begin(), counts.end(), [](auto a, auto b) { return a.first < b.first; })->second;
}

/// Rows that begin in a part of a text, where `inside` says whether it begins within quotes.
struct Starts {
  size_t first = std::string_view::npos;
  size_t rows = 0;  // empty lines are none
};
Starts starts_in(std::string_view text, size_t begin, size_t end, size_t origin, bool inside, bool has_quotes,
                 char line_end) {
  Starts starts;
  const auto add = [&](size_t at) {
    if (at >= end) return;
    if (starts.first == std::string_view::npos) starts.first = at;
    const bool empty =
        text[at] == line_end || (line_end == '\n' && text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n');
    starts.rows += !empty;
  };
  if (begin == origin || (!inside && text[begin - 1] == line_end)) add(begin);
  if (has_quotes) {
    for (size_t at = begin; at < end; ++at) {
      if (text[at] == '"') inside = !inside;
      if (!inside && text[at] == line_end) add(at + 1);
    }
  } else if (!inside) {
    for (size_t at = begin; at < end;) {
      const void* found = std::memchr(text.data() + at, line_end, end - at);
      if (!found) break;
      at = static_cast<size_t>(static_cast<const char*>(found) - text.data()) + 1;
      add(at);
    }
  }
  return starts;
}

bool mostly_words(size_t words, size_t cells) { return words > 0 && 2 * words >= cells; }

}  // namespace

std::vector<size_t> CsvContent::columns_of_words() const {
  std::vector<size_t> found;
  for (size_t column = 0; column < odd.size(); ++column) {
    if (mostly_words(odd[column], faulty.size() - missing[column])) found.push_back(column);
  }
  return found;
}

bool means_missing(std::string_view word) {
  static constexpr std::array<std::string_view, 19> kWords{
      "",     "#N/A", "#N/A N/A", "#NA",  "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
      "<NA>", "N/A",  "NA",       "NULL", "NaN",     "None",     "n/a",  "nan",  "null"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

CsvFile::CsvFile(std::string path, CsvFormat format)
    : path_(std::move(path)), format_(std::move(format)), file_(path_), text_(file_.text()) {
  if (text_.starts_with("\xFF\xFE") || text_.starts_with("\xFE\xFF")) {
    throw Error(path_ + ": is UTF-16; a csv file is read as UTF-8");
  }
  if (text_.starts_with("\xEF\xBB\xBF")) begin_ = 3;
  const auto beginning = text_.substr(0, 1 << 16);
  if (beginning.find('\n') == std::string_view::npos && beginning.find('\r') != std::string_view::npos)
    line_end_ = '\r';
  if (format_.separator == 0) format_.separator = separator_of(text_.substr(begin_), line_end_);
  if (text_.substr(0, kNoText).find('\0') != std::string_view::npos) {
    throw Error(path_ + ": holds NUL bytes, as UTF-16 and files of no text do; a csv file is read as UTF-8");
  }
  read_head();
  cut_into_pieces();
  if (rows_ == 0) throw Error(path_ + ": no rows in it" + (format_.head_lines > 0 ? " behind its head" : ""));
}

void CsvFile::read_head() {
  Cells cells(text_.substr(begin_), {format_.separator, line_end_});
  const auto read_row = [&] {
    std::vector<std::string> fields;
    do {
      fields.emplace_back();
      cells.text(fields.back());
    } while (cells.next());
    return fields;
  };
  const auto pass_empty_lines = [&] {
    while (cells.skip_empty_line()) {
    }
  };
  for (size_t i = 0; i < format_.head_lines + format_.passed_over && !cells.done(); ++i) {
    pass_empty_lines();
    auto fields = read_row();
    if (i < format_.head_lines) head_.push_back(std::move(fields));
  }
  if (head_.size() < format_.head_lines) throw Error(path_ + ": no rows in it");
  begin_ = static_cast<size_t>(cells.at() - text_.data());
  pass_empty_lines();
  columns_ = head_.empty() ? read_row().size() : head_.back().size();
}

void CsvFile::cut_into_pieces() {
  const size_t size = text_.size() - begin_, n = size / kPieceBytes + 1;
  const auto bound = [&](size_t i) { return begin_ + size * i / n; };
  std::vector<size_t> quotes(n);
  std::vector<Starts> starts(n);
  const auto find_starts = [&](size_t i, bool inside) {
    starts[i] = starts_in(text_, bound(i), bound(i + 1), begin_, inside, quotes[i] > 0, line_end_);
    file_.release(bound(i), bound(i + 1));
  };
  parallel_for(n, [&](size_t i) {
    quotes[i] = count_of_byte(text_.substr(bound(i), bound(i + 1) - bound(i)), '"');
    find_starts(i, false);
  });
  // what turns out to begin within quotes is looked at again
  std::vector<char> inside(n + 1);
  for (size_t i = 0; i < n; ++i) inside[i + 1] = static_cast<char>((inside[i] + quotes[i]) % 2);
  if (inside[n]) refuse_open_quote();
  parallel_for(n, [&](size_t i) {
    if (inside[i]) find_starts(i, true);
  });
  for (const auto& [first, rows] : starts) {
    if (first == std::string_view::npos) continue;
    if (!pieces_.empty()) pieces_.back().end = first;
    pieces_.push_back({first, text_.size(), rows_, rows});
    rows_ += rows;
  }
}

void CsvFile::refuse_open_quote() const {
  size_t line = 1, row_line = 1;
  bool inside = false;
  for (const char c : text_) {
    if (c == '"') inside = !inside;
    if (c != line_end_) continue;
    ++line;
    if (!inside) row_line = line;
  }
  throw Error(path_ + ", line " + std::to_string(row_line) + ": a quote is left open");
}

size_t CsvFile::line_of(size_t row) const {
  const auto piece =
      std::find_if(pieces_.begin(), pieces_.end(), [row](const Piece& one) { return row < one.first_row + one.rows; });
  size_t line = 1 + count_of_byte(text_.substr(0, piece->begin), line_end_);
  Cells cells(text_.substr(piece->begin), {format_.separator, line_end_});
  for (size_t left = row - piece->first_row;;) {
    while (cells.skip_empty_line()) ++line;
    if (left-- == 0) return line;
    const char* begin = cells.at();
    do {
      cells.skip();
    } while (cells.next());
    line += count_of_byte({begin, static_cast<size_t>(cells.at() - begin)}, line_end_);
  }
}

std::vector<size_t> CsvFile::columns_of_words(size_t rows) const {
  CsvFile some = *this;
  some.pieces_ = {pieces_.front()};
  some.pieces_[0].rows = some.rows_ = std::min(rows, pieces_.front().rows);
  return some.read(std::vector<CsvColumn>(columns_), 1).columns_of_words();
}

bool CsvFile::are_words(const std::vector<std::string>& cells) const {
  size_t words = 0, present = 0;
  for (const auto& cell : cells) {
    const auto number = number_of(cell);
    words += !number;
    present += !number || !std::isnan(*number);
  }
  return mostly_words(words, present);
}

/// What is wrong with the cells of a piece.
struct CsvFile::Found {
  std::vector<size_t> missing, odd;  // by column
  std::vector<CsvCell> first_missing, first_odd;
  std::vector<RaggedRow> ragged;
};

namespace {

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from, size_t most) {
  to.insert(to.end(), from.begin(), from.begin() + static_cast<ptrdiff_t>(std::min(from.size(), most - to.size())));
}
void add(std::vector<size_t>& to, const std::vector<size_t>& counts) {
  for (size_t i = 0; i < to.size(); ++i) to[i] += counts[i];
}

}  // namespace

bool CsvFile::is_missing(std::string_view cell) const {
  const std::string_view word = trimmed(cell);
  const auto& own = format_.missing;
  return means_missing(word) || std::find(own.begin(), own.end(), word) != own.end();
}

std::optional<double> CsvFile::number_of(std::string_view cell) const {
  if (is_missing(cell)) return kNaN;
  const bool comma = format_.decimal == ',' || (format_.decimal == 0 && format_.separator != ',');
  return odd_number(trimmed(cell), comma);
}

void CsvFile::read_piece(const Piece& piece, const std::vector<CsvColumn>& columns, CsvContent& into,
                         Found& found) const {
  Cells cells(text_.substr(piece.begin, piece.end - piece.begin), {format_.separator, line_end_});
  std::string text;
  const auto closer_look = [&](size_t row, size_t column) {
    cells.text(text);
    if (const auto value = number_of(text)) return *value;
    ++found.odd[column];
    into.faulty[row] = 1;
    if (found.first_odd.size() < kKept) found.first_odd.push_back({row, column, text});
    return 0.0;
  };
  found.missing.assign(columns_, 0);
  found.odd.assign(columns_, 0);
  for (size_t row = piece.first_row; row < piece.first_row + piece.rows; ++row) {
    while (cells.skip_empty_line()) {
    }
    double* numbers = into.numbers.row(row).data();
    size_t column = 0;
    do {
      const CsvColumn what = column < columns_ ? columns[column] : CsvColumn{CsvColumn::Kind::skipped};
      if (what.kind == CsvColumn::Kind::number) {
        double& value = numbers[what.place];
        if (!cells.number(value)) value = closer_look(row, column);
        if (std::isnan(value)) {
          ++found.missing[column];
          if (found.first_missing.size() < kKept) found.first_missing.push_back({row, column, ""});
        }
      } else if (what.kind == CsvColumn::Kind::words) {
        cells.text(into.words[what.place][row]);
      } else {
        cells.skip();
      }
      ++column;
    } while (cells.next());
    if (column == columns_) continue;
    into.faulty[row] = 1;
    found.ragged.push_back({row, column});
  }
}

CsvContent CsvFile::read(const std::vector<CsvColumn>& columns, size_t width) const {
  CsvContent content;
  content.numbers = Matrix(rows_, width);
  content.faulty.assign(rows_, 0);
  content.missing.assign(columns_, 0);
  content.odd.assign(columns_, 0);
  for (const auto& column : columns) {
    if (column.kind == CsvColumn::Kind::words) content.words.emplace_back(rows_);
  }
  std::vector<Found> found(pieces_.size());
  parallel_for(pieces_.size(), [&](size_t i) {
    read_piece(pieces_[i], columns, content, found[i]);
    file_.release(pieces_[i].begin, pieces_[i].end);
  });
  for (const auto& one : found) {
    add(content.missing, one.missing);
    add(content.odd, one.odd);
    append(content.first_missing, one.first_missing, kKept);
    append(content.first_odd, one.first_odd, kKept);
    append(content.ragged, one.ragged, rows_);
  }
  return content;
}

}  // namespace lumir::data
