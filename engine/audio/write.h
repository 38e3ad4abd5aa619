// Writing a Clip: wav, flac, ogg and mp3, in process, the same bytes for the same samples.
//
// A file carries no date, no random serial number and no version of the encoder, so a corpus that is made twice can be
// compared by its hashes. It appears whole or not at all (core/file.h).

#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "audio/clip.h"
#include "core/schema.h"

namespace lumir::audio {

struct WriteOptions {
  std::string format = "auto";
  std::string subtype = "auto";
  std::variant<double, std::string> bit_rate = "auto";
  std::optional<double> quality = {};

  static Schema schema();
};

/// The bytes of a whole file. `format` 'auto' means wav; samples beyond -1 to 1 are clipped except in a float wav, and
/// samples that are no numbers become 0. Throws ArgumentError for what the format cannot hold, Error where FFmpeg
/// lacks the encoder.
std::string encode(const Clip& clip, const WriteOptions& options = {});

/// Bit rates of mp3 in kbit/s at a sample rate, rising: MPEG 1, 2 and 2.5 each have a list of their own.
std::vector<int> mp3_bit_rates(int rate);
/// Sample rates that a format's encoder takes, rising; empty where it takes any.
std::vector<int> encoder_rates(const std::string& format);

/// Writes the clip to a file; 'auto' takes the format from the path's ending. Missing folders are made. Throws as
/// encode does, and Error("PATH: No space left on device").
void write(const std::string& path, const Clip& clip, const WriteOptions& options = {});

}  // namespace lumir::audio
