// Documents as plain values, and their words as Markdown.

#include "report/document_file.h"

#include <algorithm>

#include "core/error.h"
#include "core/text.h"
#include "report/slides.h"

namespace lumir::report {
namespace {

using Blocks = std::vector<Block>;
using Columns = std::shared_ptr<const ColumnsBlock>;

/// Each block, with what `use` makes of a figure in place of it.
template <class Use>
Blocks with_figures(const Blocks& blocks, Use use) {
  Blocks out;
  for (const Block& block : blocks) {
    if (const auto* figure = std::get_if<FigureBlock>(&block)) {
      out.push_back(FigureBlock{use(figure->figure), figure->caption});
    } else if (const auto* pair = std::get_if<Columns>(&block)) {
      out.push_back(columns(with_figures((*pair)->left, use), with_figures((*pair)->right, use), (*pair)->share));
    } else {
      out.push_back(block);
    }
  }
  return out;
}

List texts(const std::vector<std::string>& lines) { return {lines.begin(), lines.end()}; }
List rows_value(const std::vector<std::vector<std::string>>& rows) {
  List list;
  for (const auto& row : rows) list.emplace_back(texts(row));
  return list;
}

std::string text_of(const Value& value) {
  if (!value.text()) throw Error("report.layout: a text is missing");
  return *value.text();
}
double number_of(const Value& value) {
  if (!value.number()) throw Error("report.layout: a number is missing");
  return *value.number();
}
const List& list_of(const Value& value) {
  if (!value.list()) throw Error("report.layout: a list is missing");
  return *value.list();
}
bool truth_of(const Value& value) { return value.boolean() && *value.boolean(); }
size_t count_of(const Value& value) { return static_cast<size_t>(number_of(value)); }
std::vector<std::string> texts_from(const Value& value) {
  std::vector<std::string> lines;
  for (const Value& line : list_of(value)) lines.push_back(text_of(line));
  return lines;
}

Value blocks_value(const Blocks& blocks, const Recorders& recorders);

Value block_value(const Block& block, const Recorders& recorders) {
  if (const auto* text = std::get_if<TextBlock>(&block)) {
    return Map{{"kind", "text"}, {"text", text->text}, {"tone", static_cast<int>(text->tone)}, {"rich", text->rich}};
  }
  if (const auto* bullets = std::get_if<BulletBlock>(&block)) {
    return Map{{"kind", "bullets"},     {"items", texts(bullets->items)}, {"tone", static_cast<int>(bullets->tone)},
               {"rich", bullets->rich}, {"numbered", bullets->numbered},  {"first", bullets->first}};
  }
  if (const auto* table = std::get_if<TableBlock>(&block)) {
    List align;
    for (const Across across : table->align) align.emplace_back(static_cast<int>(across));
    return Map{{"kind", "table"},
               {"caption", table->caption},
               {"header", texts(table->header)},
               {"rows", rows_value(table->rows)},
               {"align", align},
               {"best", table->best},
               {"on_slide", table->on_slide},
               {"markdown", table->markdown}};
  }
  if (const auto* figure = std::get_if<FigureBlock>(&block)) {
    const auto found = std::find_if(recorders.begin(), recorders.end(),
                                    [&](const auto& recorder) { return recorder == figure->figure; });
    return Map{
        {"kind", "figure"}, {"figure", static_cast<size_t>(found - recorders.begin())}, {"caption", figure->caption}};
  }
  const auto& pair = *std::get<Columns>(block);
  return Map{{"kind", "columns"},
             {"left", blocks_value(pair.left, recorders)},
             {"right", blocks_value(pair.right, recorders)},
             {"share", pair.share}};
}

Value blocks_value(const Blocks& blocks, const Recorders& recorders) {
  List list;
  for (const Block& block : blocks) list.push_back(block_value(block, recorders));
  return list;
}

Blocks blocks_from(const Value& value, const std::vector<FigurePtr>& figures);

TableBlock table_from(const Value& value) {
  TableBlock table;
  table.caption = text_of(value["caption"]);
  table.header = texts_from(value["header"]);
  for (const Value& row : list_of(value["rows"])) table.rows.push_back(texts_from(row));
  for (const Value& across : list_of(value["align"])) {
    table.align.push_back(static_cast<Across>(static_cast<int>(number_of(across))));
  }
  table.best = static_cast<int>(number_of(value["best"]));
  table.on_slide = count_of(value["on_slide"]);
  if (value["markdown"].text()) table.markdown = *value["markdown"].text();  // not in reports of earlier versions
  return table;
}

Block block_from(const Value& value, const std::vector<FigurePtr>& figures) {
  const std::string kind = text_of(value["kind"]);
  if (kind == "table") return table_from(value);
  if (kind == "figure") {
    const size_t number = count_of(value["figure"]);
    if (number >= figures.size()) throw Error("report.layout: a figure is missing");
    return FigureBlock{figures[number], truth_of(value["caption"])};
  }
  if (kind == "columns") {
    return columns(blocks_from(value["left"], figures), blocks_from(value["right"], figures),
                   number_of(value["share"]));
  }
  const auto tone = static_cast<Tone>(static_cast<int>(number_of(value["tone"])));
  if (kind == "text") return TextBlock{text_of(value["text"]), tone, truth_of(value["rich"])};
  if (kind == "bullets") {
    return BulletBlock{texts_from(value["items"]), tone, truth_of(value["rich"]), truth_of(value["numbered"]),
                       count_of(value["first"])};
  }
  throw Error("report.layout: '" + kind + "' is no kind of block");
}

Blocks blocks_from(const Value& value, const std::vector<FigurePtr>& figures) {
  Blocks blocks;
  for (const Value& block : list_of(value)) blocks.push_back(block_from(block, figures));
  return blocks;
}

/// A cell whose bars are no borders.
std::string escaped_cell(const std::string& cell) {
  std::string out;
  for (const char letter : cell) {
    if (letter == '|') out += '\\';
    out += letter;
  }
  return out;
}

/// A block of words as Markdown; computed sentences keep their stars and bars as they are.
std::string markdown_of(const Block& block) {
  std::string out;
  if (const auto* text = std::get_if<TextBlock>(&block)) return text->text + "\n";
  if (const auto* bullets = std::get_if<BulletBlock>(&block)) {
    for (size_t i = 0; i < bullets->items.size(); ++i) {
      out += (bullets->numbered ? std::to_string(bullets->first + i) + ". " : "- ") + bullets->items[i] + "\n";
    }
    return out;
  }
  const auto* table = std::get_if<TableBlock>(&block);
  if (!table) return "";
  if (!table->markdown.empty()) return table->markdown;
  const auto row = [&](const std::vector<std::string>& cells) {
    out += "|";
    for (const auto& cell : cells) out += " " + escaped_cell(cell) + " |";
    out += "\n";
  };
  if (!table->header.empty()) {
    row(table->header);
    out += "|";
    for (size_t i = 0; i < table->header.size(); ++i) {
      out += i < table->align.size() && table->align[i] == Across::right ? "--:|" : "---|";
    }
    out += "\n";
  }
  for (const auto& cells : table->rows) row(cells);
  return out;
}

/// "# findings" and what stands below it, in the order of the file.
std::vector<std::pair<std::string, std::string>> sections_of(const std::string& markdown) {
  std::vector<std::pair<std::string, std::string>> sections;
  for (size_t start = 0; start < markdown.size();) {
    const size_t end = std::min(markdown.find('\n', start), markdown.size());
    const std::string line = markdown.substr(start, end - start);
    start = end + 1;
    if (line.starts_with("# ")) {
      sections.emplace_back(trimmed(line.substr(2)), "");
    } else if (!sections.empty()) {
      sections.back().second += line + "\n";
    }
  }
  return sections;
}

/// Throws Error for bytes that are no text, and for words that no heading says the slide of.
void check_words(const Document& document, const std::string& markdown) {
  std::string plain = markdown;
  std::erase(plain, '\r');
  if (visible_lines(plain) != plain) throw Error(std::string(kWordsFile) + ": holds bytes that are no text");
  const bool wordless =
      std::all_of(document.slides.begin(), document.slides.end(), [](const Slide& slide) { return slide.key.empty(); });
  if (!wordless && !trimmed(markdown).starts_with("# ")) {
    throw Error(std::string(kWordsFile) +
                ": begins without a heading, such as '# findings', that says whose words these are");
  }
}

}  // namespace

Document recorded(const Document& document, Recorders& recorders) {
  Document out = document;
  for (Slide& slide : out.slides) {
    slide.blocks = with_figures(slide.blocks, [&](const FigurePtr& figure) {
      recorders.push_back(std::make_shared<Recorder>(figure));
      return recorders.back();
    });
  }
  return out;
}

Value to_value(const Document& document, const Recorders& recorders) {
  List slides, sounds, figures;
  for (const Slide& slide : document.slides) {
    slides.push_back(Map{{"title", slide.title},
                         {"blocks", blocks_value(slide.blocks, recorders)},
                         {"key", slide.key},
                         {"words", slide.words},
                         {"appendix", slide.appendix}});
  }
  for (const Sound& sound : document.sounds) sounds.push_back(Map{{"words", sound.words}, {"file", sound.file}});
  for (const auto& recorder : recorders) figures.push_back(recorder->to_value());
  return Map{{"title", document.title},
             {"subtitle", document.subtitle},
             {"cover", texts(document.cover)},
             {"mark", document.mark},
             {"warnings", texts(document.warnings)},
             {"slides", slides},
             {"sounds", sounds},
             {"figures", figures}};
}

Document document_from(const Value& value) {
  std::vector<FigurePtr> figures;
  for (const Value& figure : list_of(value["figures"])) figures.push_back(std::make_shared<RecordedFigure>(figure));
  Document document;
  document.title = text_of(value["title"]);
  document.subtitle = text_of(value["subtitle"]);
  document.cover = texts_from(value["cover"]);
  document.mark = text_of(value["mark"]);
  document.warnings = texts_from(value["warnings"]);
  for (const Value& slide : list_of(value["slides"])) {
    document.slides.push_back({text_of(slide["title"]), blocks_from(slide["blocks"], figures), text_of(slide["key"]),
                               count_of(slide["words"]), truth_of(slide["appendix"])});
  }
  for (const Value& sound : list_of(value["sounds"])) {
    document.sounds.push_back({text_of(sound["words"]), text_of(sound["file"])});
  }
  return document;
}

std::string words_of(const Document& document) {
  std::string out;
  for (const Slide& slide : document.slides) {
    if (slide.key.empty()) continue;
    out += (out.empty() ? "# " : "\n# ") + slide.key + "\n\n";
    for (size_t i = 0; i < std::min(slide.words, slide.blocks.size()); ++i) {
      out += (i > 0 ? "\n" : "") + markdown_of(slide.blocks[i]);
    }
  }
  return out;
}

Document with_words(Document document, const std::string& markdown) {
  check_words(document, markdown);
  for (const auto& [key, words] : sections_of(markdown)) {
    const auto slide = std::find_if(document.slides.begin(), document.slides.end(),
                                    [&, name = key](const Slide& one) { return one.key == name; });
    if (slide == document.slides.end()) {
      std::vector<std::string> keys;
      for (const Slide& one : document.slides) keys.push_back(one.key);
      throw Error(std::string(kWordsFile) + ": no slide has words under '" + key + "'" + did_you_mean(key, keys));
    }
    std::string before;
    for (size_t i = 0; i < slide->words; ++i) before += (i > 0 ? "\n" : "") + markdown_of(slide->blocks[i]);
    if (trimmed(before) == trimmed(words)) continue;  // as it was: computed sentences keep their stars
    Blocks blocks = blocks_of(words);
    const size_t n = blocks.size();
    blocks.insert(blocks.end(), slide->blocks.begin() + static_cast<ptrdiff_t>(slide->words), slide->blocks.end());
    slide->blocks = std::move(blocks);
    slide->words = n;
  }
  return document;
}

}  // namespace lumir::report
