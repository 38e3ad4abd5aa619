// A recipe's words in Markdown: lists, tables, bold words, formulas, on slides and on the page.

#include <catch2/catch.hpp>

#include "engine/report/placed.h"
#include "report/document.h"
#include "report/rich_text.h"
#include "report/slides.h"

using namespace lumir;
using namespace lumir::report;
using namespace lumir::tests;

namespace {

const char* const kWords = R"(
    ## What we did
    A **bold claim** of `svm.lua`, with $C = 10^2$ and 3 * 4 = 12.

    1. first, which goes
       on in a second line
    2. **second**

    - a bullet with `code`
    * another

    | model | accuracy |
    |-------|---------:|
    | **SVM** | 0.785 |
    | a \| b | 0.5 |
)";

Document document_of(const std::string& words) {
  Document document;
  document.title = "A title";
  document.slides = {{"Words", blocks_of(words)}};
  return document;
}

}  // namespace

TEST_CASE("paragraphs, numbered lists, bullets and tables are blocks of their own") {
  const auto blocks = blocks_of(kWords);
  REQUIRE(blocks.size() == 5);
  CHECK(std::get<TextBlock>(blocks[0]).text == "**What we did**");
  CHECK(std::get<TextBlock>(blocks[1]).text.find("A **bold claim**") == 0);
  const auto& numbered = std::get<BulletBlock>(blocks[2]);
  CHECK(numbered.numbered);
  CHECK(numbered.items == std::vector<std::string>{"first, which goes on in a second line", "**second**"});
  CHECK(!std::get<BulletBlock>(blocks[3]).numbered);
  const auto& table = std::get<TableBlock>(blocks[4]);
  CHECK(table.header == std::vector<std::string>{"model", "accuracy"});
  CHECK(table.rows == std::vector<std::vector<std::string>>{{"SVM", "0.785"}, {"a | b", "0.5"}});
  CHECK(table.align == std::vector<Across>{Across::left, Across::right});
}

TEST_CASE("marks are no text on a slide, and stars that mark nothing stay") {
  std::string text;
  for (const auto& page : pages_of(document_of(kWords))) text += all_text(page);
  CHECK(text.find("bold claim\n") != std::string::npos);
  CHECK(text.find("**") == std::string::npos);
  CHECK(text.find('`') == std::string::npos);
  CHECK(text.find("C = 10^2 and 3 * 4 = 12.") != std::string::npos);
  CHECK(text.find("1.\n") != std::string::npos);
}

TEST_CASE("a line with bold words breaks as a plain one and its runs lie side by side") {
  const std::string words = "some **bold words that go on over the end of a line** and then plain ones again";
  for (const double width : {60.0, 120.0, 300.0, 2000.0}) {
    std::string joined;
    for (const auto& line : rich_wrap(words, {12}, width)) {
      double line_width = 0;
      for (const Run& run : line) {
        joined += run.text;
        line_width += measure(run.text, {12, run.bold ? Weight::bold : Weight::normal}).width;
      }
      joined += " ";
      CHECK(line_width <= width + 1);
    }
    CHECK(joined == unmarked(words) + " ");
  }
  CHECK(source_of(runs_of("a **b** `c`"), true) == "a **b** `c`");
  CHECK(unmarked("2 ** 3 and $ 5 for 10 $") == "2 ** 3 and $ 5 for 10 $");
}

TEST_CASE("many numbered items keep their numbers on the next slide") {
  std::string words;
  for (int i = 1; i <= 60; ++i) words += std::to_string(i) + ". an item that says a few words\n";
  std::string text;
  const auto pages = pages_of(document_of(words));
  for (const auto& page : pages) {
    text += all_text(page);
    CHECK(trouble(page, kSlideSize) == "");
  }
  CHECK(pages.size() > 2);
  CHECK(text.find("60.\n") != std::string::npos);
}

TEST_CASE("the page has the marks as elements, and what looks like markup stays text") {
  const std::string html = html_of(document_of("A **bold <b>** and `x < y`\n\n1. one\n\n<script>alert(1)</script>"));
  CHECK(html.find("<strong>bold &lt;b&gt;</strong>") != std::string::npos);
  CHECK(html.find("<code>x &lt; y</code>") != std::string::npos);
  CHECK(html.find("<ol>") != std::string::npos);
  CHECK(html.find("<script>") == std::string::npos);
}
