// Total variability: recordings differ from a background model's clouds along a few directions of all middles
// together (Dehak, Kenny, Dehak, Dumouchel and Ouellet, Front-End Factor Analysis for Speaker Verification,
// 2011).

#pragma once

#include <cstdint>
#include <string>

#include "core/matrix.h"

namespace lumir::learn {

/// What the clouds count of each recording (Baum and Welch's statistics).
struct CloudStatistics {
  Matrix counts;  // [recordings, clouds]: frames
  Matrix sums;    // [recordings, clouds * columns]: of frames less the cloud's middle, in deviations
};

/// Numbers of the largest matrix that find_directions keeps: a square of `dimension` for each cloud, or for each
/// recording of a block.
double numbers_for_directions(size_t recordings, size_t clouds, size_t dimension);
/// The directions, [clouds * columns, dimension], in deviations, after so many rounds of expectation and
/// maximisation from drawn ones; those along which recordings differ most come first. Errors are begun by `who`,
/// here and below.
Matrix find_directions(const std::string& who, const CloudStatistics& statistics, size_t dimension, int rounds,
                       uint64_t seed);
/// Where each recording most likely lies along them, [recordings, dimension]: its i-vector.
Matrix places_along(const std::string& who, const CloudStatistics& statistics, const Matrix& directions);

}  // namespace lumir::learn
