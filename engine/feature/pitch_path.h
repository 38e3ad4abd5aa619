// The likeliest path of a pitch through a recording: a hidden Markov model whose states are pitches, voiced or not.

#pragma once

#include <memory>
#include <vector>

namespace lumir::feature {

/// How pitches follow each other. Steps away from a pitch get less likely in a straight line; at the ends of the range
/// what would lead out of it is shared among the others.
struct PitchModel {
  int pitches = 0;
  int width = 1;                  // steps that one pitch can lead to
  double switch_probability = 0;  // from voiced to unvoiced and back
  double least_probability = 0;   // rarer steps are not followed; 0 follows all
};

/// What one frame shows: probabilities of few pitches; the rest of 1 is for unvoiced ones, all alike.
struct PitchEvidence {
  struct Candidate {
    int pitch;
    float probability;
  };
  std::vector<Candidate> candidates;  // each pitch once
  double voiced = 0;                  // their sum, at most 1
};

/// A state for each frame: the pitch, or pitches + pitch where it is unvoiced. Throws ArgumentError where
/// least_probability leaves a pitch that nothing leads to.
std::vector<int> likeliest_path(const PitchModel& model, const std::vector<PitchEvidence>& frames);

}  // namespace lumir::feature
