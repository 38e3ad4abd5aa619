// Music of two tones, for tests that run the program on a corpus of their own.

#pragma once

#include <cmath>
#include <numbers>
#include <string>

#include "audio/write.h"
#include "core/file.h"
#include "program.h"

namespace lumir::tests {

/// A second of two tones: the singer's, and one that differs from recording to recording.
inline void write_tones(const std::string& path, int singer, int recording) {
  audio::Clip clip;
  clip.rate = 8000;
  for (int i = 0; i < clip.rate; ++i) {
    const double turns = 2 * std::numbers::pi * i / clip.rate;
    const double own = std::sin(turns * (300 + 400 * singer)), other = std::sin(turns * (2000 + 97 * recording));
    clip.samples.push_back(static_cast<float>(0.4 * own + 0.1 * other));
  }
  write_file(path, audio::encode(clip, {.format = "wav"}));
}

inline void make_music(const Scratch& place) {
  for (int singer = 0; singer < 4; ++singer) {
    for (int album = 0; album < 3; ++album) {
      const std::string folder = "music/singer_" + std::to_string(singer) + "/album_" + std::to_string(album);
      for (int song = 0; song < 2; ++song) {
        write_tones(place / (folder + "/song_" + std::to_string(song) + ".wav"), singer,
                    10 * singer + 3 * album + song);
      }
    }
  }
}

}  // namespace lumir::tests
