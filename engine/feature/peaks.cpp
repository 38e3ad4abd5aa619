// Peaks of a block of spectra, after librosa.piptrack (Smith, Spectral Audio Signal Processing, 2011).

#include "feature/peaks.h"

#include "signal/kernel.h"

namespace lumir::feature {

void find_peaks(const SpectrumBlock& spectrum, const PeakRange& range, int frames, Peaks& peaks) {
  Lanes greatest{};
  for (int bin = 0; bin < spectrum.bins(); ++bin) greatest = max(spectrum[bin], greatest);
  const Lanes limit = range.threshold * greatest;

  Lanes before = range.first_bin > 0 ? spectrum[range.first_bin - 1] : Lanes{};
  Lanes here = spectrum[range.first_bin];
  for (int bin = range.first_bin; bin < range.end_bin; ++bin) {
    const Lanes after = spectrum[bin + 1];
    // a neighbour at or below the limit counts as 0, which a peak above the limit exceeds anyway
    const IntLanes peak = (here > limit) & (here > before) & (here >= after);
    int32_t any = 0;
    for (int lane = 0; lane < kLanes; ++lane) any |= peak[lane];
    if (any != 0) {
      const Lanes curve = after + before - 2.0f * here;
      const Lanes slope = (after - before) * 0.5f;
      const Lanes shift = abs(slope) >= abs(curve) ? Lanes{} : -slope / curve;
      const Lanes frequency = (static_cast<float>(bin) + shift) * spectrum.hertz_per_row;
      const Lanes height = here + 0.5f * slope * shift;
      for (int lane = 0; lane < frames; ++lane) {
        if (peak[lane] == 0) continue;
        peaks.frequencies.push_back(frequency[lane]);
        peaks.heights.push_back(height[lane]);
      }
    }
    before = here;
    here = after;
  }
}

LUMIR_KERNEL(find_peaks);

}  // namespace lumir::feature
