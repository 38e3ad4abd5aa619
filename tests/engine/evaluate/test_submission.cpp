// Submissions: written, checked, scored.

#include <catch2/catch.hpp>

#include "core/error.h"
#include "evaluate/submission.h"

using namespace lumir;
using namespace lumir::evaluate;

namespace {

const std::vector<std::string> kSingers{"singer_01", "singer_02", "singer_03", "singer_04"};

Matrix scores_of(std::initializer_list<std::initializer_list<double>> rows) {
  Matrix scores(0, 4);
  for (const auto& row : rows) {
    scores.values.append(row.begin(), row.size());
    ++scores.rows;
  }
  return scores;
}

}  // namespace

TEST_CASE("a submission ranks three names and orders IDs as numbers") {
  const Matrix scores = scores_of({{0.1, 0.4, 0.3, 0.2}, {0.7, 0.1, 0.1, 0.1}});
  CHECK(submission({"0010", "0009"}, scores, kSingers) ==
        "9,singer_01,singer_02,singer_03\n10,singer_02,singer_03,singer_04\n");
}

TEST_CASE("names with commas and quotes are quoted, and read back") {
  const std::vector<std::string> names{"Crosby, Stills", "The \"Who\"", "c"};
  Matrix scores(1, 3);
  scores.values = {3, 2, 1};
  const std::string text = submission({"1"}, scores, names);
  CHECK(text == "1,\"Crosby, Stills\",\"The \"\"Who\"\"\",c\n");
  CHECK(check_submission(text, "out.csv", {.classes = names}).empty());
}

TEST_CASE("two files of one ID and too few classes are refused") {
  CHECK_THROWS_WITH(submission({"1", "01"}, Matrix(2, 4), kSingers), "submission: ID 1 stands for two files");
  CHECK_THROWS_WITH(submission({"1"}, Matrix(1, 2), {"a", "b"}),
                    "submission: needs at least 3 classes to name, the model knows 2");
}

TEST_CASE("every error is listed with its line") {
  const std::string text =
      "1,singer_01,singer_02,singer_03\n"
      "2,singer_4,singer_02,singer_03\n"
      "2,singer_01,singer_02,singer_03\n"
      "4,singer_01,singer_01,singer_03\n"
      "3,singer_01,singer_02\n"
      "9,singer_01,singer_02,singer_03\n";
  const SubmissionRules rules{{"0001", "0002", "0003", "0004"}, kSingers, "test"};
  CHECK(check_submission(text, "out.csv", rules) ==
        std::vector<std::string>{"out.csv:2: 'singer_4' is no known artist (did you mean 'singer_04'?)",
                                 "out.csv:3: ID 2 twice (first on line 2)",
                                 "out.csv:4: 'singer_01' twice; the three names must differ",
                                 "out.csv:5: 3 fields, 4 are wanted: ID,name,name,name",
                                 "out.csv:6: ID '9' is none of test", "out.csv: ID 3 is missing"});
}

TEST_CASE("files that have names are submitted under these, alike in csv and JSON") {
  Matrix scores(2, 3);
  scores.values = {3, 2, 1, 1, 2, 3};
  const std::vector<std::string> ids{"rock.00001", "blues.00000"}, classes{"blues", "jazz", "rock"};
  const std::string csv = submission(ids, scores, classes);
  CHECK(csv == "blues.00000,rock,jazz,blues\nrock.00001,blues,jazz,rock\n");
  const std::string json = submission(ids, scores, classes, Format::json);
  CHECK(json.find("\"blues.00000\": ") != std::string::npos);
  const SubmissionRules named{ids, classes, "new", "genre"};
  CHECK(check_submission(csv, "out.csv", named).empty());
  CHECK(check_submission(json, "out.json", named).empty());
  CHECK(check_submission(csv, "out.csv", {}).at(0) ==
        "out.csv:1: ID 'blues.00000' is no whole number; a submission has no header");
  CHECK(score_submission(csv, "out.csv", "id,genre\nblues.00000,rock\nrock.00001,rock\n", "truth.csv").top_1 == 0.5);
}

TEST_CASE("IDs out of order, a header and an empty file are errors") {
  CHECK(check_submission("2,a,b,c\n1,a,b,c\n", "out.csv", {}) ==
        std::vector<std::string>{"out.csv:2: ID 1 stands after 2; IDs ascend as numbers"});
  const SubmissionRules rules{.ids = {"1"}, .ids_from = "test"};
  CHECK(check_submission("ID,No.1,No.2,No.3\n1,a,b,c\n", "out.csv", rules) ==
        std::vector<std::string>{"out.csv:1: ID 'ID' is no whole number; a submission has no header"});
  CHECK(check_submission("", "out.csv", {}) == std::vector<std::string>{"out.csv: no rows in it"});
}

