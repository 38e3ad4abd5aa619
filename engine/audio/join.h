// Several clips in one: at once, or one after the other.

#pragma once

#include <span>
#include <string>
#include <vector>

#include "audio/clip.h"
#include "core/schema.h"

namespace lumir::audio {

struct MixOptions {
  std::vector<double> gains;   // dB, one for each clip; none: as they are
  std::vector<double> starts;  // s, one for each clip; none: all at 0
  static Schema schema();
};

/// The sum of the clips, as long as the one that ends last. Throws ArgumentError where rates or channels differ, or a
/// list has another length than that of the clips.
Clip mix(std::span<const Clip> clips, const MixOptions& options = {});

struct ConcatenateOptions {
  double gap = 0;        // s of silence between two clips
  double crossfade = 0;  // s in which one fades out while the next fades in
  static Schema schema();
};

/// One clip after the other. Throws ArgumentError where rates or channels differ, or a clip is shorter than what fades.
/// Throws ArgumentError where there is no clip, or rates or channels differ.
void check_alike(const std::string& who, std::span<const Clip> clips);

Clip concatenate(std::span<const Clip> clips, const ConcatenateOptions& options = {});

}  // namespace lumir::audio
