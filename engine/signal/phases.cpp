// The fast Griffin-Lim algorithm: to sound and back again, keeping phases and putting the sizes back.

#include "signal/phases.h"

#include <cmath>
#include <limits>
#include <numbers>

#include "core/denormals.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/random.h"
#include "signal/kernel.h"
#include "signal/lanes.h"

namespace lumir::signal {

/// out = the direction of (now - inertia * before), as long as `sizes`.
void turn_phases(const Spectra& now, const Spectra& before, float inertia, const AlignedFloats& sizes, Spectra& out) {
  const size_t n = sizes.size();
  for (size_t i = 0; i < n; ++i) {
    const float re = now.re[i] - inertia * before.re[i], im = now.im[i] - inertia * before.im[i];
    const float scale = sizes[i] / (__builtin_sqrtf(re * re + im * im) + std::numeric_limits<float>::min());
    out.re[i] = re * scale;
    out.im[i] = im * scale;
  }
}
LUMIR_KERNEL(turn_phases);

#ifndef LUMIR_KERNELS_ONLY
namespace {

Spectra first_phases(const Spectra& sizes, const PhaseOptions& options) {
  Spectra out = sizes;
  std::fill(out.im.begin(), out.im.end(), 0.0f);
  if (!options.init) return out;
  Random random(seed_or_global(options.seed), "phases");
  for (size_t i = 0; i < out.re.size(); ++i) {
    const double angle = 2 * std::numbers::pi * random.uniform();
    out.re[i] = static_cast<float>(sizes.re[i] * std::cos(angle));
    out.im[i] = static_cast<float>(sizes.re[i] * std::sin(angle));
  }
  return out;
}

}  // namespace

Floats find_sound(const Spectra& sizes, const PhaseOptions& options, const std::string& who) {
  const FlushDenormals flush;
  SpectrumOptions settings = options.settings(sizes.bins, who);
  settings.pad_mode = options.pad_mode;
  const long length = options.length ? *options.length : istft_length(sizes.frames, settings);
  const long frames = length < 1 ? 0 : settings.framing().count(length);
  if (frames != sizes.frames) {
    throw ArgumentError(who + ": a sound of " + std::to_string(length) + " samples has " + std::to_string(frames) +
                        " frames, the spectrogram has " + std::to_string(sizes.frames));
  }
  const auto turn = best(&turn_phases);
  const auto inertia = static_cast<float>(options.momentum / (1 + options.momentum));
  Spectra phases = first_phases(sizes, options);
  Spectra before{sizes.bins, sizes.frames, AlignedFloats(sizes.re.size(), 0.0f), AlignedFloats(sizes.re.size(), 0.0f)};
  for (int round = 0; round < options.n_iter; ++round) {
    check_interrupt();
    Spectra now = stft(istft(phases, settings, length), settings);
    turn(now, before, inertia, sizes.re, phases);
    before = std::move(now);
  }
  return istft(phases, settings, length);
}
#endif

}  // namespace lumir::signal
