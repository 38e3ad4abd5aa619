// An envelope between ramps, so that windows around its ends find something there.

#pragma once

#include <span>
#include <vector>

namespace lumir::feature {

/// The envelope with `half` numbers that rise to it from 0, as many that fall back, and `more` zeros:
/// numpy.pad's linear_ramp.
inline std::vector<double> with_ramps(std::span<const float> envelope, long half, long more) {
  std::vector<double> padded;
  padded.reserve(envelope.size() + static_cast<size_t>(2 * half + more));
  for (long i = 0; i < half; ++i)
    padded.push_back(static_cast<double>(envelope.front()) * static_cast<double>(i) / static_cast<double>(half));
  padded.insert(padded.end(), envelope.begin(), envelope.end());
  for (long i = 0; i < half; ++i)
    padded.push_back(static_cast<double>(envelope.back()) * static_cast<double>(half - 1 - i) /
                     static_cast<double>(half));
  padded.insert(padded.end(), static_cast<size_t>(more), 0.0);
  return padded;
}

}  // namespace lumir::feature
