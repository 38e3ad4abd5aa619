// The studio that an album is made in: equaliser, compressor, room and noise floor. It is what a classifier must not
// take for the singer.

#pragma once

#include <span>
#include <vector>

#include "core/random.h"

namespace lumir::synth {

struct Studio {
  struct Peak {
    double frequency = 1000, q = 0.8, gain_db = 0;
  };
  std::vector<Peak> equaliser;
  double low_cut = 40;     // Hz
  double high_cut = 7000;  // Hz
  double threshold_db = -20, ratio = 2, attack = 0.01, release = 0.15;
  double reverb_seconds = 1;   // until the room has died away by 60 dB
  double reverb_share = 0.2;   // of the room in the whole
  double room_size = 1;        // scale of its delays
  double noise_db = -65;       // RMS of the noise floor
  double noise_colour = 3000;  // Hz above which the noise floor falls
  double level_db = -18;       // RMS of the finished song
};

/// `spread` scales how far studios lie apart: 0 makes all of them alike.
Studio make_studio(Random& random, double spread);

/// The finished song: everything above in the order of the members, limited to -1 to 1.
void produce(const Studio& studio, std::span<float> song, Random random);

}  // namespace lumir::synth
