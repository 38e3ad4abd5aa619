// Spectral contrast: in octave bands, how far peaks stand above valleys. High for clear tones, low for noise.

#include <cmath>

#include "feature/decibels.h"
#include "feature/extractor.h"
#include "feature/row_axes.h"

namespace lumir::feature {
namespace {

struct SpectralContrastOptions : SpectrumOptions {
  double fmin = 200;
  int n_bands = 6;
  double quantile = 0.02;
  bool linear = false;

  int rows() const { return n_bands + 1; }
  Axes axes(int) const {
    std::vector<std::string> bands = {"0-" + show_number(fmin)};
    for (int band = 1; band <= n_bands; ++band) {
      const double low = fmin * std::exp2(band - 1);
      bands.push_back(show_number(low) + (band < n_bands ? "-" + show_number(2 * low) : " up"));
    }
    Axes axes = named_rows("band", std::move(bands));
    axes.rows_unit = "Hz";
    axes.values = "contrast";
    axes.unit = linear ? "magnitude" : "dB";
    return axes;
  }
  /// Peaks, then valleys.
  int work_rows() const { return 2 * rows(); }

  void finish(Track out) const {
    Track peaks = out, valleys = out;
    peaks.row_count = valleys.row_count = rows();
    valleys.values += static_cast<size_t>(rows()) * out.stride;
    if (!linear) {
      limit_range(peaks, 80);
      limit_range(valleys, 80);
    }
    for (int band = 0; band < rows(); ++band) {
      const auto peak = peaks.row(band);
      const auto valley = valleys.row(band);
      for (size_t t = 0; t < peak.size(); ++t) peak[t] -= valley[t];
    }
  }

  static Schema schema() {
    return extend(spectrum_schema<SpectralContrastOptions>(),
                  Option{"fmin", &SpectralContrastOptions::fmin, "top of the lowest band", Unit{"Hz"}, kPositive},
                  Option{"n_bands", &SpectralContrastOptions::n_bands, "octaves above fmin", Range{1, 16}},
                  Option{"quantile", &SpectralContrastOptions::quantile,
                         "share of a band's bins that make its peak and valley", Range{1e-6, 1 - 1e-6}},
                  Option{"linear", &SpectralContrastOptions::linear, "difference of magnitudes instead of decibels"});
  }
};

/// Which bins each band takes, and how many of them make a peak.
struct Bands {
  struct Band {
    int first = 0;
    int count = 0;
    int extremes = 1;
  };
  std::vector<Band> bands;
  bool linear;

  Bands(const SpectralContrastOptions& options, int rate) : linear(options.linear) {
    const double top_band = options.fmin * std::pow(2.0, options.n_bands - 1);
    if (top_band >= rate / 2.0) {
      throw ArgumentError("'n_bands' = " + std::to_string(options.n_bands) + " puts a band at " +
                          show_number(top_band) + " Hz, beyond half the clip's rate (" + show_number(rate / 2.0) +
                          " Hz)");
    }
    double low = 0, high = options.fmin;
    for (int i = 0; i <= options.n_bands; ++i) {
      bands.push_back(band(options, rate, low, high, i));
      low = high;
      high *= 2;
    }
  }

