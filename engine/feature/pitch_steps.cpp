// Sums and maxima over steps, several pitches at a time.

#include "feature/pitch_steps.h"

#include <algorithm>
#include <cmath>

#include "feature/plan/terms.h"
#include "signal/kernel.h"
#include "signal/lanes.h"

namespace lumir::feature {
namespace {

constexpr int kTogether = 4;  // registers of targets

Doubles greater(Doubles a, Doubles b) { return a > b ? a : b; }

/// Numbers on either side of the pitches, so that no step leads out of what may be read.
int margin(const PitchStepTables& tables) {
  int reach = 0;
  for (const auto& from : tables.steps) {
    for (const auto& steps : from) {
      reach = std::max({reach, std::abs(steps.first), std::abs(steps.first + static_cast<int>(steps.logs.size()))});
    }
  }
  return reach + kTogether * kDoubles;
}

}  // namespace

size_t pitch_step_scratch(const PitchStepTables& tables) {
  return 2 * static_cast<size_t>(tables.pitches + 2 * margin(tables)) + 1;
}

void pitch_step(const PitchStepTables& tables, const double* before, double* scratch, double* after) {
  const int n = tables.pitches, beside = margin(tables), whole = n + 2 * beside;
  double greatest = -INFINITY;
  double* padded[2] = {scratch + beside, scratch + whole + beside};
  std::fill(scratch, scratch + 2 * whole, -INFINITY);
  for (int kind = 0; kind < 2; ++kind) {
    for (int i = 0; i < n; ++i) {
      greatest = std::max(greatest, before[kind * n + i]);
      padded[kind][i] = before[kind * n + i] + tables.gains[static_cast<size_t>(i)];
    }
  }
  for (int to = 0; to < 2; ++to) {
    for (int first = 0; first < n; first += kTogether * kDoubles) {
      Doubles best[kTogether];
      for (auto& one : best) one = splat(greatest + tables.elsewhere);
      for (int from = 0; from < 2; ++from) {
        const PitchSteps& steps = tables.steps[from][to];
        const double* source = padded[from] + first - steps.first;
        for (double log : steps.logs) {
          for (int i = 0; i < kTogether; ++i) best[i] = greater(load(source + i * kDoubles) + log, best[i]);
          --source;
        }
      }
      const int count = std::min(n - first, kTogether * kDoubles);
      double values[kTogether * kDoubles];
      for (int i = 0; i < kTogether; ++i) store(values + i * kDoubles, best[i]);
      std::copy(values, values + count, after + to * n + first);
    }
  }
  for (const auto& step : tables.end_steps) after[step.to] = std::max(after[step.to], before[step.from] + step.log);
}

LUMIR_KERNEL(pitch_step_scratch);
LUMIR_KERNEL(pitch_step);

}  // namespace lumir::feature
