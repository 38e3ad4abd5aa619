// Play: a clip to the loudspeaker.

#include "audio/device.h"
#include "core/registry.h"

namespace lumir::audio {
namespace {

const Entry& play_entry = register_entry("audio", "play",
                                         {.summary = "Plays a clip to its end; Ctrl-C stops it.",
                                          .returns = "the clip",
                                          .example = "audio.play(audio.silence { seconds = 0.1 })",
                                          .source = "SDL2",
                                          .input = "clip"},
                                         schema_of<PlayOptions>());

}  // namespace

Schema PlayOptions::schema() {
  return {Option{"device", &PlayOptions::device, "its name; 'none' is the system's choice"}};
}

}  // namespace lumir::audio
