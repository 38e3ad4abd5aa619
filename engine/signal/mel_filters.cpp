// Mel filters after librosa.filters.mel, which follows Slaney's Auditory Toolbox (1998).

#include "signal/mel_filters.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "signal/mel_scale.h"

namespace lumir::signal {

FilterBank mel_filters(const MelOptions& options, int rate) {
  const double fmax = options.fmax.value_or(rate / 2.0);
  if (fmax > rate / 2.0) {
    throw ArgumentError("'fmax' = " + show_number(fmax) + " is above half the clip's rate (" + show_number(rate / 2.0) +
                        " Hz)");
  }
  if (options.fmin >= fmax) {
    throw ArgumentError("'fmin' = " + show_number(options.fmin) + " must be below fmax = " + show_number(fmax));
  }
  const double low = hz_to_mel(options.fmin, options.htk);
  const double high = hz_to_mel(fmax, options.htk);
  std::vector<double> edges;
  for (int i = 0; i < options.n_mels + 2; ++i) {
    edges.push_back(mel_to_hz(low + (high - low) * i / (options.n_mels + 1), options.htk));
  }
  FilterBank bank;
  for (size_t band = 0; band + 2 < edges.size(); ++band) {
    const double left = edges[band], middle = edges[band + 1], right = edges[band + 2];
    FilterBank::Filter filter;
    for (int bin = 0; bin < options.bins(); ++bin) {
      const double frequency = static_cast<double>(bin) * rate / options.n_fft;
      const double rising = (frequency - left) / (middle - left);
      const double falling = (right - frequency) / (right - middle);
      const double height = std::max(0.0, std::min(rising, falling));
      if (height == 0) continue;
      if (filter.weights.empty()) filter.first = bin;
      filter.weights.push_back(
          static_cast<float>(options.norm ? static_cast<float>(height) * (2 / (right - left)) : height));
    }
    bank.filters.push_back(std::move(filter));
  }
  return bank;
}

}  // namespace lumir::signal
