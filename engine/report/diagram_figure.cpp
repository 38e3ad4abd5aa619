// Drawing a diagram: as many boxes in a row as have room, rows from left to right, arrows from each box to the next.

#include "report/diagram_figure.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/readable.h"
#include "report/colours.h"

namespace lumir::report {
namespace {

constexpr double kLine = 1.25;  // from line to line, in sizes of text

/// "[2, 64, 8, 12]"
std::string shape_text(const std::vector<int64_t>& shape) {
  std::string text;
  for (const int64_t size : shape) text += (text.empty() ? "" : ", ") + std::to_string(size);
  return "[" + text + "]";
}

/// "1, 64, { 7, 3 }, stride = 2" of "1, 64, { 7, 3 }, { stride = 2 }": of the table of what has a name.
std::string without_braces(std::string options) {
  const size_t named = options.find(" = ");
  if (named == std::string::npos) return options;
  options.erase(options.size() - 2);
  return options.erase(options.rfind("{ ", named), 2);
}

/// What kinds of layers look alike, by a word of their names.
Colour tint_of(const std::string& name) {
  static const std::vector<std::pair<const char*, size_t>> kinds = {
      {"Conv", 0}, {"Patch", 0}, {"Pool", 1},     {"Linear", 2}, {"RNN", 4},     {"LSTM", 4},
      {"GRU", 4},  {"Trans", 4}, {"ttention", 4}, {"Frame", 1},  {"Residual", 6}};
  for (const auto& [word, hue] : kinds) {
    if (name.find(word) != std::string::npos) return class_look(hue).colour.toward(kPaper, 0.78);
  }
  return kShade;
}

void arrow(Canvas& canvas, const std::vector<Point>& way, const Look& look) {
  const Point tip = way.back(), before = way[way.size() - 2];
  const double length = std::hypot(tip.x - before.x, tip.y - before.y), head = look.small * 0.5;
  const double dx = (tip.x - before.x) / length, dy = (tip.y - before.y) / length;
  canvas.polyline(way, {kQuiet, look.line * 0.8});
  canvas.polygon({tip,
                  {tip.x - head * dx - head * 0.6 * dy, tip.y - head * dy + head * 0.6 * dx},
                  {tip.x - head * dx + head * 0.6 * dy, tip.y - head * dy - head * 0.6 * dx}},
                 kQuiet);
}

}  // namespace

/// Where the boxes stand, and how high a line of them is.
struct DiagramFigure::Places {
  std::vector<Box> boxes;
  double gap = 0, line = 0;
  double height = 0;  // of all of it
};

DiagramFigure::DiagramFigure(std::vector<Card> cards) : cards_(std::move(cards)) {
  if (cards_.empty()) throw ArgumentError("diagram: there is nothing to draw");
}

DiagramFigure::DiagramFigure(const std::vector<int64_t>& input, const std::vector<model::Block>& blocks) {
  if (blocks.empty()) throw ArgumentError("diagram: the network calls no module");
  if (blocks.size() > kMostBlocks) {
    throw ArgumentError("diagram: " + std::to_string(blocks.size()) + " blocks, at most " +
                        std::to_string(kMostBlocks) + " have room; a smaller 'depth' tells fewer apart");
  }
  cards_ = {{"input", "", {}, shape_text(input), kPaper}};
  for (const auto& block : blocks) {
    const std::string times = block.times > 1 ? " × " + std::to_string(block.times) : "";
    Card card{block.name + times, without_braces(block.options), {}, shape_text(block.output), tint_of(block.name)};
    for (const auto& after : block.with) card.lines.push_back("+ " + after);
    if (block.parameters > 0) {
      card.lines.push_back(show_count(static_cast<long>(block.parameters * block.times)) + " weights");
    }
    cards_.push_back(std::move(card));
  }
}

/// Options first, on as many lines as they need; what is wider than the box ends in dots.
std::vector<std::string> DiagramFigure::lines_of(const Card& card, double width, const TextStyle& style) {
  std::vector<std::string> lines;
  if (!card.options.empty()) lines = wrap(card.options, style, width);
  lines.insert(lines.end(), card.lines.begin(), card.lines.end());
  for (auto& line : lines) line = shorten(line, style, width);
  return lines;
}

DiagramFigure::Places DiagramFigure::places_in(const Box& box, const std::vector<Card>& cards, const Look& look) {
  const bool slide = look.text >= Look::of(Medium::slide).text * 0.7;
  const size_t most = slide ? 6 : 3, down = (cards.size() + most - 1) / most;
  const size_t across = (cards.size() + down - 1) / down;  // rows of about one length
  const double line = look.small * kLine, gap = look.text * 1.3;
  const double width = box.width / static_cast<double>(across) - gap;  // an arrow goes round the last one
  size_t lines = 0;
  for (const Card& card : cards) {
    lines = std::max(lines, lines_of(card, width - line * 0.5, {look.small}).size());
  }
  const double wanted = line * (static_cast<double>(lines) + 2.2), between = line * 2.4;
  const double height = std::min(wanted, box.height / static_cast<double>(down) - between);
  Places places{{}, gap, line, (height + between) * static_cast<double>(down)};
  for (size_t i = 0; i < cards.size(); ++i) {
    places.boxes.push_back({box.x + static_cast<double>(i % across) * (width + gap),
                            box.y + static_cast<double>(i / across) * (height + between), width, height});
  }
  return places;
}

Size DiagramFigure::size(Medium medium) const {
  const Size usual = Figure::size(medium);
  if (medium == Medium::slide) {  // boxes in one row need no whole slide
    const Look large = Look::of(medium);
    const double edges = large.text * 3.2;
    const double rows = places_in({0, 0, usual.width - edges, 1e4}, cards_, large).height;
    return {usual.width, std::min(usual.height, rows + edges + large.title * 2.5)};
  }
  const Look look = Look::of(medium);
  const double height = places_in({0, 0, usual.width - look.text, 1e4}, cards_, look).height;
  return {usual.width, std::max(usual.height, height + look.title * 2.5 + look.text)};
}

void DiagramFigure::draw_card(Canvas& canvas, const Card& card, const Box& box, double line, const Look& look) {
  const TextStyle name{look.small * 1.1, Weight::bold, kInk}, text{look.small, Weight::normal, kInk};
  const TextStyle shape{look.small, Weight::normal, kQuiet};
  const double width = box.width - line * 0.5;
  const auto write = [&](const std::string& words, const TextStyle& style, double y) {
    canvas.text({box.middle().x, y}, shorten(words, style, width), style, Across::middle, Down::top);
  };
  canvas.fill(box, card.colour);
  canvas.outline(box, {kQuiet, 0.8});
  write(card.name, name, box.y + line * 0.4);
  double y = box.y + line * 1.55;
  for (const auto& words : lines_of(card, width, text)) {
    if (y + line > box.bottom()) break;  // where all rows together are higher than the slide
    write(words, text, y);
    y += line;
  }
  write(card.shape, shape, box.bottom() + line * 0.15);
}

void DiagramFigure::draw(Canvas& canvas, const Box& box, const Look& look) const {
  const auto& all = cards_;
  const Places places = places_in(box, all, look);
  for (size_t i = 0; i < all.size(); ++i) {
    const Box& here = places.boxes[i];
    draw_card(canvas, all[i], here, places.line, look);
    if (i + 1 == all.size()) break;
    const Box& next = places.boxes[i + 1];
    const Point out{here.right(), here.middle().y};
    if (next.y == here.y) {
      arrow(canvas, {out, {next.x, next.middle().y}}, look);
    } else {  // down between the rows, and back to the left
      const double right = here.right() + places.gap * 0.4, between = next.y - places.line * 0.35;
      const double down = next.middle().x;
      arrow(canvas, {out, {right, out.y}, {right, between}, {down, between}, {down, next.y}}, look);
    }
  }
}

}  // namespace lumir::report
