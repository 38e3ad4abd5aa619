// Constant-Q filters after librosa.filters.wavelet: windowed complex tones whose length is a fixed number of periods,
// kept as those bins of their spectra that hold most of their magnitude.

#include "feature/cqt_filters.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "core/error.h"
#include "feature/plan/spectrum.h"
#include "signal/fourier.h"
#include "signal/notes.h"

namespace lumir::feature {
namespace {

constexpr double kLongestFilter = 1 << 20;  // samples

/// Frequencies and lengths of all filters at the rate that is left after early downsampling.
struct Bands {
  std::vector<double> frequencies;  // Hz, rising
  double q = 0;                     // periods in a filter
  double highest = 0;               // Hz: where the top filter's main lobe ends

  double length(size_t band, double rate) const { return q * rate / frequencies[band]; }
};

/// The equivalent noise bandwidth in bins (Harris, On the use of windows for harmonic analysis, 1978).
double noise_bandwidth(const std::string& window) {
  constexpr int n = 1000;
  double sum = 0, squares = 0;
  for (double weight : make_window(window, n, n)) {
    sum += weight;
    squares += weight * weight;
  }
  return n * squares / (sum * sum);
}

Bands make_bands(const CqtOptions& options, int rate, double tuning) {
  Bands bands;
  const double per_octave = options.bins_per_octave;
  const double lowest = options.fmin.value_or(note_hz(kC1)) * std::exp2(tuning / per_octave);
  for (int i = 0; i < options.n_bins; ++i) bands.frequencies.push_back(lowest * std::exp2(i / per_octave));
  const double ratio = std::exp2(2 / per_octave);
  const double bandwidth = (ratio - 1) / (ratio + 1);  // relative to the frequency
  bands.q = options.filter_scale / bandwidth;
  bands.highest = bands.frequencies.back() * (1 + 0.5 * noise_bandwidth(options.window) / bands.q);
  if (bands.highest > rate / 2.0) {
    throw ArgumentError("'n_bins' = " + std::to_string(options.n_bins) + " reaches up to " +
                        show_number(std::round(bands.highest)) + " Hz, beyond half the rate of the clip (" +
                        show_number(rate / 2.0) + " Hz)");
  }
  return bands;
}

/// How often the rate may be halved before anything else: as often as hop_length allows beyond what octaves need, and
/// as the highest filter stays clear of half the rate.
int early_halvings(const CqtOptions& options, const Bands& bands, int rate, int octaves) {
  const double room = std::log2(rate / 2.0 / bands.highest);
  const int by_frequency = std::max(0, static_cast<int>(std::ceil(room)) - 2);
  int twos = 0;
  for (int hop = options.hop_length; hop % 2 == 0; hop /= 2) ++twos;
  const int by_hop = std::max(0, twos - octaves + 1);
  return std::min(by_frequency, by_hop);
}

/// By how much a filter's samples are divided; 1 where that is too small to divide by.
double norm_of(const std::vector<double>& magnitudes, const std::variant<double, std::string>& norm) {
  if (norm == std::variant<double, std::string>("none")) return 1;
  double length = 0;
  if (const double* number = std::get_if<double>(&norm)) {
    for (double magnitude : magnitudes) length += std::pow(magnitude, *number);
    length = std::pow(length, 1 / *number);
  } else {
    length = *std::max_element(magnitudes.begin(), magnitudes.end());
  }
  return length < 2.2e-308 ? 1 : length;
}

/// Real and imaginary parts of a filter in the middle of n_fft samples.
void fill_filter(const CqtOptions& options, double length, double frequency, double rate, int n_fft, double* re,
                 double* im) {
  const double begin = std::floor(-length / 2);
  const int count = static_cast<int>(std::floor(length / 2) - begin);
  const std::vector<double> window = make_window(options.window, count, count);
  std::vector<double> magnitudes;
  for (double weight : window) magnitudes.push_back(std::fabs(weight));
  // a frame's spectrum is that of n_fft samples, so a filter's weight does not depend on its padding
  const double scale = length / n_fft / norm_of(magnitudes, options.norm);
  const double turn = 2 * std::numbers::pi * frequency / rate;
  const int before = (n_fft - count) / 2;
  for (int i = 0; i < count; ++i) {
    const double weight = scale * window[static_cast<size_t>(i)];
    re[before + i] = weight * std::cos(turn * (begin + i));
    im[before + i] = weight * std::sin(turn * (begin + i));
  }
}

/// The least magnitude that is kept: those below it make up less than a share `sparsity` of the sum.
double least_magnitude(std::vector<double> magnitudes, double sparsity) {
  double sum = 0;
  for (double magnitude : magnitudes) sum += magnitude;
  std::sort(magnitudes.begin(), magnitudes.end());
  double reached = 0;
  for (double magnitude : magnitudes) {
    reached += magnitude / sum;
    if (reached >= sparsity) return magnitude;
  }
  return magnitudes.front();
}

/// A filter's spectrum without what is too small to keep.
OctaveFilters::Filter make_filter(const std::vector<std::complex<double>>& spectrum, double sparsity) {
  std::vector<double> magnitudes;
  for (const auto& bin : spectrum) magnitudes.push_back(std::abs(bin));
  const double least = least_magnitude(magnitudes, sparsity);
  const auto kept = [&](size_t bin) { return magnitudes[bin] >= least; };
  size_t first = 0, end = spectrum.size();
  while (first < end && !kept(first)) ++first;
  while (end > first && !kept(end - 1)) --end;
  OctaveFilters::Filter filter;
  filter.first = static_cast<int>(first);
  for (size_t bin = first; bin < end; ++bin) {
    filter.re.push_back(kept(bin) ? spectrum[bin].real() : 0);
    filter.im.push_back(kept(bin) ? spectrum[bin].imag() : 0);
  }
  return filter;
}

/// Filters of bands first .. end - 1 over the sound at `rate`.
OctaveFilters make_bank(const CqtOptions& options, const Bands& bands, size_t first, size_t end, double rate) {
  const double longest = bands.length(first, rate);
  if (longest < 2 || longest > kLongestFilter) {
    throw ArgumentError("'filter_scale' = " + show_number(options.filter_scale) + " makes filters of " +
                        show_number(std::round(longest * 10) / 10) + " samples (2 to " + show_number(kLongestFilter) +
                        " can be)");
  }
  OctaveFilters bank;
  bank.n_fft = static_cast<int>(std::exp2(std::ceil(std::log2(longest))));
  const Fourier fourier(bank.n_fft);
  const size_t bins = static_cast<size_t>(fourier.bins());
  const size_t count = end - first, n_fft = static_cast<size_t>(bank.n_fft);
  std::vector<double> samples(2 * count * n_fft, 0.0), re(2 * count * bins), im(2 * count * bins);
  for (size_t i = 0; i < count; ++i) {
    double* const parts = samples.data() + 2 * i * n_fft;
    fill_filter(options, bands.length(first + i, rate), bands.frequencies[first + i], rate, bank.n_fft, parts,
                parts + n_fft);
  }
  fourier.forward(samples.data(), static_cast<long>(2 * count), re.data(), im.data());
  for (size_t i = 0; i < count; ++i) {
    std::vector<std::complex<double>> spectrum;
    for (size_t bin = 0; bin < bins; ++bin) {
      const size_t real = 2 * i * bins + bin, imaginary = real + bins;  // of the transforms of both parts
      spectrum.emplace_back(re[real] - im[imaginary], im[real] + re[imaginary]);
    }
    bank.filters.push_back(make_filter(spectrum, options.sparsity));
  }
  return bank;
}

void scale_filter(OctaveFilters::Filter& filter, double scale) {
  for (double& weight : filter.re) weight *= scale;
  for (double& weight : filter.im) weight *= scale;
}

}  // namespace

CqtPlan plan_cqt(const CqtOptions& options, int rate, double tuning) {
  const Bands bands = make_bands(options, rate, tuning);
  const auto n_bins = static_cast<size_t>(options.n_bins);
  const size_t per_octave = std::min(static_cast<size_t>(options.bins_per_octave), n_bins);
  const auto octaves = static_cast<int>((n_bins + per_octave - 1) / per_octave);
  const int early = early_halvings(options, bands, rate, octaves);

  CqtPlan plan;
  plan.early_factor = 1 << early;
  const double first_rate = static_cast<double>(rate) / plan.early_factor;
  double octave_rate = first_rate;
  int hop = options.hop_length / plan.early_factor;
  // soxr keeps amplitudes, librosa lengths of vectors: sqrt(2) for every halving
  double gain = std::sqrt(plan.early_factor) * (options.scale ? 1 : std::sqrt(plan.early_factor));
  OctaveFilters bank;
  double bank_length = 0;  // of its longest filter
  for (int octave = 0; octave < octaves; ++octave) {
    CqtOctave next;
    const size_t end = n_bins - static_cast<size_t>(octave) * per_octave;
    const size_t first = end > per_octave ? end - per_octave : 0;
    // the next octave may be heard at half the rate where it stays clear of where the resampler rolls off
    next.halves = octave > 0 && hop % 2 == 0 && bands.frequencies[end - 1] <= octave_rate / 5;
    if (next.halves) {
      hop /= 2;
      octave_rate /= 2;
      gain *= std::sqrt(2.0);
    }
    next.hop_length = hop;
    next.first_row = static_cast<int>(first);
    // at half the rate an octave has the filters of the one above
    const double length = bands.length(first, octave_rate);
    if (bank.filters.size() != end - first || std::fabs(length - bank_length) > 1e-9 * length) {
      bank = make_bank(options, bands, first, end, octave_rate);
      bank_length = length;
    }
    next.bank = bank;
    for (size_t band = first; band < end; ++band) {
      const double weight = gain * std::sqrt(first_rate / octave_rate);
      const double share = options.scale ? 1 / std::sqrt(bands.length(band, first_rate)) : 1;
      scale_filter(next.bank.filters[band - first], weight * share);
    }
    plan.octaves.push_back(std::move(next));
  }
  return plan;
}

}  // namespace lumir::feature
