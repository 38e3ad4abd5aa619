// recordings.csv: what a run found out about each recording.

#include <catch2/catch.hpp>

#include <algorithm>

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

namespace {

/// The same recordings in another order, and what another model says of them.
std::shared_ptr<evaluate::Results> other_model() {
  auto results = std::make_shared<evaluate::Results>(*two_recordings());
  results->ids = {"2", "1"};
  results->paths = {"two/2.wav", "one/1.wav"};
  results->truth = {1, 0};
  results->models[0].name = "CNN";
  results->models[0].predicted = {1, 0};
  results->models[0].scores.values = {0, 1, 3, 2};
  return results;
}

}  // namespace

TEST_CASE("models that were judged one after the other on the same recordings stand beside each other") {
  RecordingList list;
  list.judge(two_recordings());
  list.judge(other_model());
  CHECK(list.sets().size() == 1);
  CHECK(list.csv() ==
        "id,path,group,truth,SVM,SVM: a,\"SVM: b, c\",CNN,CNN: a,\"CNN: b, c\"\n"
        "1,one/1.wav,x,a,\"b, c\",0.25,0.5,a,3,2\n"
        "2,two/2.wav,x,\"b, c\",\"b, c\",-1,2,\"b, c\",0,1\n");
  list.judge(two_recordings());  // again: in place of what it said before
  CHECK(list.sets()[0].size() == 2);
}

TEST_CASE("folds of a cross-validation all have their lines, with the number of their set") {
  RecordingList list;
  list.judge(two_recordings());
  auto second = std::make_shared<evaluate::Results>(*two_recordings());
  second->ids = {"3", "4"};
  second->paths = {"three/3.wav", "four/4.wav"};
  list.judge(second);
  const std::string text = list.csv();
  CHECK(text.starts_with("id,path,group,set,truth,SVM,"));
  CHECK(text.find("1,one/1.wav,x,1,a,") != std::string::npos);
  CHECK(text.find("4,four/4.wav,x,2,\"b, c\",") != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 5);
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
