// Spectral flux: how far each frame's spectrum lies from the one before.
//
// By default that of Tzanetakis and Cook: magnitudes are scaled to a sum of 1, and the flux is the sum of the squares
// of their differences. So it tells of the sound's colour, not of its loudness. The first frame has none: 0.

#include "feature/extractor.h"

namespace lumir::feature {
namespace {

struct SpectralFluxOptions : SpectrumOptions {
  bool normalize = true;
  bool half_rectify = false;
  std::string norm = "squared";

  static Schema schema() {
    return extend(spectrum_schema<SpectralFluxOptions>(),
                  Option{"normalize", &SpectralFluxOptions::normalize, "scale each frame's magnitudes to a sum of 1"},
                  Option{"half_rectify", &SpectralFluxOptions::half_rectify, "count what grows only"},
                  Option{"norm", &SpectralFluxOptions::norm,
                         "of the differences: the sum of squares, its root, or the sum of sizes",
                         Choices{"squared", "l2", "l1"}});
  }
};

/// The options, and the last spectrum of the block before.
struct Before {
  SpectralFluxOptions options;
  mutable std::vector<float> last;  // a plan makes one Before for each clip, and goes through it in order

  static NodePtr needs(const SpectralFluxOptions&, int) { return nullptr; }
  Before(const SpectralFluxOptions& given, int, double) : options(given) {}
};

/// Each frame's predecessor: the block's frames, one lane later, behind `before`.
Lanes predecessors(float before, Lanes block) {
  return __builtin_shuffle(splat(before), block, signal::detail::shuffle_mask([](int i) { return kLanes - 1 + i; }));
}

void spectral_flux(const MagnitudeFrames& frames, const Before& before, Rows out) {
  const SpectralFluxOptions& options = before.options;
  Lanes scale = splat(1.0f);
  if (options.normalize) {
    Lanes total{};
    for (int bin = 0; bin < frames.bins(); ++bin) total += frames[bin];
    scale = divide_or_zero(scale, total);
  }
  const bool first_block = before.last.empty();
  before.last.resize(static_cast<size_t>(frames.bins()));
  const bool squares = options.norm != "l1";
  Lanes flux{};
  for (int bin = 0; bin < frames.bins(); ++bin) {
    const Lanes value = scale * frames[bin];
    float& last = before.last[static_cast<size_t>(bin)];
    Lanes growth = value - predecessors(first_block ? value[0] : last, value);
    last = value[kLanes - 1];
    if (options.half_rectify) growth = max(growth, Lanes{});
    flux += squares ? growth * growth : abs(growth);
  }
  out[0] = options.norm == "l2" ? sqrt(flux) : flux;
}

LUMIR_FEATURE(
    spectral_flux, SpectralFluxOptions,
    {
        .summary = "Distance of each frame's spectrum from the one before; 0 in the first frame.",
        .returns = "[1, frames]",
        .example = "feature.spectral_flux(clip, { normalize = false, half_rectify = true, norm = 'l2' })",
        .source =
            "Tzanetakis and Cook, Musical genre classification of audio signals (2002); norms as in Essentia's Flux",
        .input = "clip",
    });

}  // namespace
}  // namespace lumir::feature