 private:
  /// As librosa draws the borders: a band begins one bin early, and all but the last end one bin early.
  static Band band(const SpectralContrastOptions& options, int rate, double low, double high, int index) {
    const bool last = index == options.n_bands;
    int first = -1, end = 0;
    for (int bin = 0; bin < options.bins(); ++bin) {
      const double frequency = static_cast<double>(bin) * rate / options.n_fft;
      if (frequency < low || frequency > high) continue;
      if (first < 0) first = bin;
      end = bin + 1;
    }
    if (first < 0) throw_narrow(options, low, high);
    if (index > 0) --first;
    if (last) end = options.bins();
    const int extremes = std::max(1, static_cast<int>(std::nearbyint(options.quantile * (end - first))));
    if (!last) --end;
    if (end <= first) throw_narrow(options, low, high);
    return {first, end - first, std::min(extremes, end - first)};
  }
  [[noreturn]] static void throw_narrow(const SpectralContrastOptions& options, double low, double high) {
    throw ArgumentError("'n_fft' = " + std::to_string(options.n_fft) + " has too few bins between " + show_number(low) +
                        " and " + show_number(high) + " Hz; raise it or fmin");
  }
};

/// Means of the `Count` greatest and least of a band's magnitudes, kept sorted in registers.
template <int Count>
void extremes(const MagnitudeFrames& frames, const Bands::Band& band, Lanes& peak, Lanes& valley) {
  Lanes greatest[Count], least[Count];
  for (int i = 0; i < Count; ++i) {
    greatest[i] = splat(-1.0f);
    least[i] = splat(3e38f);
  }
  for (int bin = band.first; bin < band.first + band.count; ++bin) {
    Lanes sinking = frames[bin];
    Lanes rising = sinking;
    for (int i = 0; i < Count; ++i) {
      const Lanes high = max(greatest[i], sinking);
      sinking = min(greatest[i], sinking);
      greatest[i] = high;
      const Lanes low = min(least[i], rising);
      rising = max(least[i], rising);
      least[i] = low;
    }
  }
  peak = valley = Lanes{};
  for (int i = 0; i < Count; ++i) {
    peak += greatest[i];
    valley += least[i];
  }
  peak /= static_cast<float>(Count);
  valley /= static_cast<float>(Count);
}

/// The same for any count, a frame after the other.
void extremes_by_sorting(const MagnitudeFrames& frames, const Bands::Band& band, Lanes& peak, Lanes& valley) {
  std::vector<float> sorted(static_cast<size_t>(band.count));
  for (int lane = 0; lane < kLanes; ++lane) {
    for (int i = 0; i < band.count; ++i) sorted[static_cast<size_t>(i)] = frames[band.first + i][lane];
    std::sort(sorted.begin(), sorted.end());
    double high = 0, low = 0;
    for (int i = 0; i < band.extremes; ++i) {
      low += sorted[static_cast<size_t>(i)];
      high += sorted[sorted.size() - 1 - static_cast<size_t>(i)];
    }
    peak[lane] = static_cast<float>(high / band.extremes);
    valley[lane] = static_cast<float>(low / band.extremes);
  }
}

void spectral_contrast(const MagnitudeFrames& frames, const Bands& bands, Rows out) {
  const int n = static_cast<int>(bands.bands.size());
  for (int i = 0; i < n; ++i) {
    const Bands::Band& band = bands.bands[static_cast<size_t>(i)];
    Lanes peak, valley;
    switch (band.extremes) {
      case 1: extremes<1>(frames, band, peak, valley); break;
      case 2: extremes<2>(frames, band, peak, valley); break;
      case 3: extremes<3>(frames, band, peak, valley); break;
      case 4: extremes<4>(frames, band, peak, valley); break;
      case 5: extremes<5>(frames, band, peak, valley); break;
      case 6: extremes<6>(frames, band, peak, valley); break;
      case 7: extremes<7>(frames, band, peak, valley); break;
      case 8: extremes<8>(frames, band, peak, valley); break;
      case 9: extremes<9>(frames, band, peak, valley); break;
      case 10: extremes<10>(frames, band, peak, valley); break;
      default: extremes_by_sorting(frames, band, peak, valley);
    }
    const Lanes floor = splat(1e-10f);
    out[i] = bands.linear ? peak : decibels(max(peak, floor));
    out[n + i] = bands.linear ? valley : decibels(max(valley, floor));
  }
}

LUMIR_FEATURE(
    spectral_contrast, SpectralContrastOptions,
    {
        .summary = "Peaks above valleys of the spectrum, in octave bands.",
        .returns = "[n_bands + 1, frames] in dB",
        .example = "feature.spectral_contrast(clip, { n_bands = 5 })",
        .source = "Jiang, Lu, Zhang, Tao and Cai, Music type classification by spectral contrast feature (2002)",
        .input = "clip",
    });

}  // namespace
}  // namespace lumir::feature
