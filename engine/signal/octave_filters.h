// Complex filters over spectra: what a constant-Q transform does with each octave's frames.
//
// A filter is a weighted sum of few neighbouring bins of a frame's spectrum, the frame not windowed beforehand. Only
// the bins that filters reach are made.

#pragma once

#include <memory>
#include <vector>

#include "signal/blocks.h"

namespace lumir::signal {

struct OctaveFilters {
  struct Filter {
    int first = 0;  // bin where the weights begin
    std::vector<double> re, im;
  };
  int n_fft = 0;  // samples of a frame: a power of two
  std::vector<Filter> filters;
};

/// The filters beside all that their frames' transforms need; made by the level that uses them.
struct OctaveTables;
std::shared_ptr<const OctaveTables> make_octave_tables(const OctaveFilters& filters);
/// Doubles of scratch that filter_octave needs.
size_t octave_scratch(const OctaveTables& tables);

/// Row i of out: the magnitude of filter i's answer to kLanes frames of n_fft samples each; a null frame is silence.
void filter_octave(const OctaveTables& tables, const float* const* frames, double* scratch, Rows out);

}  // namespace lumir::signal
