// What tests of figures and decks have in common: the text of a deck, scratch folders, results of one number.

#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

#include "engine/report/made_up.h"
#include "engine/report/placed.h"
#include "report/document.h"

namespace lumir::tests {

inline std::string all_text(const report::Document& document) {
  std::string text;
  for (const auto& page : pages_of(document)) text += all_text(page);
  return text;
}

/// The deck's text without the ends of its lines, which a slide folds.
inline std::string folded(const report::Document& document) {
  std::string text = all_text(document);
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

inline std::string empty_folder(const std::string& name) {
  const auto path = std::filesystem::temp_directory_path() / ("lumir-report-" + std::to_string(getpid()) + "-" + name);
  std::filesystem::remove_all(path);
  std::filesystem::create_directories(path);
  return path.string();
}

inline size_t count(const std::string& text, const std::string& part) {
  size_t n = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

/// Results of one number, year, in place of classes: each model has this R2 and no interval.
inline void become_numbers(evaluate::Results& results, const std::vector<double>& scores) {
  results.target = Target::numbers;
  results.label = "year";
  results.classes = {"year"};
  results.metrics = {"r2"};
  results.values = Matrix(results.truth.size(), 1);
  results.truth.clear();
  results.differences.clear();
  for (size_t i = 0; i < results.models.size(); ++i) {
    auto& model = results.models[i];
    model.valid = {{"r2", {scores[i]}}};
    model.train.clear();
    model.scores = Matrix(results.values.rows, 1);
    model.confusion = {};
    model.per_class.clear();
  }
}

inline const std::vector<std::string> kThree = {"abba", "邱冠銘", "The Artist Formerly Known as Prince"};

}  // namespace lumir::tests
