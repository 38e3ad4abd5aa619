// The page for a browser: one file that needs no other, light or dark as the reader's system is.

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "report/colours.h"
#include "report/document.h"
#include "report/markup.h"
#include "report/rich_text.h"

namespace lumir::report {
namespace {

constexpr const char* kStyle = R"css(
:root { color-scheme: light dark; --ink: #1f2430; --quiet: #5c6472; --paper: #ffffff; --shade: #f3f5f8;
  --rule: #d5d9e0; --accent: #1f4e8c; --stress: #e6eff9; --warning: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8ec; --quiet: #a2a9b6; --paper: #16181d; --shade: #20242b;
  --rule: #363c47; --accent: #8ab8f0; --stress: #22344a; --warning: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 "DejaVu Sans", "Noto Sans CJK TC", "Noto Sans TC", Verdana, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
header { border-left: 6px solid var(--accent); padding-left: 1.25rem; margin-bottom: 2.5rem; }
h1 { font-size: 2.1rem; line-height: 1.2; margin: 0.3rem 0; }
h2 { font-size: 1.35rem; color: var(--accent); margin: 2.75rem 0 0.75rem; padding-top: 0.75rem;
  border-top: 1px solid var(--rule); }
p { margin: 0.6rem 0; max-width: 62rem; } .quiet { color: var(--quiet); font-size: 0.92rem; }
.warning { color: var(--warning); font-weight: bold; }
.mark { display: inline-block; background: var(--accent); color: var(--paper); font-weight: bold; font-size: 0.85rem;
  padding: 0.15rem 0.6rem; border-radius: 0.3rem; }
nav { columns: 16rem; font-size: 0.92rem; } nav a { color: var(--accent); text-decoration: none; display: block; }
nav a:hover, nav a:focus { text-decoration: underline; }
.columns { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); }
.columns > div { min-width: 0; }
.table { overflow-x: auto; margin: 0.9rem 0; } table { border-collapse: collapse; font-size: 0.92rem; }
caption { text-align: left; color: var(--quiet); font-weight: bold; padding-bottom: 0.35rem; }
th, td { text-align: left; padding: 0.3rem 0.8rem; border-bottom: 1px solid var(--rule); vertical-align: top; }
thead th { color: var(--quiet); border-bottom: 2px solid var(--quiet); } .number { text-align: right;
  font-variant-numeric: tabular-nums; white-space: nowrap; }
.best td { background: var(--stress); font-weight: bold; }
summary { color: var(--accent); cursor: pointer; }
figure { margin: 1rem 0; } figure svg { display: block; width: 100%; height: auto; background: var(--paper);
  border-radius: 0.4rem; padding: 0.5rem; } figure svg svg { padding: 0; background: none; }
figure audio { width: min(100%, 30rem); }
@media (max-width: 40rem) { main { padding: 1.25rem 0.75rem 3rem; } h1 { font-size: 1.5rem; }
  figure { overflow-x: auto; } figure svg { min-width: 34rem; } }
pre, code { font-family: "DejaVu Sans Mono", monospace; } p, li, figcaption { overflow-wrap: anywhere; }
figcaption { color: var(--quiet); font-size: 0.92rem; margin-top: 0.4rem; }
@media print { h2 { break-after: avoid; } figure, table { break-inside: avoid; } nav { display: none; } }
)css";

/// Ink, rules and what would sink into a dark page take other colours there, where a figure draws them as forms and
/// text. Pictures of numbers stay as they are, so that a map of colours runs the same way; so does text on a cell, whose
/// black or white was chosen for the cell.
std::string dark_figures() {
  std::vector<std::pair<Colour, std::string>> colours = {
      {kInk, "var(--ink)"},       {kQuiet, "var(--quiet)"},     {kRule, "var(--rule)"}, {kShade, "var(--shade)"},
      {kAccent, "var(--accent)"}, {kWarning, "var(--warning)"}, {kBar, "#4a9ae0"},
  };
  for (size_t i = 0; i < 10; ++i) {
    if (const Colour hue = class_look(i).colour; dark_hue(hue).text() != hue.text()) {
      colours.emplace_back(hue, dark_hue(hue).text());
    }
  }
  std::string css = "@media (prefers-color-scheme: dark) {\n";
  for (const auto& [light, dark] : colours) {
    for (const char* part : {"fill", "stroke"}) {
      css += std::string("  figure svg [") + part + "=\"" + light.text() + "\"] { " + part + ": " + dark + "; }\n";
    }
  }
  for (const char* form : {"rect", "circle", "polygon"}) {
    css += std::string("  figure svg ") + form + "[fill=\"" + kPaper.text() + "\"] { fill: var(--paper); }\n";
  }
  return css + "  figure svg polyline[stroke=\"" + kPaper.text() + "\"] { stroke: var(--paper); } }\n";
}

std::string element(const std::string& tag, const std::string& name, const std::string& inside) {
  return "<" + tag + (name.empty() ? "" : " class=\"" + name + "\"") + ">" + inside + "</" + tag + ">";
}

std::string class_of(Tone tone) { return tone == Tone::warning ? "warning" : tone == Tone::quiet ? "quiet" : ""; }

/// Marks of Markdown as elements, all else escaped.
std::string words_html(const std::string& text, bool rich) {
  if (!rich) return escaped(text);
  std::string out;
  for (const Run& run : runs_of(text)) {
    const std::string inside = escaped(run.text);
    out += run.bold ? element("strong", "", inside) : run.code ? element("code", "", inside) : inside;
  }
  return out;
}

std::string html_of(const TextBlock& block) {
  std::string out, paragraph;
  const auto flush = [&] {
    if (!paragraph.empty()) out += element("p", class_of(block.tone), words_html(paragraph, block.rich)) + "\n";
    paragraph.clear();
  };
  size_t start = 0;
  while (start <= block.text.size()) {
    const size_t end = std::min(block.text.find('\n', start), block.text.size());
    const std::string line = block.text.substr(start, end - start);
    if (line.empty()) flush();
    if (!line.empty()) paragraph += (paragraph.empty() ? "" : "\n") + line;
    start = end + 1;
  }
  flush();
  return out;
}

std::string html_of(const BulletBlock& block) {
  const std::string list = block.numbered ? "ol" : "ul";
  std::string items = "\n";
  for (const auto& item : block.items) {
    items += element("li", class_of(block.tone), words_html(item, block.rich)) + "\n";
  }
  return element(list, "", items) + "\n";
}

std::string table_html(const TableBlock& table, size_t n_rows) {
  const auto cell = [&](const char* tag, size_t column, const std::string& text) {
    const bool number = column < table.align.size() && table.align[column] == Across::right;
    std::string line = escaped(text);
    std::replace(line.begin(), line.end(), '\n', ' ');
    return element(tag, number ? "number" : "", line);
  };
  std::string out = "<div class=\"table\"><table>\n";
  if (!table.caption.empty()) out += element("caption", "", escaped(table.caption)) + "\n";
  if (!table.header.empty()) {
    out += "<thead><tr>";
    for (size_t i = 0; i < table.header.size(); ++i) out += cell("th", i, table.header[i]);
    out += "</tr></thead>\n";
  }
  out += "<tbody>\n";
  for (size_t row = 0; row < n_rows; ++row) {
    std::string cells;
    for (size_t i = 0; i < table.rows[row].size(); ++i) cells += cell("td", i, table.rows[row][i]);
    out += element("tr", static_cast<int>(row) == table.best ? "best" : "", cells) + "\n";
  }
  return out + "</tbody></table></div>\n";
}

/// What a slide has no room for is folded away behind one line.
std::string html_of(const TableBlock& table) {
  const size_t all = table.rows.size();
  if (table.on_slide == 0 || all <= table.on_slide) return table_html(table, all);
  const std::string summary = element("summary", "", "All " + std::to_string(all) + " rows");
  return table_html(table, table.on_slide) + element("details", "", summary + "\n" + table_html(table, all)) + "\n";
}

std::string html_of(const FigureBlock& block) {
  const Figure& figure = *block.figure;
  const Size size = figure.size(Medium::slide);
  const auto drawing = [&](Canvas& canvas) {
    figure.draw(canvas, Box{0, 0, size.width, size.height}.inset(8), Look::of(Medium::slide));
  };
  const std::string& caption = figure.caption.empty() ? figure.title : figure.caption;
  return "<figure>" + svg_of(drawing, size, figure.title.empty() ? figure.name : figure.title) +
         element("figcaption", "", escaped(caption)) + "</figure>\n";
}

constexpr const char* kSounds = "Recordings that were confused";

/// A file's name in an address: what is no letter, digit or -._~/ by its bytes.
std::string address(const std::string& path) {
  std::string out;
  for (const char letter : path) {
    const auto byte = static_cast<unsigned char>(letter);
    if (std::isalnum(byte) || std::string_view("-._~/").find(letter) != std::string_view::npos) {
      out += letter;
    } else {
      char code[4];
      std::snprintf(code, sizeof code, "%%%02X", byte);
      out += code;
    }
  }
  return out;
}

std::string html_of(const std::vector<Sound>& sounds) {
  std::string out;
  for (const auto& sound : sounds) {
    out += "<figure><audio controls preload=\"none\" src=\"" + address(sound.file) + "\"></audio>" +
           element("figcaption", "", escaped(sound.words)) + "</figure>\n";
  }
  return out;
}

std::string html_of(const std::vector<Block>& blocks);

std::string html_of(const std::shared_ptr<const ColumnsBlock>& pair) {
  return element("div", "columns",
                 "\n" + element("div", "", html_of(pair->left)) + "\n" + element("div", "", html_of(pair->right)));
}

std::string html_of(const std::vector<Block>& blocks) {
  std::string out;
  for (const auto& block : blocks) {
    out += std::visit([](const auto& one) { return html_of(one); }, block);
  }
  return out;
}

}  // namespace

