// A document: slides made of blocks, rendered as a PDF of 16:9 pages and as one page for a browser.
//
// Layout measures before it draws. A slide whose blocks do not fit gets smaller text, down to a size that still reads
// from the last row; what then is too much goes on to a further page. Nothing is cut.

#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "report/figure.h"

namespace lumir::report {

enum class Tone { normal, quiet, warning };

struct TextBlock {
  std::string text;  // an empty line begins a new paragraph
  Tone tone = Tone::normal;
  bool rich = false;  // may hold **bold** and `code` (rich_text.h)
};

struct BulletBlock {
  std::vector<std::string> items;
  Tone tone = Tone::normal;
  bool rich = false;
  bool numbered = false;
  size_t first = 1;  // the number of the first item
};

/// Cells are words already: numbers are written by core/readable.h before they come here.
struct TableBlock {
  std::string caption;
  std::vector<std::string> header;             // empty for a table of names and values
  std::vector<std::vector<std::string>> rows;  // as many cells as the header
  std::vector<Across> align;                   // by column; what is missing is left
  int best = -1;                               // a row to stress, from 0
  size_t on_slide = 0;                         // only the first so many on a slide; the page has all. 0 for all
  std::string markdown = {};                   // its lines as a recipe wrote them; empty for a table that was computed
};

struct FigureBlock {
  FigurePtr figure;
  bool caption = false;  // under the figure on a slide; the page has it always
};

struct ColumnsBlock;
using Block = std::variant<TextBlock, BulletBlock, TableBlock, FigureBlock, std::shared_ptr<const ColumnsBlock>>;
struct ColumnsBlock {
  std::vector<Block> left;
  std::vector<Block> right;
  double share = 0.5;  // of the width, for the left one
};
Block columns(std::vector<Block> left, std::vector<Block> right, double share = 0.5);

struct Slide {
  std::string title;
  std::vector<Block> blocks;
  std::string key = {};   // the first blocks are words under that key, which an author may write anew
  size_t words = 0;       // so many blocks
  bool appendix = false;  // stands behind the slides that tell the experiment
};

/// A recording beside the page that can be heard there.
struct Sound {
  std::string words;  // "singer_03, taken for singer_15: song_17"
  std::string file;   // relative to the page
};

struct Document {
  std::string title;
  std::string subtitle;
  std::vector<std::string> cover;     // lines on the cover: author, date of the data, recipe
  std::string mark;                   // stands on every page: "synthetic sample"; may be empty
  std::vector<std::string> warnings;  // red, on the cover and on every page's foot
  std::vector<Slide> slides;          // after the cover
  std::vector<Sound> sounds;          // on the page only, after all slides
};

/// Points of a slide: 13.33 x 7.5 inches.
constexpr Size kSlideSize{960, 540};

/// One drawing for each page, the cover first.
std::vector<Drawing> pages_of(const Document& document);
std::string pdf_of(const Document& document);
std::string html_of(const Document& document);

}  // namespace lumir::report
