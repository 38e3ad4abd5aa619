// See csv.h.

#include "core/csv.h"

namespace lumir {

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::vector<CsvRow> read_csv(std::string_view text) {
  std::vector<CsvRow> rows;
  size_t line = 1, at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  const auto ends_line = [&](size_t i) {  // the last byte of a line's end; within quotes it only counts lines
    return text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'));
  };
  while (at < text.size()) {
    CsvRow row{line, {""}, true};
    bool inside = false, any = false;
    for (; at < text.size(); ++at) {
      const char c = text[at];
      if (ends_line(at)) ++line;
      if (inside && c == '"' && at + 1 < text.size() && text[at + 1] == '"') {
        row.fields.back() += '"';
        ++at;
      } else if (c == '"') {
        inside = !inside;
        any = true;
      } else if (!inside && c == ',') {
        row.fields.emplace_back();
        any = true;
      } else if (!inside && ends_line(at)) {
        ++at;
        break;
      } else if (inside || c != '\r') {
        row.fields.back() += c;
        any = true;
      }
    }
    row.closed = !inside;
    if (any) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace lumir
