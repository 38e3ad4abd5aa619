// Rows that linear classifiers are held to other libraries' numbers by.

#pragma once

#include "engine/learn/blobs.h"

namespace lumir::tests {

/// Rows of normal numbers, in two or in three classes that some of the columns decide.
inline Labelled normal_rows(int classes) {
  Lcg random(1);
  Labelled table{Matrix(120, 6), {}, classes, {}};
  for (double& value : table.x.values) value = random.normal();
  for (size_t i = 0; i < table.x.rows; ++i) {
    const auto x = table.x.row(i);
    const bool two = x[0] - 0.5 * x[1] + 0.3 * x[4] * x[5] > 0.2;
    const int three = x[0] > 0.5 ? 2 : x[1] + 0.5 * x[2] > 0 ? 1 : 0;
    table.y.push_back(classes == 2 ? two : three);
  }
  return table;
}

}  // namespace lumir::tests