TEST_CASE("a missing ID counts as wrong, an unknown one does not count") {
  const auto score = score_submission("1,a,b,c\n2,b,a,c\n9,a,b,c\n", "out.csv", "1,a\n2,a\n3,a\n4,a\n", "truth.csv");
  CHECK(score.top_1 == 0.25);
  CHECK(score.top_3 == 0.5);
  CHECK(score.course() == 0.5);
  CHECK(show(score) ==
        "top-1 0.250   top-3 0.500   top-1 + 0.5 top-3 = 0.500   (2 IDs missing, counted as wrong)   "
        "(1 ID not in the truth, not counted)");
}

TEST_CASE("a header is an error without a list of IDs too") {
  CHECK(check_submission("ID,No.1,No.2,No.3\n1,a,b,c\n", "out.csv", {}) ==
        std::vector<std::string>{"out.csv:1: ID 'ID' is no whole number; a submission has no header"});
}

TEST_CASE("line numbers count line breaks inside quotes; a quote left open is an error") {
  CHECK(check_submission("1,\"a\nb\",c,d\r\n2,e,e,f\r\n", "out.csv", {}) ==
        std::vector<std::string>{"out.csv:3: 'e' twice; the three names must differ"});
  CHECK(check_submission("1,a,b,\"c\n2,a,b,c\n", "out.csv", {}) ==
        std::vector<std::string>{"out.csv:1: a quote is left open"});
}

TEST_CASE("a submission as JSON has the corpus's keys, and passes its own check") {
  Matrix scores(2, 3);
  scores.values = {0.1, 0.2, 0.7, 0.5, 0.3, 0.2};
  const std::string text = evaluate::submission({"010", "1"}, scores, {"a", "b \"x\"", "c"}, evaluate::Format::json);
  CHECK(text == "{\n  \"001\": [\"a\",\"b \\\"x\\\"\",\"c\"],\n  \"010\": [\"c\",\"b \\\"x\\\"\",\"a\"]\n}\n");
  const evaluate::SubmissionRules rules{{"001", "10"}, {"a", "b \"x\"", "c"}, "test"};
  CHECK(evaluate::check_submission(text, "out.json", rules).empty());
  CHECK(evaluate::submission_rows(text, "out.json") == 2);
  CHECK(evaluate::check_submission(R"({"1": ["a", "a", "d"], "x": ["a", "c"]})", "out.json", rules) ==
        std::vector<std::string>{
            "out.json: ID '1': 'a' twice; the three names must differ", "out.json: ID '1': 'd' is no known artist",
            "out.json: ID 'x': 3 fields, 4 are wanted: ID,name,name,name", "out.json: ID 10 is missing"});
  CHECK_THROWS_WITH(evaluate::check_submission("[1]", "out.json", rules),
                    Catch::Contains("not an object of names by ID"));
}

TEST_CASE("JSON is scored beside names by ID, a list in the order of IDs, and csv with a header") {
  const std::string guesses = R"({"1": ["a", "b", "c"], "002": ["b", "a", "c"], "10": ["c", "b", "a"]})";
  const auto top = [&](const std::string& truth, const std::string& file) {
    const auto score = evaluate::score_submission(guesses, "out.json", truth, file);
    CHECK(score.rows == 3);
    CHECK(score.missing == 0);
    CHECK(score.unknown == 0);
    return std::pair(score.top_1 * 3, score.top_3 * 3);
  };
  CHECK(top(R"({"001": "a", "2": "a", "010": "d"})", "truth.json") == std::pair(1.0, 2.0));
  CHECK(top(R"(["a", "a", "d"])", "truth.json") == std::pair(1.0, 2.0));
  CHECK(top("\xEF\xBB\xBFID,name\r1,a\r2,a\r10,d\r", "truth.csv") == std::pair(1.0, 2.0));
  CHECK(top("id,artist\n1,a\n2,a\n10,d\n", "truth.csv") == std::pair(1.0, 2.0));
  CHECK_THROWS_WITH(top(R"(["a"])", "truth.json"),
                    "truth.json: 1 name, and the submission has 3 IDs; a list without IDs stands in their order");
  CHECK_THROWS_WITH(top("\xFF\xFE"
                        "1",
                        "truth.csv"),
                    "truth.csv: UTF-16; submissions and truth are UTF-8");
}

TEST_CASE("what a submission holds is shown in one short line, whatever it is") {
  const evaluate::SubmissionRules rules{{}, {"a", "b", "c"}};
  std::string long_name;
  long_name.resize(20000000, 'x');
  const auto errors = evaluate::check_submission("1,\x1B[31ma,b,\xE9\n2,a,b," + long_name + "\n", "o.csv", rules);
  REQUIRE(errors.size() == 3);
  CHECK(errors[0] == "o.csv:1: '\\x1B[31ma' is no known artist");
  CHECK(errors[1] == "o.csv:1: '\\xE9' is no known artist");
  CHECK(errors[2] == "o.csv:2: '" + std::string(80, 'x') + "'... (20,000,000 bytes) is no known artist");
}
