// Slides: how blocks are measured, shrunk, carried over and drawn.

#include "report/document.h"

#include <algorithm>
#include <optional>

#include "report/colours.h"
#include "report/rich_text.h"
#include "report/table_layout.h"

namespace lumir::report {
namespace {

constexpr Box kContent{48, 96, 864, 392};
constexpr double kTextSize = 18;
constexpr double kTableSize = 15;
/// The smallest scale: 11 points of text, 9.3 of table, which the last row still reads.
constexpr double kLeastScale = 0.62;
/// Slides with few words may write them larger.
constexpr double kLargestScale = 1.24;
constexpr double kGap = 14;
/// A figure among other blocks gets at least so much; two have room below each other.
constexpr double kLeastFigure = 185;

Colour colour_of(Tone tone) { return tone == Tone::warning ? kWarning : tone == Tone::quiet ? kQuiet : kInk; }

TextStyle text_style(double scale, Tone tone) {
  const double size = tone == Tone::quiet ? kTextSize * 0.78 : kTextSize;
  return {size * scale, tone == Tone::warning ? Weight::bold : Weight::normal, colour_of(tone)};
}

double line_step(const TextStyle& style) { return line_height(style) * 1.08; }

/// Paragraphs are apart by an empty line; half a line is drawn for it.
struct BrokenText {
  TextStyle style;
  std::vector<RichLine> lines;
  double height() const {
    double height = 0;
    for (const auto& line : lines) height += line.empty() ? line_step(style) * 0.5 : line_step(style);
    return height;
  }
};

/// Only words of a recipe hold marks; a star in a computed sentence is a star.
std::vector<RichLine> lines_of(const std::string& text, bool rich, const TextStyle& style, double width) {
  if (rich) return rich_wrap(text, style, width);
  std::vector<RichLine> lines;
  for (auto& line : wrap(text, style, width)) lines.push_back(line.empty() ? RichLine{} : RichLine{{std::move(line)}});
  return lines;
}

BrokenText broken(const TextBlock& block, double width, double scale) {
  const TextStyle style = text_style(scale, block.tone);
  return {style, lines_of(block.text, block.rich, style, width)};
}

double bullet_indent(const BulletBlock& block, const TextStyle& style) {
  if (!block.numbered) return style.size * 1.1;
  return measure(std::to_string(block.first + block.items.size() - 1) + ".", style).width + style.size * 0.5;
}

double bullet_height(const BulletBlock& block, const std::string& item, const TextStyle& style, double width) {
  const auto lines = lines_of(item, block.rich, style, width - bullet_indent(block, style));
  return static_cast<double>(lines.size()) * line_step(style) + style.size * 0.35;
}

/// The part of a table that a slide shows.
TableBlock for_slide(const TableBlock& table) {
  TableBlock shown = table;
  if (table.on_slide > 0 && shown.rows.size() > table.on_slide) shown.rows.resize(table.on_slide);
  return shown;
}

using Blocks = std::vector<Block>;

/// Height of the blocks without what figures may take beyond their least.
struct Extent {
  double fixed = 0;
  int figures = 0;
};

Extent extent_of(const Blocks& blocks, double width, double scale);

double height_of(const Block& block, double width, double scale) {
  if (const auto* text = std::get_if<TextBlock>(&block)) return broken(*text, width, scale).height();
  if (const auto* bullets = std::get_if<BulletBlock>(&block)) {
    const TextStyle style = text_style(scale, bullets->tone);
    double height = 0;
    for (const auto& item : bullets->items) height += bullet_height(*bullets, item, style, width);
    return height;
  }
  if (const auto* table = std::get_if<TableBlock>(&block)) {
    const TableBlock shown = for_slide(*table);
    const TableLayout layout(shown, width, kTableSize * scale);
    return layout.height(0, layout.rows());
  }
  if (std::holds_alternative<FigureBlock>(block)) return kLeastFigure;
  const auto& pair = *std::get<std::shared_ptr<const ColumnsBlock>>(block);
  const double left = (width - 2 * kGap) * pair.share, right = width - 2 * kGap - left;
  return std::max(extent_of(pair.left, left, scale).fixed, extent_of(pair.right, right, scale).fixed);
}

/// Figures take what height there is.
bool grows(const Block& block) {
  if (std::holds_alternative<FigureBlock>(block)) return true;
  const auto* pair = std::get_if<std::shared_ptr<const ColumnsBlock>>(&block);
  if (!pair) return false;
  return std::any_of((*pair)->left.begin(), (*pair)->left.end(), grows) ||
         std::any_of((*pair)->right.begin(), (*pair)->right.end(), grows);
}

Extent extent_of(const Blocks& blocks, double width, double scale) {
  Extent extent;
  for (size_t i = 0; i < blocks.size(); ++i) {
    extent.fixed += height_of(blocks[i], width, scale) + (i > 0 ? kGap : 0);
    if (grows(blocks[i])) ++extent.figures;
  }
  return extent;
}

void draw_blocks(Canvas& canvas, const Box& box, const Blocks& blocks, double scale);

void draw_text(Canvas& canvas, const Box& box, const TextBlock& block, double scale) {
  const BrokenText text = broken(block, box.width, scale);
  double y = box.y;
  for (const auto& line : text.lines) {
    if (line.empty()) {
      y += line_step(text.style) * 0.5;
      continue;
    }
    draw_line(canvas, {box.x, y + ascent(text.style)}, line, text.style);
    y += line_step(text.style);
  }
}

void draw_bullets(Canvas& canvas, const Box& box, const BulletBlock& block, double scale) {
  const TextStyle style = text_style(scale, block.tone);
  const double indent = bullet_indent(block, style);
  double y = box.y;
  for (size_t i = 0; i < block.items.size(); ++i) {
    if (block.numbered) {
      canvas.text({box.x, y + ascent(style)}, std::to_string(block.first + i) + ".", style);
    } else {
      canvas.disc({box.x + style.size * 0.35, y + ascent(style) - style.size * 0.3}, style.size * 0.15, kAccent);
    }
    for (const auto& line : lines_of(block.items[i], block.rich, style, box.width - indent)) {
      draw_line(canvas, {box.x + indent, y + ascent(style)}, line, style);
      y += line_step(style);
    }
    y += style.size * 0.35;
  }
}

void draw_figure(Canvas& canvas, Box box, const FigureBlock& block) {
  if (block.caption && !block.figure->caption.empty()) {
    const TextStyle style = text_style(1, Tone::quiet);
    const auto lines = static_cast<double>(wrap(block.figure->caption, style, box.width).size());
    box.height -= lines * line_height(style) + kGap * 0.7;
    paragraph(canvas, {box.x, box.bottom() + kGap * 0.7, box.width, 0}, block.figure->caption, style);
  }
  block.figure->draw(canvas, box, Look::of(Medium::slide));
}

void draw_block(Canvas& canvas, const Box& box, const Block& block, double scale) {
  if (const auto* text = std::get_if<TextBlock>(&block)) return draw_text(canvas, box, *text, scale);
  if (const auto* bullets = std::get_if<BulletBlock>(&block)) return draw_bullets(canvas, box, *bullets, scale);
  if (const auto* table = std::get_if<TableBlock>(&block)) {
    const TableBlock shown = for_slide(*table);
    const TableLayout layout(shown, box.width, kTableSize * scale);
    return layout.draw(canvas, {box.x, box.y}, 0, layout.rows());
  }
  if (const auto* figure = std::get_if<FigureBlock>(&block)) {
    return draw_figure(canvas, box, *figure);
  }
  const auto& pair = *std::get<std::shared_ptr<const ColumnsBlock>>(block);
  const double left = (box.width - 2 * kGap) * pair.share;
  draw_blocks(canvas, {box.x, box.y, left, box.height}, pair.left, scale);
  draw_blocks(canvas, {box.x + left + 2 * kGap, box.y, box.width - left - 2 * kGap, box.height}, pair.right, scale);
}

void draw_blocks(Canvas& canvas, const Box& box, const Blocks& blocks, double scale) {
  const Extent extent = extent_of(blocks, box.width, scale);
  const double extra = extent.figures > 0 ? std::max(0.0, box.height - extent.fixed) / extent.figures : 0;
  double y = box.y;
  for (const auto& block : blocks) {
    const double height = height_of(block, box.width, scale) + (grows(block) ? extra : 0);
    draw_block(canvas, {box.x, y, box.width, height}, block, scale);
    y += height + kGap;
  }
}

/// What fits of a block, and the rest; neither where not even a line or a row fits.
std::optional<std::pair<Block, Block>> split(const Block& block, double width, double height) {
  if (const auto* text = std::get_if<TextBlock>(&block)) {
    const BrokenText lines = broken(*text, width, kLeastScale);
    const auto n = static_cast<size_t>(std::max(0.0, height / line_step(lines.style)));
    if (n == 0 || n >= lines.lines.size()) return std::nullopt;
    TextBlock first = *text, rest = *text;
    first.text.clear();
    rest.text.clear();
    for (size_t i = 0; i < lines.lines.size(); ++i) {
      std::string& to = i < n ? first.text : rest.text;
      to += (to.empty() ? "" : "\n") + source_of(lines.lines[i], text->rich);
    }
    return std::pair<Block, Block>{first, rest};
  }
  if (const auto* bullets = std::get_if<BulletBlock>(&block)) {
    const TextStyle style = text_style(kLeastScale, bullets->tone);
    BulletBlock first = *bullets, rest = *bullets;
    first.items.clear();
    rest.items.clear();
    double used = 0;
    for (const auto& item : bullets->items) {
      used += bullet_height(*bullets, item, style, width);
      (used <= height ? first : rest).items.push_back(item);
    }
    if (first.items.empty() || rest.items.empty()) return std::nullopt;
    rest.first += first.items.size();
    return std::pair<Block, Block>{first, rest};
  }
  if (const auto* table = std::get_if<TableBlock>(&block)) {
    const TableBlock shown = for_slide(*table);
    const TableLayout layout(shown, width, kTableSize * kLeastScale);
    const size_t n = layout.rows_that_fit(0, height);
    if (n == 0 || n >= layout.rows()) return std::nullopt;
    TableBlock first = shown, rest = shown;
    first.on_slide = rest.on_slide = 0;
    const auto cut = static_cast<ptrdiff_t>(n);
    first.rows.erase(first.rows.begin() + cut, first.rows.end());
    rest.rows.erase(rest.rows.begin(), rest.rows.begin() + cut);
    rest.best = shown.best >= static_cast<int>(n) ? shown.best - static_cast<int>(n) : -1;
    first.best = shown.best < static_cast<int>(n) ? shown.best : -1;
    return std::pair<Block, Block>{first, rest};
  }
  return std::nullopt;
}

/// Two columns one after the other: what is left when they do not fit beside each other.
Blocks unfolded(const Blocks& blocks) {
  Blocks out;
  for (const auto& block : blocks) {
    const auto* pair = std::get_if<std::shared_ptr<const ColumnsBlock>>(&block);
    if (!pair) {
      out.push_back(block);
      continue;
    }
    for (const auto& part : unfolded((*pair)->left)) out.push_back(part);
    for (const auto& part : unfolded((*pair)->right)) out.push_back(part);
  }
  return out;
}

struct Page {
  Blocks blocks;
  double scale = 1;
};

std::optional<double> scale_that_fits(const Blocks& blocks) {
  const bool figures = std::any_of(blocks.begin(), blocks.end(), grows);
  // words beside a figure leave the room to it
  for (double scale = figures ? 1 : kLargestScale; scale >= kLeastScale; scale -= 0.02) {
    if (extent_of(blocks, kContent.width, scale).fixed <= kContent.height * (scale > 1 ? 0.8 : 1)) return scale;
  }
  return std::nullopt;
}

std::vector<Page> paginate(const Blocks& blocks) {
  if (const auto scale = scale_that_fits(blocks)) return {{blocks, *scale}};
  std::vector<Page> pages(1);
  Blocks waiting = unfolded(blocks);
  std::reverse(waiting.begin(), waiting.end());
  while (!waiting.empty()) {
    Page& page = pages.back();
    page.scale = kLeastScale;
    const Block block = waiting.back();
    waiting.pop_back();
    const double used = extent_of(page.blocks, kContent.width, kLeastScale).fixed + (page.blocks.empty() ? 0 : kGap);
    const double left = kContent.height - used;
    if (height_of(block, kContent.width, kLeastScale) <= left) {
      page.blocks.push_back(block);
    } else if (const auto parts = split(block, kContent.width, left)) {
      page.blocks.push_back(parts->first);
      waiting.push_back(parts->second);
      pages.emplace_back();
    } else if (page.blocks.empty()) {
      page.blocks.push_back(block);  // one row or line higher than a page: nothing can be done for it
    } else {
      waiting.push_back(block);
      pages.emplace_back();
    }
  }
  // the last page of a long table need not be as small as the others
  for (Page& page : pages) page.scale = scale_that_fits(page.blocks).value_or(kLeastScale);
  return pages;
}

void draw_foot(Canvas& canvas, const Document& document, size_t page, size_t pages) {
  const TextStyle style{10.5, Weight::normal, kQuiet};
  const double y = kSlideSize.height - 22;
  canvas.line({kContent.x, y - 14}, {kContent.right(), y - 14}, {kRule, 0.8});
  const std::string number = std::to_string(page) + " / " + std::to_string(pages);
  canvas.text({kContent.right(), y}, number, style, Across::right, Down::middle);
  double x = kContent.x;
  const double room = kContent.width - measure(number, style).width - 40;
  if (!document.warnings.empty()) {
    TextStyle red{10.5, Weight::bold, kWarning};
    while (red.size > 8.5 && measure(document.warnings.front(), red).width > room * 0.7) red.size -= 0.25;
    const std::string line = shorten(document.warnings.front(), red, room * 0.7);
    canvas.text({x, y}, line, red, Across::left, Down::middle);
    x += measure(line, red).width + 18;
  }
  if (!document.mark.empty()) {
    const TextStyle mark{10.5, Weight::bold, kAccent};
    canvas.text({x, y}, document.mark, mark, Across::left, Down::middle);
    x += measure(document.mark, mark).width + 18;
  }
  canvas.text({x, y}, shorten(document.title, style, kContent.x + room - x), style, Across::left, Down::middle);
}

void draw_title(Canvas& canvas, const std::string& title) {
  TextStyle style{28, Weight::bold, kAccent};
  while (measure(title, style).width > kContent.width && style.size > 18) style.size -= 0.5;
  const auto lines = wrap(title, style, kContent.width);
  if (lines.size() > 1) style.size = 18;
  double y = 44 + 14;
  if (lines.size() > 1) y -= line_height(style) * 0.6;
  for (const auto& line : wrap(title, style, kContent.width)) {
    canvas.text({kContent.x, y}, line, style, Across::left, Down::baseline);
    y += line_height(style);
  }
  canvas.fill({kContent.x, 74, 56, 3}, kAccent);
}

/// The size at which a text takes at most so many lines.
TextStyle fitted(const std::string& text, TextStyle style, double width, size_t lines, double least) {
  while (style.size > least && wrap(text, style, width).size() > lines) style.size -= 1;
  return style;
}

void draw_cover(Canvas& canvas, const Document& document) {
  canvas.fill({0, 0, kSlideSize.width, kSlideSize.height}, kPaper);
  canvas.fill({0, 0, 18, kSlideSize.height}, kAccent);
  const Box box{72, 150, 816, 340};
  double y = box.y;
  if (!document.mark.empty()) {
    const TextStyle mark{15, Weight::bold, kPaper};
    const double width = measure(document.mark, mark).width + 24;
    canvas.fill({box.x, y - 48, width, 28}, kAccent);
    canvas.text({box.x + 12, y - 34}, document.mark, mark, Across::left, Down::middle);
  }
  const TextStyle title = fitted(document.title, {46, Weight::bold, kInk}, box.width, 2, 26);
  y += paragraph(canvas, {box.x, y, box.width, 0}, document.title, title) + 10;
  if (!document.subtitle.empty()) {
    const TextStyle subtitle = fitted(document.subtitle, {22, Weight::normal, kQuiet}, box.width, 2, 15);
    y += paragraph(canvas, {box.x, y, box.width, 0}, document.subtitle, subtitle) + 8;
  }
  canvas.fill({box.x, y + 14, 72, 4}, kAccent);
  y += 40;
  double size = 17;
  const auto needed = [&] {
    double height = 0;
    for (const auto* lines : {&document.warnings, &document.cover}) {
      for (const auto& line : *lines) {
        height += static_cast<double>(wrap(line, {size, Weight::bold}, box.width).size()) * size * 1.25 + 4;
      }
    }
    return height;
  };
  while (y + needed() > kSlideSize.height - 36 && size > 8) size -= 0.5;
  for (const auto& line : document.warnings) {
    y += paragraph(canvas, {box.x, y, box.width, 0}, line, {size, Weight::bold, kWarning}) + 4;
  }
  for (const auto& line : document.cover) {
    y += paragraph(canvas, {box.x, y, box.width, 0}, line, {size, Weight::normal, kInk}) + 4;
  }
}

void draw_page(Canvas& canvas, const Document& document, const std::string& title, const Page& page, size_t number,
               size_t pages) {
  canvas.fill({0, 0, kSlideSize.width, kSlideSize.height}, kPaper);
  draw_title(canvas, title);
  draw_blocks(canvas, kContent, page.blocks, page.scale);
  draw_foot(canvas, document, number, pages);
}

}  // namespace

Block columns(std::vector<Block> left, std::vector<Block> right, double share) {
  return std::make_shared<const ColumnsBlock>(ColumnsBlock{std::move(left), std::move(right), share});
}

std::vector<Drawing> pages_of(const Document& document) {
  struct Titled {
    std::string title;
    Page page;
  };
  std::vector<Titled> laid_out;
  for (const Slide& slide : document.slides) {
    const auto pages = paginate(slide.blocks);
    for (size_t i = 0; i < pages.size(); ++i) {
      std::string title = slide.title;
      if (pages.size() > 1) title += " (" + std::to_string(i + 1) + " of " + std::to_string(pages.size()) + ")";
      laid_out.push_back({title, pages[i]});
    }
  }
  std::vector<Drawing> drawings = {[document](Canvas& canvas) { draw_cover(canvas, document); }};
  for (size_t i = 0; i < laid_out.size(); ++i) {
    drawings.push_back([document, page = laid_out[i], i, n = laid_out.size()](Canvas& canvas) {
      draw_page(canvas, document, page.title, page.page, i + 2, n + 1);
    });
  }
  return drawings;
}

std::string pdf_of(const Document& document) { return pdf_of(pages_of(document), kSlideSize, document.title); }

}  // namespace lumir::report
