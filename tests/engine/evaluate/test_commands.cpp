// The commands of submissions, run as a user would.

#include <algorithm>

#include <catch2/catch.hpp>

#include "program.h"

using namespace lumir;
using tests::run;

namespace {

/// Four unlabelled recordings, with a gap in their numbers, and two known artists beside "singer_04".
void make_corpus(const tests::Scratch& place) {
  for (const char* id : {"0003.mp3", "0017.mp3", "0022.wav", "0040.mp3"})
    write_file(place / ("test/" + std::string(id)), "");
  for (const char* name : {"singer_01", "singer_02", "singer_03", "singer_04"}) {
    for (const char* album : {"first", "second"}) {
      write_file(place / ("music/" + std::string(name) + "/" + album + "/01-song.mp3"), "");
    }
  }
}

}  // namespace

TEST_CASE("check-submission lists every error with its line") {
  const tests::Scratch place("check");
  make_corpus(place);
  write_file(place / "out.csv",
             "3,singer_4,singer_01,singer_02\n"
             "22,singer_01,singer_02,singer_03\n"
             "22,singer_01,singer_02,singer_03\n"
             "40,singer_01,singer_02,singer_01\n");
  const auto outcome = run(place.folder(), "check-submission out.csv --ids=test --artists=music");
  CHECK(outcome.status == 1);
  CHECK(outcome.out ==
        "out.csv:1: 'singer_4' is no known artist (did you mean 'singer_04'?)\n"
        "out.csv:3: ID 22 twice (first on line 2)\n"
        "out.csv:4: 'singer_01' twice; the three names must differ\n"
        "out.csv: ID 17 is missing\n"
        "4 errors\n");
}

TEST_CASE("check-submission says when all is well") {
  const tests::Scratch place("valid");
  make_corpus(place);
  std::string text;
  for (const char* id : {"3", "17", "22", "40"}) text += std::string(id) + ",singer_01,singer_02,singer_03\n";
  write_file(place / "out.csv", text);
  const auto outcome = run(place.folder(), "check-submission out.csv --ids=test --artists=music");
  CHECK(outcome.out == "out.csv: 4 rows, valid\n");
  CHECK(outcome.err == "");
  CHECK(outcome.status == 0);
}

TEST_CASE("score prints the three scores of the course") {
  const tests::Scratch place("score");
  write_file(place / "out.csv", "1,a,b,c\n2,b,a,c\n4,c,b,a\n");
  write_file(place / "truth.csv", "1,a\n2,a\n3,a\n4,a\n");
  const auto outcome = run(place.folder(), "score out.csv --truth=truth.csv");
  CHECK(outcome.status == 0);
  CHECK(outcome.out == "top-1 0.250   top-3 0.750   top-1 + 0.5 top-3 = 0.625   (1 ID missing, counted as wrong)\n");
}

TEST_CASE("wrong usage has status 2, a missing file status 1") {
  const tests::Scratch place("usage");
  const auto unnamed = run(place.folder(), "score out.csv");
  CHECK(unnamed.status == 2);
  CHECK(unnamed.err == "error: score: --truth=FILE is needed; usage: lumir score FILE --truth=FILE\n");
  const auto misspelt = run(place.folder(), "check-submission out.csv --id=test");
  CHECK(misspelt.status == 2);
  CHECK(misspelt.err.starts_with("error: --id is no option (did you mean --ids?); usage: lumir check-submission "));
  const auto absent = run(place.folder(), "score out.csv --truth=truth.csv");
  CHECK(absent.status == 1);
  CHECK(absent.err == "error: out.csv: No such file or directory\n");
  CHECK(absent.out == "");
  CHECK(run(place.folder(), "predict model.safetensors").status == 2);
  CHECK(run(place.folder(), "predict model.safetensors test out.csv").err ==
        "error: model.safetensors: No such file or directory\n");
}

TEST_CASE("check-submission shows twenty errors of a wrong file and how many there are") {
  const tests::Scratch place("wrong");
  std::string text;
  for (int i = 0; i < 65; ++i) text += "song " + std::to_string(i) + ",a,b,c\n";
  write_file(place / "out.csv", text);
  const auto outcome = run(place.folder(), "check-submission out.csv");
  CHECK(outcome.status == 1);
  CHECK(std::count(outcome.out.begin(), outcome.out.end(), '\n') == 21);
  CHECK(outcome.out.ends_with("\n65 errors, the first 20 are shown\n"));
}
