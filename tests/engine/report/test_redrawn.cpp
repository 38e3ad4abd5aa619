// A report laid out anew from what it left in its folder: figures as they were drawn, words as they now stand.

#include <catch2/catch.hpp>

#include <filesystem>

#include <unistd.h>

#include "core/error.h"
#include "core/file.h"
#include "engine/report/made_up.h"
#include "engine/report/placed.h"
#include "report/document_file.h"
#include "report/matrix_figure.h"
#include "report/slides.h"

using namespace lumir;
using namespace lumir::report;
using namespace lumir::tests;

namespace {

std::string fresh_folder() {
  const auto path = std::filesystem::temp_directory_path() / ("lumir-redrawn-" + std::to_string(getpid()));
  std::filesystem::remove_all(path);
  std::filesystem::create_directories(path);
  return path.string();
}

Experiment made_up_experiment() {
  Experiment experiment;
  experiment.title = "Who?";
  experiment.results = made_up_results(short_names(5), 2);
  experiment.texts["findings"] = "A **bold** finding.\n\n1. one\n2. two";
  Matrix values(6, 30);
  for (size_t i = 0; i < values.values.size(); ++i) values.values[i] = static_cast<double>(i % 7);
  auto matrix = std::make_shared<MatrixFigure>(values, MatrixOptions{});
  matrix->name = "matrix";
  experiment.figures.push_back(matrix);
  return experiment;
}

void replace(std::string& text, const std::string& before, const std::string& after) {
  const size_t at = text.find(before);
  REQUIRE(at != std::string::npos);
  text.replace(at, before.size(), after);
}

}  // namespace

TEST_CASE("a report that is redrawn without a change has the same bytes") {
  const std::string folder = fresh_folder();
  const Written written = write_report(made_up_experiment(), folder);
  const std::string pdf = read_file(folder + "/" + written.pdf), html = read_file(folder + "/" + written.html);
  const Written again = redraw_report(folder);
  CHECK(again.slides == written.slides);
  CHECK(read_file(folder + "/" + again.html) == html);
  CHECK(read_file(folder + "/" + again.pdf) == pdf);
  std::filesystem::remove_all(folder);
}

TEST_CASE("words that were changed in report.md stand on the slides, and a key that no slide has is named") {
  const std::string folder = fresh_folder();
  const Written written = write_report(made_up_experiment(), folder);
  std::string words = read_file(folder + "/" + kWordsFile);
  CHECK(words.find("# findings\n\nA **bold** finding.\n\n1. one\n2. two\n") != std::string::npos);
  replace(words, "A **bold** finding.", "What nobody **expected**.");
  write_file(folder + "/" + kWordsFile, words);
  redraw_report(folder);
  const std::string html = read_file(folder + "/" + written.html);
  CHECK(html.find("What nobody <strong>expected</strong>.") != std::string::npos);
  CHECK(html.find("bold") == html.find("bold;"));  // in the style only
  write_file(folder + "/" + kWordsFile, "# finding\n\nx\n");
  CHECK_THROWS_WITH(redraw_report(folder), "report.md: no slide has words under 'finding' (did you mean 'findings'?)");
  for (const char* wordless : {"", "\n\n", "what stands above\n# findings\n\nx\n"}) {
    write_file(folder + "/" + kWordsFile, wordless);
    CHECK_THROWS_WITH(redraw_report(folder),
                      "report.md: begins without a heading, such as '# findings', that says whose words these are");
  }
  write_file(folder + "/" + kWordsFile, "# findings\n\xFF\x01");
  CHECK_THROWS_WITH(redraw_report(folder), "report.md: holds bytes that are no text");
  std::filesystem::remove_all(folder);
}

TEST_CASE("a table of words keeps its marks and its bars in report.md, and when something beside it is changed") {
  const std::string folder = fresh_folder();
  auto experiment = made_up_experiment();
  const std::string table = "| left | right |\n|---|--:|\n| p \\| q | **bold** |\n";
  experiment.texts["findings"] = "Before.\n\n" + table;
  const Written written = write_report(experiment, folder);
  std::string words = read_file(folder + "/" + kWordsFile);
  CHECK(words.find(table) != std::string::npos);
  for (const char* const sentence : {"After.", "Later."}) {
    replace(words, sentence == std::string("After.") ? "Before." : "After.", sentence);
    write_file(folder + "/" + kWordsFile, words);
    redraw_report(folder);
    const std::string html = read_file(folder + "/" + written.html);
    CHECK(html.find("p | q") != std::string::npos);
    CHECK(html.find(sentence) != std::string::npos);
    CHECK(read_file(folder + "/" + kWordsFile).find(table) != std::string::npos);
  }
  std::filesystem::remove_all(folder);
}

TEST_CASE("a computed table has bars that are no borders, as Markdown and back") {
  Document document;
  TableBlock table;
  table.header = {"name", "value"};
  table.rows = {{"p | q", "1"}};
  document.slides = {{"Words", {table}, "findings", 1, false}};
  const std::string words = words_of(document);
  CHECK(words.find("| p \\| q | 1 |") != std::string::npos);
  const auto blocks = blocks_of(words.substr(words.find('|')));
  CHECK(std::get<TableBlock>(blocks.at(0)).rows == table.rows);
}

TEST_CASE("a layout that no run wrote is refused by its path") {
  const std::string folder = fresh_folder();
  write_report(made_up_experiment(), folder);
  const std::string path = folder + "/" + kLayoutFile;
  for (const char* text : {"{", "{}", "[]", "7", R"({"pdf":"report.pdf"})", R"({"pdf":"report.pdf","document":{}})",
                           R"({"pdf":7,"document":{}})"}) {
    INFO(text);
    write_file(path, text);
    CHECK_THROWS_WITH(redraw_report(folder), path + ": is none that a run wrote");
  }
  std::filesystem::remove_all(folder);
}

TEST_CASE("a figure drawn into another box keeps its form and stays inside") {
  Matrix values(3, 4, 1);
  const auto recorder = std::make_shared<Recorder>(std::make_shared<MatrixFigure>(values, MatrixOptions{}));
  const Box wide{0, 0, 800, 400};
  texts_of([&](Canvas& canvas) { recorder->draw(canvas, wide, Look::of(Medium::slide)); });
  const RecordedFigure figure(from_json(to_json(recorder->to_value()), "a test"));
  const Drawing drawing = [&](Canvas& canvas) { figure.draw(canvas, {10, 10, 400, 400}, Look::of(Medium::slide)); };
  CHECK(trouble(drawing, {420, 420}) == "");
  CHECK(all_text(drawing).find("column\n") != std::string::npos);
  CHECK_THROWS_AS(RecordedFigure(Value(Map{{"slide", List{1, 2}}})), Error);
}
