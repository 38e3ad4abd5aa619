// Mel bands back to bins: least squares without negative numbers.
//
// There are more bins than bands, so many spectra have the same bands; librosa begins with the shortest one,
// its negative numbers set to 0, and goes downhill from there. So does this, by Nesterov's steps (Beck and
// Teboulle, A fast iterative shrinkage-thresholding algorithm, 2009), a frame in each lane. Bands overlap
// with their neighbours only, which makes the shortest spectrum the answer of a tridiagonal system.

#include "feature/mel_inverse.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/interrupt.h"
#include "signal/kernel.h"

namespace lumir::feature {

/// Filters of length 1, so that all bands count alike, and what is known of them.
struct InverseFilters {
  FilterBank bank;
  std::vector<float> scales;   // what each filter was divided by; 0 for empty ones
  std::vector<float> overlap;  // of filter i and filter i + 1
  int bins = 0;
  float step = 0.5f;  // one over the greatest curvature
};

namespace {

constexpr int kMostSteps = 200;

Lanes at(const AlignedFloats& numbers, int row) { return load(numbers.data() + static_cast<size_t>(row) * kLanes); }
void put(AlignedFloats& numbers, int row, Lanes value) {
  store(numbers.data() + static_cast<size_t>(row) * kLanes, value);
}

/// numbers += factor(row) * filter, over all filters.
template <class Factor>
void add_filters(const InverseFilters& filters, Factor factor, AlignedFloats& numbers) {
  for (int row = 0; row < static_cast<int>(filters.bank.filters.size()); ++row) {
    const auto& filter = filters.bank.filters[static_cast<size_t>(row)];
    const Lanes by = factor(row);
    for (int i = 0; i < static_cast<int>(filter.weights.size()); ++i) {
      const int bin = filter.first + i;
      put(numbers, bin, at(numbers, bin) + filter.weights[static_cast<size_t>(i)] * by);
    }
  }
}

/// x of F F^T x = bands, which is tridiagonal with 1 on the diagonal.
AlignedFloats solve_overlaps(const InverseFilters& filters, const FrameBlock& bands) {
  const int n = bands.rows();
  AlignedFloats x(static_cast<size_t>(n) * kLanes);
  std::vector<float> upper(static_cast<size_t>(n), 0.0f);
  float before = 0;  // the entry left of the diagonal
  for (int row = 0; row < n; ++row) {
    // two filters of the same single bin leave nothing of the second pivot
    const float pivot = std::max(0.02f, 1 - (row > 0 ? before * upper[static_cast<size_t>(row) - 1] : 0));
    const Lanes known = row > 0 ? at(x, row - 1) * before : Lanes{};
    put(x, row, (bands[row] - known) / pivot);
    before = row + 1 < n ? filters.overlap[static_cast<size_t>(row)] : 0;
    upper[static_cast<size_t>(row)] = before / pivot;
  }
  for (int row = n - 2; row >= 0; --row) put(x, row, at(x, row) - upper[static_cast<size_t>(row)] * at(x, row + 1));
  return x;
}

}  // namespace

/// Bins, none negative, of a block of bands that were divided by the filters' scales.
void invert_bands(const InverseFilters& filters, const FrameBlock& bands, Rows out) {
  const int n = bands.rows();
  const size_t size = static_cast<size_t>(filters.bins) * kLanes;
  const AlignedFloats shortest = solve_overlaps(filters, bands);
  AlignedFloats x(size, 0.0f), ahead, down(size);
  add_filters(
      filters, [&](int row) { return at(shortest, row); }, x);
  for (int bin = 0; bin < filters.bins; ++bin) put(x, bin, max(at(x, bin), Lanes{}));
  ahead = x;

  AlignedFloats missing(static_cast<size_t>(n) * kLanes);
  Lanes energy{};
  for (int row = 0; row < n; ++row) energy += bands[row] * bands[row];
  for (int step = 0; step < kMostSteps; ++step) {
    Lanes error{};
    for (int row = 0; row < n; ++row) {
      const auto& filter = filters.bank.filters[static_cast<size_t>(row)];
      Lanes rest = bands[row];
      for (int i = 0; i < static_cast<int>(filter.weights.size()); ++i) {
        rest -= filter.weights[static_cast<size_t>(i)] * at(ahead, filter.first + i);
      }
      put(missing, row, rest);
      error += rest * rest;
    }
    if (largest(error - 1e-12f * energy) <= 0) break;
    std::fill(down.begin(), down.end(), 0.0f);
    add_filters(
        filters, [&](int row) { return at(missing, row); }, down);
    const float momentum = static_cast<float>(step) / static_cast<float>(step + 3);
    for (int bin = 0; bin < filters.bins; ++bin) {
      const Lanes before = at(x, bin);
      const Lanes next = max(at(ahead, bin) + filters.step * at(down, bin), Lanes{});
      put(x, bin, next);
      put(ahead, bin, next + momentum * (next - before));
    }
  }
  for (int bin = 0; bin < filters.bins; ++bin) out[bin] = at(x, bin);
}
LUMIR_KERNEL(invert_bands);

#ifndef LUMIR_KERNELS_ONLY
namespace {

InverseFilters make_filters(int n_mels, const BandOptions& options, int n_fft, int rate, const std::string& who) {
  MelOptions mel;
  mel.n_fft = n_fft;
  mel.n_mels = n_mels;
  mel.fmin = options.fmin;
  mel.fmax = options.fmax;
  mel.htk = options.htk;
  mel.norm = options.mel_norm;
  InverseFilters filters;
  try {
    filters.bank = mel_filters(mel, rate);
  } catch (const ArgumentError& problem) {
    throw ArgumentError(who + ": " + problem.what());
  }
  filters.bins = mel.bins();
  for (auto& filter : filters.bank.filters) {
    double squares = 0;
    for (const float weight : filter.weights) squares += static_cast<double>(weight) * weight;
    const auto length = static_cast<float>(std::sqrt(squares));
    filters.scales.push_back(length);
    for (float& weight : filter.weights) weight /= length;
  }
  float most = 1;  // of the sums of rows of F F^T, which no curvature exceeds
  for (size_t i = 0; i + 1 < filters.bank.filters.size(); ++i) {
    const auto& a = filters.bank.filters[i];
    const auto& b = filters.bank.filters[i + 1];
    double product = 0;
    for (size_t k = 0; k < b.weights.size(); ++k) {
      const long other = b.first + static_cast<long>(k) - a.first;
      if (other >= 0 && other < static_cast<long>(a.weights.size()))
        product += static_cast<double>(b.weights[k]) * a.weights[static_cast<size_t>(other)];
    }
    filters.overlap.push_back(static_cast<float>(product));
    most = std::max(most, 1 + (i > 0 ? filters.overlap[i - 1] : 0) + filters.overlap[i]);
  }
  filters.step = 1 / most;
  return filters;
}

}  // namespace

Spectra magnitudes_of_bands(const std::vector<float>& bands, int n_mels, const BandOptions& options, int n_fft,
                            int rate, const std::string& who) {
  const InverseFilters filters = make_filters(n_mels, options, n_fft, rate, who);
  const auto invert = best(&invert_bands);
  const auto lanes = static_cast<size_t>(best(&lanes_of_level)());
  const auto frames = bands.size() / static_cast<size_t>(n_mels);
  const auto bins = static_cast<size_t>(filters.bins);
  Spectra out{filters.bins, static_cast<long>(frames), AlignedFloats(bins * frames),
              AlignedFloats(bins * frames, 0.0f)};
  AlignedFloats block(static_cast<size_t>(n_mels) * kMostLanes), result(bins * kMostLanes);
  for (size_t first = 0; first < frames; first += lanes) {
    check_interrupt();
    for (size_t row = 0; row < static_cast<size_t>(n_mels); ++row) {
      for (size_t lane = 0; lane < lanes; ++lane) {
        const bool there = first + lane < frames && filters.scales[row] > 0;
        block[row * lanes + lane] = there ? bands[row * frames + first + lane] / filters.scales[row] : 0.0f;
      }
    }
    invert(filters, {block.data(), lanes, n_mels, 0}, {result.data(), lanes, filters.bins});
    for (size_t lane = 0; lane < lanes && first + lane < frames; ++lane) {
      for (size_t bin = 0; bin < bins; ++bin) {
        out.re[(first + lane) * bins + bin] =
            std::pow(result[bin * lanes + lane], static_cast<float>(1 / options.power));
      }
    }
  }
  return out;
}

audio::Clip sound_of_bands(const std::vector<float>& bands, int n_mels, const BandOptions& options,
                           const PhaseOptions& phases, const std::string& who) {
  const int n_fft = phases.n_fft.value_or(2048);
  PhaseOptions whole = phases;
  whole.n_fft = n_fft;
  whole.settings(n_fft / 2 + 1, who);  // throws where no rate is given
  const Spectra sizes = magnitudes_of_bands(bands, n_mels, options, n_fft, *phases.rate, who);
  return {find_sound(sizes, whole, who), 1, *phases.rate};
}
#endif

}  // namespace lumir::feature
