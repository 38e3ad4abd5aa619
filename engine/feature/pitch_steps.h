// One step of the search for the likeliest path of a pitch, where almost all the time goes.

#pragma once

#include <cstddef>
#include <vector>

namespace lumir::feature {

/// Steps from one kind of state (voiced or not) to one kind, by how many pitches they go up: first, first + 1 ...
struct PitchSteps {
  int first = 0;
  std::vector<double> logs;  // of their probabilities, before what the ends of the range add
};
/// A step that is likely enough only because it begins near an end of the range.
struct EndStep {
  int from = 0, to = 0;  // states
  double log = 0;
};
struct PitchStepTables {
  int pitches = 0;
  PitchSteps steps[2][2];     // [from][to]; 0 is voiced
  std::vector<double> gains;  // of each pitch: minus the log of the sum over steps that stay inside the range
  std::vector<EndStep> end_steps;
  double elsewhere = 0;  // log of any other step; -infinity where they are not followed
};

/// Doubles of scratch.
size_t pitch_step_scratch(const PitchStepTables& tables);
/// after[state] = the greatest of before[any] + the log of the step from there.
void pitch_step(const PitchStepTables& tables, const double* before, double* scratch, double* after);

}  // namespace lumir::feature
