// Marks inside a line of Markdown.

#include "report/rich_text.h"

#include <algorithm>

namespace lumir::report {
namespace {

TextStyle style_of(const Run& run, TextStyle style) {
  if (run.bold) style.weight = Weight::bold;
  style.fixed_width = style.fixed_width || run.code;
  return style;
}

/// What begins at `at`: its mark, or nothing.
std::string mark_at(const std::string& text, size_t at) {
  for (const char* mark : {"**", "`", "$"}) {
    const std::string one = mark;
    if (text.compare(at, one.size(), one) != 0) continue;
    const size_t inside = at + one.size(), end = text.find(one, inside);
    const bool price = one == "$" && (end == std::string::npos || text[inside] == ' ' || text[end - 1] == ' ');
    if (end != std::string::npos && end > inside && !price) return one;
  }
  return "";
}

}  // namespace

RichLine runs_of(const std::string& text) {
  RichLine runs;
  std::string plain;
  const auto flush = [&] {
    if (!plain.empty()) runs.push_back({plain});
    plain.clear();
  };
  for (size_t at = 0; at < text.size();) {
    const std::string mark = mark_at(text, at);
    if (mark.empty()) {
      plain += text[at++];
      continue;
    }
    const size_t inside = at + mark.size(), end = text.find(mark, inside);
    const std::string held = text.substr(inside, end - inside);
    if (mark == "$") {
      plain += held;
    } else {
      flush();
      runs.push_back({held, mark == "**", mark == "`"});
    }
    at = end + mark.size();
  }
  flush();
  return runs;
}

std::string source_of(const RichLine& line, bool rich) {
  std::string text;
  for (const Run& run : line) {
    const std::string mark = !rich ? "" : run.bold ? "**" : run.code ? "`" : "";
    text += mark + run.text + mark;
  }
  return text;
}

std::string unmarked(const std::string& text) {
  std::string plain;
  for (const Run& run : runs_of(text)) plain += run.text;
  return plain;
}

std::vector<RichLine> rich_wrap(const std::string& text, const TextStyle& style, double width) {
  const RichLine runs = runs_of(text);
  std::string plain;
  bool bold = false, code = false;
  for (const Run& run : runs) {
    plain += run.text;
    bold = bold || run.bold;
    code = code || run.code;
  }
  // the widest look that occurs decides where lines break
  const TextStyle widest = style_of({"", bold, code}, style);
  std::vector<RichLine> lines;
  size_t at = 0, run = 0, run_begin = 0;  // in the plain text, and in which run that is
  for (const std::string& line : wrap(plain, widest, width)) {
    RichLine rich;
    at = std::max(at, plain.find(line, at));
    for (size_t left = line.size(); left > 0;) {
      while (run + 1 < runs.size() && at >= run_begin + runs[run].text.size()) run_begin += runs[run++].text.size();
      const size_t n = std::min(left, run_begin + runs[run].text.size() - at);
      rich.push_back({plain.substr(at, n), runs[run].bold, runs[run].code});
      at += n;
      left -= n;
    }
    lines.push_back(std::move(rich));
  }
  return lines;
}

void draw_line(Canvas& canvas, const Point& at, const RichLine& line, const TextStyle& style) {
  double x = at.x;
  for (const Run& run : line) {
    const TextStyle own = style_of(run, style);
    // spaces at its end have no width of their own in a measured line
    canvas.text({x, at.y}, run.text, own);
    x += measure(run.text + "|", own).width - measure("|", own).width;
  }
}

}  // namespace lumir::report
