// Results that nobody measured, for tests of pictures and pages: any number of classes and models.

#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "core/random.h"
#include "report/experiment.h"
#include "report/scatter_figure.h"

namespace lumir::tests {

inline std::vector<std::string> short_names(int n) {
  std::vector<std::string> names;
  for (int i = 1; i <= n; ++i) names.push_back((i < 10 ? "singer_0" : "singer_") + std::to_string(i));
  return names;
}

/// Names as artist20 and Taiwanese collections have them.
inline std::vector<std::string> long_names() {
  return {"aerosmith",
          "beatles",
          "creedence_clearwater_revival",
          "cure",
          "dave_matthews_band",
          "depeche_mode",
          "fleetwood_mac",
          "garth_brooks",
          "green_day",
          "led_zeppelin",
          "madonna",
          "metallica",
          "prince",
          "queen",
          "radiohead",
          "roxette",
          "steely_dan",
          "suzanne_vega",
          "tori_amos",
          "邱冠銘"};
}

/// A model that is right with this share, and otherwise takes a class for one near it.
inline evaluate::ModelResult made_up_model(const std::string& name, double share,
                                           const std::vector<std::string>& classes, const std::vector<int>& truth) {
  evaluate::ModelResult model;
  Random random(7, name);
  const int n = static_cast<int>(classes.size());
  model.name = name;
  model.confusion = Matrix(classes.size(), classes.size());
  int hits = 0;
  for (const int y : truth) {
    const int near = (y + 1 + static_cast<int>(random.below(3))) % n;
    const int predicted = random.uniform() < share ? y : near;
    model.predicted.push_back(predicted);
    model.confusion(static_cast<size_t>(y), static_cast<size_t>(predicted)) += 1;
    hits += predicted == y;
  }
  double f1_sum = 0;
  for (size_t i = 0; i < classes.size(); ++i) {
    double row = 0, column = 0;
    for (size_t j = 0; j < classes.size(); ++j) {
      row += model.confusion(i, j);
      column += model.confusion(j, i);
    }
    const double hit = model.confusion(i, i);
    const double precision = column > 0 ? hit / column : 0, recall = row > 0 ? hit / row : 0;
    const double f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
    f1_sum += f1;
    model.per_class.push_back({classes[i], precision, recall, f1, static_cast<int>(row)});
  }
  const double accuracy = static_cast<double>(hits) / static_cast<double>(truth.size());
  const auto about = [](double v) {
    return evaluate::Interval{v, std::max(0.0, v - 0.0937), std::min(1.0, v + 0.0871)};
  };
  model.valid = {{"accuracy", about(accuracy)},
                 {"top_1", about(accuracy)},
                 {"top_3", about(std::min(1.0, accuracy + 0.1931))},
                 {"precision", about(accuracy + 0.0113)},
                 {"recall", about(accuracy - 0.0049)},
                 {"f1", about(f1_sum / static_cast<double>(classes.size()))}};
  model.train = {{"accuracy", {std::min(1.0, accuracy + 0.2712), 0.93, 1}},
                 {"f1", {std::min(1.0, accuracy + 0.2655), 0.92, 1}},
                 {"top_3", {1, 1, 1}}};
  model.settings = "C = 10, gamma = scale, kernel = rbf";
  model.search_score = accuracy + 0.0214;
  return model;
}

inline evaluate::Results made_up_results(const std::vector<std::string>& classes, int models, int per_class = 4) {
  evaluate::Results results;
  results.classes = classes;
  results.label = "artist";
  results.group = "album";
  results.metrics = {"accuracy", "top_1", "top_3", "precision", "recall", "f1"};
  for (int i = 0; i < per_class * static_cast<int>(classes.size()); ++i) {
    results.truth.push_back(i / per_class);
    results.ids.push_back(std::to_string(i + 1));
  }
  const char* names[] = {"SVM", "Random forest", "k-NN"};
  const double shares[] = {0.68, 0.55, 0.43};
  for (int i = 0; i < models; ++i) {
    results.models.push_back(made_up_model(names[i], shares[i], classes, results.truth));
  }
  std::stable_sort(results.models.begin(), results.models.end(), [](const auto& a, const auto& b) {
    return a.valid.at("accuracy").value > b.valid.at("accuracy").value;
  });
  for (size_t i = 0; i < results.models.size(); ++i) {
    for (size_t j = i + 1; j < results.models.size(); ++j) {
      const double gain = results.models[i].valid.at("accuracy").value - results.models[j].valid.at("accuracy").value;
      results.differences.push_back(
          {results.models[i].name, results.models[j].name, {gain, gain - 0.0812, gain + 0.0794}, gain > 0.0812});
    }
  }
  return results;
}

/// Clouds of points, one for each class.
inline report::FigurePtr made_up_tsne(const evaluate::Results& results) {
  Random random(3, "points");
  Matrix points(results.truth.size(), 2);
  const double n = static_cast<double>(results.classes.size());
  for (size_t row = 0; row < points.rows; ++row) {
    const double angle = 6.2832 * results.truth[row] / n, far = results.truth[row] % 2 == 0 ? 40 : 22;
    points(row, 0) = far * std::cos(angle) + 3 * random.normal();
    points(row, 1) = far * std::sin(angle) + 3 * random.normal();
  }
  auto figure = std::make_shared<report::ScatterFigure>(points, results.truth, results.classes, results.label);
  figure->name = "tsne";
  figure->title = "t-SNE of the validation recordings";
  figure->caption = "What the SVM sees of each recording, laid out so that neighbours stay neighbours.";
  return figure;
}

inline report::Experiment made_up_experiment(const std::vector<std::string>& classes, int models) {
  report::Experiment experiment;
  experiment.title = "Who is singing?";
  experiment.subtitle = "Hand-made features and classical learners on artist20";
  experiment.author = "邱冠銘";
  experiment.student = "r12345678";
  experiment.recipe = "recipes/artist20/svm.lua";
  experiment.synthetic = true;
  experiment.options = {{"root", "data/sample/artist20"}, {"rate", 16000}, {"folds", 5}, {"by", "album"}, {"seed", 1}};
  experiment.results = made_up_results(classes, models);
  experiment.results->synthetic = true;
  experiment.dataset = {
      {"songs", "268"}, {"artists", std::to_string(classes.size())}, {"albums", "64"}, {"length", "1 h 52 min"}};
  experiment.split = {"Validation: the last album of each artist (83 songs)",
                      "No album, song or recording is on both sides (checked by name and by sound)"};
  experiment.chains.emplace_back();
  experiment.chains[0].steps = {
      "load { rate = 16000, mono = true }",
      "set { mfcc { delta = 2 }, melspectrogram { db = true }, spectral_centroid, spectral_bandwidth, "
      "spectral_rolloff, spectral_contrast, chroma_stft, rms, zero_crossing_rate, onset_strength, tempo }",
      "summary { 'mean', 'std', 'max', 'min' }"};
  experiment.chains[0].columns = 829;
  Random random(5, "search");
  for (const auto& model : experiment.results->models) {
    report::SearchTable table;
    table.model = model.name;
    table.pipeline = "RobustScaler -> SelectKBest { k = 100 } -> " + model.name;
    table.folds = 5;
    table.group = "album";
    for (int i = 0; i < 28; ++i) {
      table.rows.push_back({"C = " + std::to_string(i + 1) + ", gamma = scale, kernel = rbf",
                            0.3 + 0.4 * random.uniform(),
                            0.03,
                            "",
                            {{"C", i + 1}}});
    }
    table.rows.push_back({"n_neighbors = 15, weights = distance", NAN, 0, "a fold has 12 rows only", {}});
    experiment.searches.push_back(table);
  }
  experiment.figures = {made_up_tsne(*experiment.results)};
  experiment.machine = {
      {"processor", "AMD EPYC 9554 64-Core Processor"}, {"cores", "2"}, {"lumir", "0.1.0"}, {"seed", "1"}};
  return experiment;
}

}  // namespace lumir::tests
