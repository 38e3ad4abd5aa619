// What stands beyond the ends of a clip.

#pragma once

#include <span>
#include <string>

namespace lumir::signal {

/// Where sample i of a clip of `length` samples stands when i lies outside: an index, or -1 for silence; numpy.pad's
/// modes.
inline long padded_index(long i, long length, const std::string& pad_mode) {
  if (i >= 0 && i < length) return i;
  if (pad_mode == "constant") return -1;
  if (pad_mode == "edge" || length == 1) return i < 0 ? 0 : length - 1;
  if (pad_mode == "wrap") return ((i % length) + length) % length;
  const long turn = pad_mode == "reflect" ? 2 * (length - 1) : 2 * length;
  const long phase = ((i % turn) + turn) % turn;
  if (phase < length) return phase;
  return pad_mode == "reflect" ? turn - phase : turn - 1 - phase;
}

/// Samples begin .. begin + size - 1 of a clip: in place, or in `copy` with padding where they reach beyond it.
inline const float* padded_frame(std::span<const float> samples, long begin, long size, const std::string& pad_mode,
                                 float* copy) {
  const auto length = static_cast<long>(samples.size());
  if (begin >= 0 && begin + size <= length) return samples.data() + begin;
  for (long i = 0; i < size; ++i) {
    const long from = padded_index(begin + i, length, pad_mode);
    copy[i] = from < 0 ? 0.0f : samples[static_cast<size_t>(from)];
  }
  return copy;
}

}  // namespace lumir::signal
