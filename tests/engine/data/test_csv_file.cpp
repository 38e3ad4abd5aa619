// Reading csv files in pieces, by several threads.

#include <cmath>

#include <catch2/catch.hpp>

#include "core/parallel.h"
#include "core/random.h"
#include "data/csv_file.h"
#include "data/csv_table.h"
#include "data/table_reader.h"
#include "engine/data/scratch.h"

using namespace lumir;
using namespace lumir::data;

namespace {

constexpr size_t kRows = 60000;

/// More than a piece of 2 MB, with line breaks within quotes all over, and empty lines.
std::string many_rows() {
  std::string text = "name,a,b,c\n";
  for (size_t row = 0; row < kRows; ++row) {
    text += row % 7 == 0 ? "\"row\n" + std::to_string(row) + ", \"\"quoted\"\"\"" : "row " + std::to_string(row);
    text += "," + std::to_string(row) + "." + std::to_string(row % 10) + "," + std::to_string(row * 0.1) + ",-" +
            std::to_string(row) + "e-3\n";
    if (row % 11 == 0) text += "\r\n";
  }
  return text;
}

}  // namespace

TEST_CASE("a file of several pieces is read row by row as it stands, whatever is quoted in it") {
  const tests::ScratchFolder folder;
  const std::string text = many_rows();
  REQUIRE(text.size() > (size_t{4} << 20) / 2);
  const std::string path = folder.file("many.csv", text);
  const Table table = open_table("csv", path, {{"id", "name"}});
  REQUIRE(table.rows() == kRows);
  size_t wrong = 0;
  for (size_t row = 0; row < kRows; ++row) {
    const std::string name =
        row % 7 == 0 ? "row\n" + std::to_string(row) + ", \"quoted\"" : "row " + std::to_string(row);
    const auto r = static_cast<double>(row);
    wrong +=
        table.ids[row] != name || table.x(row, 0) != std::stod(std::to_string(row) + "." + std::to_string(row % 10)) ||
        table.x(row, 2) != std::stod("-" + std::to_string(row) + "e-3") || std::abs(table.x(row, 1) - 0.1 * r) > 1e-6;
  }
  CHECK(wrong == 0);
}

TEST_CASE("numbers are read to the last bit") {
  const tests::ScratchFolder folder;
  Random random(3, "numbers");
  std::vector<double> numbers;
  std::string text = "x\n";
  char digits[40];
  for (int i = 0; i < 2000; ++i) {
    numbers.push_back(random.normal() * std::pow(10.0, static_cast<double>(i % 600) - 300));
    std::snprintf(digits, sizeof digits, "%.17g\n", numbers.back());
    text += digits;
  }
  const Table table = open_table("csv", folder.file("x.csv", text + "1e999\n-1e999\n"));
  for (size_t i = 0; i < numbers.size(); ++i) REQUIRE(table.x(i, 0) == numbers[i]);
  CHECK(std::isinf(table.x(2000, 0)));
  CHECK(table.x(2001, 0) < 0);
}

TEST_CASE("the line of a row counts line breaks in quotes and empty lines") {
  const tests::ScratchFolder folder;
  const CsvFile file(folder.file("x.csv", "a,b\n\n\"1\n\",2\n\n3,4\n5,6"), {});
  REQUIRE(file.rows() == 3);
  CHECK(file.line_of(0) == 3);
  CHECK(file.line_of(1) == 6);
  CHECK(file.line_of(2) == 7);
}

TEST_CASE("UTF-16 is no csv file that can be read") {
  const tests::ScratchFolder folder;
  const std::string path = folder.file("x.csv", "\xFF\xFE,\n");
  CHECK_THROWS_WITH(open_table("csv", path), path + ": is UTF-16; a csv file is read as UTF-8");
}
