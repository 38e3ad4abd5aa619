// Decoding in process: whatever FFmpeg reads becomes a Clip. librosa.load is the model.
//
// The order is downmix, then resample: one channel is half the work of two, and the mean of resampled channels is the
// resampled mean. Work goes chunk by chunk, so memory is the result and a few frames, whatever the file claims.
//
//   Decoded song = decode("song.mp3", {.rate = 16000});
//   for (const auto& line : song.warnings) observer().warn(line);      // audio.load does this
//
// A file that holds no audio throws Error with one line that begins with its path; a damaged one gives what could be
// decoded and a warning that says so.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audio/clip.h"

namespace lumir::audio {

struct DecodeOptions {
  std::optional<int> rate = {};         // Hz; none keeps the file's own
  bool mono = true;                     // mean of the channels
  double offset = 0;                    // seconds to skip; they are not decoded where packets tell their lengths
  std::optional<double> duration = {};  // seconds to keep; none keeps all
};

/// A clip and what was wrong with its file, one line each, the path first; empty for a sound file.
struct Decoded {
  Clip clip;
  std::vector<std::string> warnings;
};

/// Throws Error "PATH: no audio in it (1,204 bytes of text)", "PATH: empty file", "PATH: No such file or directory"
/// and the like; Interrupted after Ctrl-C. Files beyond 24 hours (of what is kept) or 2^31 samples are refused.
Decoded decode(const std::string& path, const DecodeOptions& options = {});

/// What a file holds. Nothing is decoded where its packets tell how long they are: those of all common formats do.
struct Probe {
  double seconds = 0;
  int rate = 0;  // Hz
  int channels = 0;
  std::string codec;  // "mp3", "vorbis", "pcm_s16le"
};

/// Throws as decode does. `seconds` is the length that decode gives at the file's own rate.
Probe probe(const std::string& path);

}  // namespace lumir::audio
