// recordings.csv: what a run found out about each recording.

#include <catch2/catch.hpp>

#include "report/recordings.h"

using namespace lumir;
using namespace lumir::report;

namespace {

std::shared_ptr<evaluate::Results> two_recordings() {
  auto results = std::make_shared<evaluate::Results>();
  results->classes = {"a", "b, c"};
  results->ids = {"1", "2"};
  results->paths = {"one/1.wav", "two/2.wav"};
  results->groups = {"x", "x"};
  results->truth = {0, 1};
  evaluate::ModelResult model;
  model.name = "SVM";
  model.predicted = {1, 1};
  model.scores = Matrix(2, 2);
  model.scores.values = {0.25, 0.5, -1, 2};
  results->models = {model};
  return results;
}

/// Two parts of one recording, and another recording of its name.
data::Table three_rows() {
  data::Table table;
  table.x = Matrix(3, 1);
  table.ids = {"2#1", "2", "2#2"};
  table.recordings = {"2", "2", "2"};
  table.paths = {"two/2.wav", "elsewhere/2.wav", "two/2.wav"};
  table.levels["album"] = {"first", "second", "first"};
  return table;
}

}  // namespace

TEST_CASE("each recording has a line: truth, every model's answer and scores") {
  RecordingList list;
  CHECK(list.empty());
  list.judge(two_recordings());
  CHECK(list.csv() ==
        "id,path,group,truth,SVM,SVM: a,\"SVM: b, c\"\n"
        "1,one/1.wav,x,a,\"b, c\",0.25,0.5\n"
        "2,two/2.wav,x,\"b, c\",\"b, c\",-1,2\n");
}

TEST_CASE("a recording lies in the middle of its parts, and one that an embedding lacks has no place in it") {
  RecordingList list;
  list.judge(two_recordings());
  const data::Table seen = three_rows();
  Matrix points(3, 2);
  points.values = {1, 2, 7, 7, 3, 4};
  list.place("tsne", seen, points);
  const std::string text = list.csv();
  CHECK(text.find("\"SVM: b, c\",tsne_1,tsne_2\n") != std::string::npos);
  CHECK(text.find("0.25,0.5,,\n") != std::string::npos);
  CHECK(text.find("-1,2,2,3\n") != std::string::npos);
}

TEST_CASE("rows that were judged by themselves, or by another level, have places too") {
  RecordingList list;
  Matrix points(3, 1);
  points.values = {1, 7, 3};
  list.place("tsne", three_rows(), points);
  const auto places_of = [&](const std::string& vote, const std::string& over, std::vector<std::string> ids) {
    auto results = two_recordings();
    results->vote = vote;
    results->over = over;
    results->ids = std::move(ids);
    results->paths = {"two/2.wav", "elsewhere/2.wav"};
    list.judge(results);
    return list.csv();
  };
  const std::string rows = places_of("none", "", {"2#2", "2"});
  CHECK(rows.find("0.25,0.5,3\n") != std::string::npos);
  CHECK(rows.find("-1,2,7\n") != std::string::npos);
  const std::string albums = places_of("mean", "album", {"first", "second"});
  CHECK(albums.find("0.25,0.5,2\n") != std::string::npos);
  CHECK(albums.find("-1,2,7\n") != std::string::npos);
}

TEST_CASE("results that were written by hand have no ids, and still a line each") {
  auto results = two_recordings();
  results->ids.clear();
  results->paths.clear();
  results->groups.clear();
  RecordingList list;
  list.judge(results);
  CHECK(list.csv().find("\n,,,a,") != std::string::npos);
}
