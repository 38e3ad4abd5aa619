// Tables that tests and tests/golden/learn/make.py make alike, number by number.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <numeric>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "core/file.h"
#include "core/matrix.h"
#include "core/value.h"
#include "fixtures.h"
#include "model/estimator.h"
#include "tree.h"

namespace lumir::tests {

/// Knuth's MMIX generator.
class Lcg {
 public:
  explicit Lcg(uint64_t seed) : state_(seed) {}
  double uniform() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<double>(state_ >> 11) * 0x1p-53;
  }
  double normal() {
    double total = 0;
    for (int i = 0; i < 12; ++i) total += uniform();
    return total - 6;
  }

 private:
  uint64_t state_;
};

struct Labelled {
  Matrix x;
  std::vector<int> y;
  int n_classes = 0;
  std::vector<std::string> groups;

  model::Training training() const { return {x, y, n_classes, groups}; }
  Labelled take(const std::vector<int>& rows) const {
    Labelled out{x.take(rows), {}, n_classes, {}};
    for (const int row : rows) out.y.push_back(y[static_cast<size_t>(row)]);
    return out;
  }
  /// Rows begin .. end - 1.
  Labelled slice(int begin, int end) const {
    std::vector<int> rows(static_cast<size_t>(end - begin));
    std::iota(rows.begin(), rows.end(), begin);
    return take(rows);
  }
};

/// Clouds around one centre for each class; later classes have fewer rows, every fifth column is noise.
inline Labelled blobs(size_t rows, size_t columns, int classes, double spread, uint64_t seed) {
  Lcg random(seed);
  Matrix centres(static_cast<size_t>(classes), columns);
  for (double& value : centres.values) value = random.normal();
  Labelled table{Matrix(rows, columns), std::vector<int>(rows), classes, {}};
  for (size_t i = 0; i < rows; ++i) {
    const bool one_of_each = i < static_cast<size_t>(classes);
    const double first = one_of_each ? 0 : classes * random.uniform();
    table.y[i] = one_of_each ? static_cast<int>(i) : static_cast<int>(first * random.uniform());
    for (size_t j = 0; j < columns; ++j) {
      const double centre = j % 5 == 4 ? 0 : centres(static_cast<size_t>(table.y[i]), j);
      table.x(i, j) = (centre + spread * random.normal()) * (1 + static_cast<double>(j % 3)) + static_cast<double>(j);
    }
  }
  return table;
}

/// A part of tests/golden/learn/learn.json.
inline Value golden(const std::string& name) {
  const std::string path = std::string(LUMIR_ROOT) + "/tests/golden/learn/learn.json";
  static const Value all = from_json(read_file(path), path);
  return all.at(name);
}

inline std::vector<double> numbers(const Value& list) {
  std::vector<double> out;
  for (const auto& element : *list.list()) out.push_back(*element.number());
  return out;
}

/// The labels that the golden file keeps as letters.
inline std::vector<int> labels(const Value& text) {
  std::vector<int> out;
  for (const char letter : *text.text()) out.push_back(letter - 'a');
  return out;
}

/// Share of equal elements.
inline double agreement(const std::vector<int>& a, const std::vector<int>& b) {
  size_t same = 0;
  for (size_t i = 0; i < a.size(); ++i) same += a[i] == b.at(i);
  return static_cast<double>(same) / static_cast<double>(a.size());
}

inline model::EstimatorPtr estimator(const std::string& name, const Map& options = {}) {
  return model::make_estimator(name, options);
}

/// The array of a state with its last number gone, or with its first number another.
inline Array shorter(const Array& array) {
  auto values = array.doubles();
  values.pop_back();
  return values;
}
inline Array beginning_with(double first, const Array& array) {
  auto values = array.doubles();
  values[0] = first;
  return values;
}

/// Echonest's features of the FMA's Rock (0) and Hip-Hop (1) tracks; empty where the fixture is missing.
inline Labelled fma() {
  const std::string folder = fixture("fma-meta");
  if (folder.empty()) return {};
  std::map<std::string, int> genres;  // by track
  std::istringstream lines(read_file(folder + "/track_genre_top.csv"));
  for (std::string line; std::getline(lines, line);) {
    const size_t comma = line.find(',');
    genres[line.substr(0, comma)] = line.substr(comma + 1) == "Hip-Hop";
  }
  const std::string text = read_file(folder + "/echonest-metrics.json");
  const Value columns = from_json(text, "echonest-metrics.json");
  Labelled table;
  table.n_classes = 2;
  // as the file orders them: not by byte, so by number
  const size_t n = columns.at("track_id").map()->size();
  for (size_t i = 0; i < n; ++i) {
    const std::string row = std::to_string(i);
    const auto genre = genres.find(show_number(*columns.at("track_id").at(row).number()));
    if (genre == genres.end()) continue;
    table.y.push_back(genre->second);
    for (const char* name : {"acousticness", "danceability", "energy", "instrumentalness", "liveness", "speechiness",
                             "tempo", "valence"}) {
      table.x.values.push_back(*columns.at(name).at(row).number());
    }
  }
  table.x.rows = table.y.size();
  table.x.columns = 8;
  return table;
}

/// Rows 1, 3, 5 ... to learn from, 2, 4, 6 ... to test on.
inline std::pair<Labelled, Labelled> alternate(const Labelled& table) {
  std::vector<int> odd, even;
  for (int i = 0; i < static_cast<int>(table.x.rows); ++i) (i % 2 == 0 ? odd : even).push_back(i);
  return {table.take(odd), table.take(even)};
}

}  // namespace lumir::tests
