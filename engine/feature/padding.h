// What stands beyond the ends of a clip.

#pragma once

#include <string>

namespace lumir::feature {

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

}  // namespace lumir::feature
