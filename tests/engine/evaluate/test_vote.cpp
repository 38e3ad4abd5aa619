// Recordings that were heard in parts: one answer each.

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "engine/evaluate/fixed_model.h"
#include "evaluate/compare.h"
#include "evaluate/vote.h"

using namespace lumir;
using namespace lumir::evaluate;
using tests::FixedModel;
using tests::numbered_table;

namespace {

const std::vector<std::string> kClasses{"a", "b", "c"};

/// Three parts of song 1 (of class a), one of song 2 (class b), two of song 3 (class c).
data::Table parts_of_songs() {
  data::Table table = numbered_table({0, 0, 0, 1, 2, 2}, kClasses, 1);
  table.recordings = {"1", "1", "1", "2", "3", "3"};
  table.ids = {"1#1", "1#2", "1#3", "2", "3#1", "3#2"};
  table.groups = {"x", "x", "x", "x", "y", "y"};
  table.levels["album"] = table.groups;
  return table;
}

model::Predictions answers_for_parts() {
  model::Predictions answers;
  answers.predicted = {0, 1, 1, 2, 2, 0};
  answers.scores = Matrix(6, 3);
  answers.scores.values = {0.9, 0.1, 0,   0.4, 0.6, 0,  0.4, 0.6, 0,  // song 1: the mean says a, the majority b
                           0.1, 0.5, 0.4,                             // song 2: the pairs of an SVC said c
                           0.2, 0.2, 0.6, 0.5, 0.2, 0.3};             // song 3: a vote each; the mean says c
  answers.kind = ScoreKind::probabilities;
  return answers;
}

VoteOptions vote(const std::string& how, const std::string& over = "") { return {how, over}; }

}  // namespace

TEST_CASE("the mean of scores joins the parts of a recording") {
  const auto recordings = recordings_of(parts_of_songs(), {});
  REQUIRE(recordings.size() == 3);
  CHECK_FALSE(recordings.whole());
  CHECK(recordings.ids == std::vector<std::string>{"1", "2", "3"});
  CHECK(recordings.y == std::vector<int>{0, 1, 2});
  CHECK(recordings.groups == std::vector<std::string>{"x", "x", "y"});
  const model::Predictions joined = join(answers_for_parts(), recordings, {});
  CHECK(joined.predicted == std::vector<int>{0, 2, 2});  // song 2 keeps the model's own answer
  CHECK(joined.scores(0, 0) == Approx(1.7 / 3));
  CHECK(joined.scores(2, 2) == Approx(0.45));
  CHECK(joined.kind == ScoreKind::probabilities);
}

TEST_CASE("the majority of classes joins them, ties by the mean score, then by the order of classes") {
  const auto recordings = recordings_of(parts_of_songs(), vote("majority"));
  const model::Predictions joined = join(answers_for_parts(), recordings, vote("majority"));
  CHECK(joined.predicted == std::vector<int>{1, 2, 2});
  CHECK(joined.kind == ScoreKind::votes);
  for (size_t i = 0; i < 3; ++i) {  // the highest score is the class, so top-1 is accuracy
    const auto row = joined.scores.row(i);
    CHECK(std::max_element(row.begin(), row.end()) - row.begin() == joined.predicted[i]);
  }
  for (size_t i = 0; i < 3; ++i) {  // shares of the votes
    double sum = 0;
    for (const double share : joined.scores.row(i)) sum += share;
    CHECK(sum == Approx(1));
  }
  model::Predictions equal = answers_for_parts();
  std::fill(equal.scores.values.begin(), equal.scores.values.end(), 0.5);
  CHECK(join(equal, recordings, vote("majority")).predicted == std::vector<int>{1, 2, 0});
}

TEST_CASE("decision values that are no probabilities are joined by their mean too") {
  model::Predictions answers = answers_for_parts();
  for (double& score : answers.scores.values) score = 40 * score - 30;
  answers.kind = ScoreKind::decisions;
  const model::Predictions joined = join(answers, recordings_of(parts_of_songs(), {}), {});
  CHECK(joined.predicted == std::vector<int>{0, 2, 2});
  CHECK(joined.kind == ScoreKind::decisions);
}

TEST_CASE("rows that are whole recordings pass through unchanged, two files of one name apart") {
  data::Table table = numbered_table({0, 1}, kClasses, 1);
  table.recordings = {"1", "1"};
  table.ids = table.recordings;
  table.paths = {"one/1.wav", "two/1.wav"};
  const auto recordings = recordings_of(table, {});
  CHECK(recordings.whole());
  CHECK(recordings.ids == table.ids);
}

TEST_CASE("another level than the recording may be asked, and each row by itself") {
  data::Table table = parts_of_songs();
  table.y = {0, 0, 0, 0, 2, 2};
  const auto albums = recordings_of(table, vote("mean", "album"));
  CHECK(albums.ids == std::vector<std::string>{"x", "y"});
  CHECK(albums.parts[0] == std::vector<int>{0, 1, 2, 3});
  const auto rows = recordings_of(table, vote("none"));
  CHECK(rows.size() == 6);
  CHECK(rows.ids[1] == "1#2");
  CHECK_THROWS_WITH(recordings_of(table, vote("mean", "albun")),
                    "table: nothing to group by is called 'albun' (did you mean 'album'?)");
  const auto mixed = recordings_of(parts_of_songs(), vote("mean", "album"));
  CHECK_THROWS_WITH(
      check_labels(parts_of_songs(), mixed),
      "vote: 'x' has rows of artist 'a' and 'b', so it has no one answer (vote = 'none' judges each row)");
}

TEST_CASE("a comparison counts recordings, not their parts") {
  const auto model = std::make_shared<FixedModel>(answers_for_parts().scores);
  const auto table = parts_of_songs();
  Contender contender{"m", {model}};
  contender.model.classes = table.classes;
  const Results results = compare({contender}, table, &table);
  CHECK(results.ids == std::vector<std::string>{"1", "2", "3"});
  CHECK(results.truth == std::vector<int>{0, 1, 2});
  CHECK(results.rows == 6);
  CHECK(results.models[0].predicted == std::vector<int>{0, 1, 2});
  CHECK(results.models[0].valid.at("accuracy").value == 1);
  CHECK(results.models[0].train.at("accuracy").value == 1);
  CHECK(results.models[0].confusion(0, 0) == 1);
  CHECK(show(results).find("\n6 rows joined to 3 recordings by the mean of their scores\n") != std::string::npos);
  CompareOptions options;
  options.vote = "majority";
  CHECK(compare({contender}, table, nullptr, options).models[0].valid.at("accuracy").value == Approx(2.0 / 3));
  options.vote = "none";
  const Results rows = compare({contender}, table, nullptr, options);
  CHECK(rows.truth.size() == 6);
  CHECK(rows.models[0].valid.at("accuracy").value == Approx(0.5));
  CHECK(show(rows).find("joined") == std::string::npos);
}
