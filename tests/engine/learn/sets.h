// The sets that learners are compared with scikit-learn on: the same as tests/golden/learn/agreement.py makes.

#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "engine/learn/blobs.h"

namespace lumir::tests {

/// Lines of numbers, the last of which is the class.
inline Labelled small_set(const std::string& name) {
  Labelled table;
  std::istringstream lines(read_file(std::string(LUMIR_ROOT) + "/tests/golden/learn/" + name + ".csv"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream cells(line);
    std::vector<double> row;
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(std::stod(cell));
    table.y.push_back(static_cast<int>(row.back()));
    table.n_classes = std::max(table.n_classes, table.y.back() + 1);
    table.x.values.append(row.data(), row.size() - 1);
    table.x.columns = row.size() - 1;
  }
  table.x.rows = table.y.size();
  return table;
}

/// One class has most of the rows.
inline Labelled imbalanced_set() {
  const Labelled all = blobs(2400, 10, 3, 1.5, 22);
  std::vector<int> kept;
  for (int i = 0; i < 2400; ++i) {
    if (all.y[static_cast<size_t>(i)] == 0 || i % 16 < 2) kept.push_back(i);
  }
  return all.take(kept);
}

/// A column is constant, one stands there twice, one is huge.
inline Labelled odd_set() {
  Labelled table = blobs(400, 12, 3, 1.5, 23);
  for (size_t i = 0; i < table.x.rows; ++i) {
    table.x(i, 2) = 0.1;
    table.x(i, 5) = table.x(i, 4);
    table.x(i, 7) *= 1e6;
  }
  return table;
}

/// A class has one row.
inline Labelled single_set() {
  Labelled table = blobs(240, 8, 3, 1.0, 24);
  for (int& label : table.y) label = std::min(label, 1);
  table.y[100] = 2;
  return table;
}

/// Made once.
inline const Labelled& set_named(const std::string& name) {
  static std::map<std::string, Labelled> made;
  const auto [at, fresh] = made.try_emplace(name);
  if (!fresh) return at->second;
  if (name == "many") at->second = blobs(800, 400, 20, 3.0, 21);
  if (name == "imbalanced") at->second = imbalanced_set();
  if (name == "odd") at->second = odd_set();
  if (name == "single") at->second = single_set();
  if (name == "iris" || name == "wine") at->second = small_set(name);
  return at->second;
}

}  // namespace lumir::tests
