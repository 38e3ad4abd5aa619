// Files as other programs write them: in any container and codec that this FFmpeg can make.

#pragma once

#include <string>

#include "audio/clip.h"

namespace lumir::tests {

/// One kind of file, in FFmpeg's words.
struct ForeignKind {
  std::string ending;   // of the path: "m4a"
  std::string muxer;    // "ipod"
  std::string encoder;  // "aac"
  int rate = 44100;     // Hz
  int channels = 2;
  bool varying = false;  // bit rate: mp3 and the like by quality
  double start = 0;      // seconds before the first sample, by the container's clock
};

/// The bytes of a file that holds the clip (of the kind's rate and channels; silence fills its last block); empty
/// where this FFmpeg lacks the encoder or the container, or they do not fit.
std::string foreign_file(const ForeignKind& kind, const audio::Clip& clip);

}  // namespace lumir::tests
