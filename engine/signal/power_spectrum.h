// Power spectra of kLanes frames at a time: window, real FFT, squared magnitude. Worked out in double, kept in float.

#pragma once

#include <memory>
#include <vector>

#include "signal/blocks.h"

namespace lumir::signal {

struct SpectrumTables;

/// Tables for frames of window.size() samples; of the level whose kernel made them.
std::shared_ptr<const SpectrumTables> make_spectrum_tables(const std::vector<double>& window);
/// Doubles that power_spectrum needs as scratch, which begins at a multiple of 64 bytes.
size_t spectrum_scratch(const SpectrumTables& tables);
/// frames[i] points at the samples of lane i's frame; null for silence. out has n_fft / 2 + 1 rows.
void power_spectrum(const SpectrumTables& tables, const float* const* frames, double* scratch, Rows out);

}  // namespace lumir::signal