std::string html_of(const Document& document) {
  std::string out =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  out += element("title", "", escaped(document.title)) + "\n" +
         element("style", "", std::string(kStyle) + dark_figures()) + "\n</head>\n<body>\n<main>\n";
  out += "<header>\n";
  if (!document.mark.empty()) out += element("span", "mark", escaped(document.mark)) + "\n";
  out += element("h1", "", escaped(document.title)) + "\n";
  if (!document.subtitle.empty()) out += element("p", "", escaped(document.subtitle)) + "\n";
  for (const auto& line : document.warnings) out += element("p", "warning", escaped(line)) + "\n";
  for (const auto& line : document.cover) out += element("p", "quiet", escaped(line)) + "\n";
  out += "</header>\n<nav>\n";
  for (size_t i = 0; i < document.slides.size(); ++i) {
    out += "<a href=\"#s" + std::to_string(i + 1) + "\">" + escaped(document.slides[i].title) + "</a>\n";
  }
  if (!document.sounds.empty()) out += std::string("<a href=\"#sounds\">") + kSounds + "</a>\n";
  out += "</nav>\n";
  for (size_t i = 0; i < document.slides.size(); ++i) {
    out += "<section id=\"s" + std::to_string(i + 1) + "\">\n" + element("h2", "", escaped(document.slides[i].title)) +
           "\n" + html_of(document.slides[i].blocks) + "</section>\n";
  }
  if (!document.sounds.empty()) {
    out += "<section id=\"sounds\">\n" + element("h2", "", kSounds) + "\n" + html_of(document.sounds) + "</section>\n";
  }
  return out + "</main>\n</body>\n</html>\n";
}

}  // namespace lumir::report
