// How results show in a terminal.

#include <catch2/catch.hpp>

#include "evaluate/results.h"

using namespace lumir;
using namespace lumir::evaluate;

namespace {

ModelResult model(const std::string& name, double accuracy, const std::string& settings) {
  ModelResult result;
  result.name = name;
  result.settings = settings;
  result.valid = {{"accuracy", {accuracy, accuracy - 0.1, accuracy + 0.1}},
                  {"top_1", {accuracy, accuracy - 0.1, accuracy + 0.1}},
                  {"top_3", {0.855, 0.8, 0.9}},
                  {"f1", {0.634, 0.5, 0.7}}};
  result.fit_seconds = 0.04;
  return result;
}

Results results_of(const std::vector<std::string>& classes) {
  Results results;
  results.models = {model("SVM", 0.651, "C = 10, gamma = scale"), model("k-NN", 0.446, "n_neighbors = 5")};
  results.classes = classes;
  results.label = "artist";
  results.metrics = {"accuracy", "top_1", "top_3", "f1"};
  const size_t n = classes.size();
  for (auto& one : results.models) {
    one.confusion = Matrix(n, n);
    for (size_t i = 0; i < n; ++i) {
      one.confusion(i, i) = 3;
      one.confusion(i, (i + 1) % n) = i == 0 ? 12 : 0;
      one.per_class.push_back({classes[i], 1, i == 0 ? 0.2 : 1, 1, i == 0 ? 15 : 3});
    }
  }
  return results;
}

}  // namespace

TEST_CASE("models stand under each other, the best one's confusion matrix after them") {
  Results results = results_of({"singer_01", "singer_02", "singer_03"});
  results.differences = {{"SVM", "k-NN", {0.205, 0.1, 0.31}, true}};
  results.synthetic = true;
  CHECK(show(results) ==
        "model   top-1  (95 %)        top-3   macro F1   fit s\n"
        "SVM     0.651  (0.55-0.75)   0.855      0.634    0.04   C = 10, gamma = scale\n"
        "k-NN    0.446  (0.35-0.55)   0.855      0.634    0.04   n_neighbors = 5\n"
        "\n"
        "SVM over k-NN: +0.205 (+0.100 to +0.310), beyond chance\n"
        "\n"
        "synthetic sample: the music is made, so the scores say nothing about music\n"
        "\n"
        "SVM: rows are the true artist, columns what was predicted\n"
        "          01 02 03  recall\n"
        "singer_01  3 12  ·   0.200\n"
        "singer_02  ·  3  ·   1.000\n"
        "singer_03  ·  ·  3   1.000");
}

TEST_CASE("accuracy stands beside top-1 where they differ") {
  Results results = results_of({"a", "b"});
  results.models[0].valid["top_1"].value = 0.675;
  const std::string text = show(results);
  CHECK(
      text.starts_with("model   accuracy  (95 %)     top-1   top-3   macro F1   fit s\n"
                       "SVM     0.651  (0.55-0.75)   0.675   0.855      0.634    0.04   C = 10, gamma = scale\n"));
}

TEST_CASE("scores on the training set have a column of their own") {
  Results results = results_of({"a", "b"});
  for (auto& one : results.models) one.train["accuracy"] = {0.998, 0.99, 1};
  CHECK(
      show(results).starts_with("model   top-1  (95 %)        on train   top-3   macro F1   fit s\n"
                                "SVM     0.651  (0.55-0.75)      0.998   0.855      0.634    0.04   C = 10"));
}

TEST_CASE("names that begin alike get numbers") {
  const std::string text = show(results_of({"green_day", "green_river"}));
  CHECK(text.find("day riv") != std::string::npos);
  const std::string numbered = show(results_of({"madonna", "madness"}));
  CHECK(numbered.find("          1  2  recall\n"
                      "1 madonna 3 12   0.200\n"
                      "2 madness ·  3   1.000") != std::string::npos);
}

TEST_CASE("Chinese names keep the columns straight") {
  const std::string text = show(results_of({"邱冠銘", "五月天"}));
  CHECK(text.find("       邱 五  recall\n"
                  "邱冠銘  3 12   0.200\n"
                  "五月天  ·  3   1.000") != std::string::npos);
}

TEST_CASE("with many classes the mistakes are listed") {
  std::vector<std::string> classes;
  for (int i = 100; i < 140; ++i) classes.push_back("genre " + std::to_string(i));
  const std::string text = show(results_of(classes));
  CHECK(text.find("most frequent mistakes of SVM\n"
                  "times   true        predicted\n"
                  "   12   genre 100   genre 101") != std::string::npos);
}
