// What a wav file of plain samples says of itself. FFmpeg does not look closely: it takes what is there for what was
// said, goes by the bits that count where samples take more room, and searches samples for codecs that may hide in them.

#pragma once

#include <optional>
#include <string>

namespace lumir::audio {

struct WavHeader {
  /// FFmpeg's name of the way in which samples are written: "s16le", "f32be". 24 bits may stand in 32, at their upper
  /// end: then the distance of samples counts.
  std::string samples;
  int channels = 0;
  int rate = 0;         // Hz
  int block = 0;        // bytes of one sample of all channels
  long long begin = 0;  // byte of the first sample
  /// Bytes of all samples, as was said; none where the file names no length, as programs do that cannot know it.
  std::optional<long long> bytes;
};

/// None for other files, and for samples that are coded. `file` is open for reading.
std::optional<WavHeader> read_wav_header(int file);

}  // namespace lumir::audio
