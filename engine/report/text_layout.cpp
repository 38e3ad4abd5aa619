// Measuring and breaking text.

#include "report/text_layout.h"

#include <algorithm>

#include "core/text.h"

namespace lumir::report {
namespace {

constexpr const char* kFamily = "DejaVu Sans, Noto Sans CJK TC, Noto Sans CJK JP";
constexpr const char* kFixedFamily = "DejaVu Sans Mono, Noto Sans Mono CJK TC, Noto Sans CJK TC";

struct FontOptionsDelete {
  void operator()(cairo_font_options_t* options) const { cairo_font_options_destroy(options); }
};
struct DescriptionDelete {
  void operator()(PangoFontDescription* description) const { pango_font_description_free(description); }
};

/// One context for each thread: font maps of Pango are not shared between threads.
PangoContext* context() {
  thread_local const std::unique_ptr<PangoContext, Unref> kept = [] {
    PangoFontMap* map = pango_cairo_font_map_get_default();
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(map), 72);
    std::unique_ptr<PangoContext, Unref> made(pango_font_map_create_context(map));
    const std::unique_ptr<cairo_font_options_t, FontOptionsDelete> options(cairo_font_options_create());
    cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(made.get(), options.get());
    pango_context_set_round_glyph_positions(made.get(), FALSE);
    pango_context_set_language(made.get(), pango_language_from_string("en"));
    return made;
  }();
  return kept.get();
}

double points(int pango_units) { return static_cast<double>(pango_units) / PANGO_SCALE; }

std::string trimmed(std::string line) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\n')) line.pop_back();
  return line;
}

}  // namespace

LayoutPtr layout_of(const std::string& text, const TextStyle& style) {
  LayoutPtr layout(pango_layout_new(context()));
  const std::unique_ptr<PangoFontDescription, DescriptionDelete> font(
      pango_font_description_from_string(style.fixed_width ? kFixedFamily : kFamily));
  pango_font_description_set_absolute_size(font.get(), style.size * PANGO_SCALE);
  pango_font_description_set_weight(font.get(), style.weight == Weight::bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout.get(), font.get());
  // without ligatures, so that a search in the PDF finds "fit" and not "ﬁt"
  PangoAttrList* attributes = pango_attr_list_new();
  pango_attr_list_insert(attributes, pango_attr_font_features_new("liga=0, clig=0"));
  pango_layout_set_attributes(layout.get(), attributes);
  pango_attr_list_unref(attributes);
  pango_layout_set_text(layout.get(), visible_lines(text).c_str(), -1);
  return layout;
}

const char* svg_family(const TextStyle& style) {
  return style.fixed_width ? "DejaVu Sans Mono, Noto Sans Mono CJK TC, Menlo, Consolas, monospace"
                           : "DejaVu Sans, Noto Sans CJK TC, Verdana, sans-serif";
}

Size measure(const std::string& line, const TextStyle& style) {
  const LayoutPtr layout = layout_of(line, style);
  int width = 0;
  pango_layout_get_size(layout.get(), &width, nullptr);
  return {points(width), line_height(style)};
}

// Ascent and height are those of DejaVu Sans whatever the line holds: a Chinese name then stands on the baseline of its
// neighbours.
double ascent(const TextStyle& style) { return 0.928 * style.size; }

double line_height(const TextStyle& style) { return 1.25 * style.size; }

std::vector<std::string> wrap(const std::string& text, const TextStyle& style, double width) {
  const LayoutPtr layout = layout_of(text, style);
  pango_layout_set_width(layout.get(), static_cast<int>(std::max(1.0, width) * PANGO_SCALE));
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  const std::string whole = pango_layout_get_text(layout.get());
  std::vector<std::string> lines;
  for (int i = 0; i < pango_layout_get_line_count(layout.get()); ++i) {
    const PangoLayoutLine* line = pango_layout_get_line_readonly(layout.get(), i);
    lines.push_back(trimmed(whole.substr(static_cast<size_t>(line->start_index), static_cast<size_t>(line->length))));
  }
  return lines;
}

std::string shorten(const std::string& line, const TextStyle& style, double width) {
  if (measure(line, style).width <= width) return line;
  size_t kept = line.size();
  while (kept > 0) {
    --kept;
    while (kept > 0 && (static_cast<unsigned char>(line[kept]) & 0xC0) == 0x80) --kept;
    const std::string shorter = trimmed(line.substr(0, kept)) + "…";
    if (measure(shorter, style).width > width) continue;
    const size_t space = line.rfind(' ', kept);  // whole words, unless one takes up half of the line
    return space == std::string::npos || space * 2 < kept ? shorter : trimmed(line.substr(0, space)) + "…";
  }
  return "…";
}

double paragraph(Canvas& canvas, const Box& box, const std::string& text, const TextStyle& style, Across across) {
  double y = box.y;
  const double x = across == Across::left ? box.x : across == Across::middle ? box.middle().x : box.right();
  for (const std::string& line : wrap(text, style, box.width)) {
    canvas.text({x, y + ascent(style)}, line, style, across, Down::baseline);
    y += line_height(style);
  }
  return y - box.y;
}

}  // namespace lumir::report
