// What mixing and concatenating ask of their clips.

#include "audio/join.h"

#include <string>

#include "core/error.h"

namespace lumir::audio {

void check_alike(const std::string& who, std::span<const Clip> clips) {
  if (clips.empty()) throw ArgumentError(who + ": needs at least one clip");
  for (size_t i = 1; i < clips.size(); ++i) {
    if (clips[i].rate != clips[0].rate) {
      throw ArgumentError(who + ": rates " + std::to_string(clips[0].rate) + " and " + std::to_string(clips[i].rate) +
                          " Hz differ; audio.resample one of them");
    }
    if (clips[i].channels != clips[0].channels) {
      throw ArgumentError(who + ": " + std::to_string(clips[0].channels) + " and " + std::to_string(clips[i].channels) +
                          " channels do not fit");
    }
  }
}

}  // namespace lumir::audio
