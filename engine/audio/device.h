// The sound card, through SDL2. It is opened when something is played or recorded, and closed afterwards; the library
// itself is loaded then, so that a program that makes no sound neither waits for it nor needs it.
//
// $SDL_AUDIODRIVER picks SDL's driver: 'dummy' is a silent device, 'disk' writes to a file.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audio/clip.h"
#include "core/schema.h"

namespace lumir::audio {

struct PlayOptions {
  std::optional<std::string> device;
  static Schema schema();
};

/// Plays the clip to its end; samples beyond -1 to 1 are cut off. `device` is a name, none the system's choice. Throws
/// Error in one line where there is no device, ArgumentError for a clip that none can play, Interrupted after Ctrl-C.
void play(const Clip& clip, const std::optional<std::string>& device = {});

/// The names of those that play, or of those that record. Throws Error in one line where there is no sound.
std::vector<std::string> device_names(bool capture);

/// Records so many samples of each channel. Throws as play does.
Clip record(size_t length, int rate, int channels, const std::optional<std::string>& device = {});

}  // namespace lumir::audio
