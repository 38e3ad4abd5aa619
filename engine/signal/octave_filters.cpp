// Constant-Q filters at work: a frame in each lane, transformed in double, because the bass that a high filter must not
// hear may be 100 dB louder than what it listens for.
//
// A long frame is dealt out, like cards, to a few parts (every fourth sample to one of four): each part's transform
// stays in the first cache, and only those bins that filters reach are put together from them.

#include "signal/octave_filters.h"

#include <algorithm>

#include "signal/fourier_lanes.h"
#include "signal/kernel.h"
#include "signal/wide.h"

namespace lumir::signal {

struct OctaveTables {
  FourierTables fourier;  // of a part
  int parts = 1;
  std::vector<double> turn_cosine, turn_sine;  // exp(-2 pi i part bin / n_fft), at [bin - first_bin, part]
  OctaveFilters bank;
  int first_bin = 0;  // that any filter reaches
  int end_bin = 0;
  std::vector<float> silence;  // a frame of zeros
};

namespace {

constexpr int kPartSize = 256, kMostParts = 8;

struct Buffers {
  Planar part[kMostParts];
  Planar work;
  Planar spectrum;  // bins first_bin .. end_bin - 1

  Buffers(const OctaveTables& tables, double* scratch) {
    const size_t size = static_cast<size_t>(tables.fourier.length) * kDoubles;
    const size_t bins = static_cast<size_t>(tables.end_bin - tables.first_bin) * kDoubles;
    const auto take = [&](size_t count) {
      const Planar taken{scratch, scratch + count};
      scratch += 2 * count;
      return taken;
    };
    for (int i = 0; i < tables.parts; ++i) part[i] = take(size);
    work = take(size);
    spectrum = take(bins);
  }
};

/// Samples of kDoubles frames to parts; in each, even ones as real parts of points, odd ones as imaginary parts.
template <int kParts>
void deal_out(const float* const* frames, int n_fft, const Planar* to) {
  const auto put_sample = [&](int i, Doubles samples) {
    const auto place = static_cast<unsigned>(i) / kParts;
    const Planar& part = to[static_cast<unsigned>(i) % kParts];
    store((place % 2 == 0 ? part.re : part.im) + kDoubles * (place / 2), samples);
  };
  constexpr int kStep = std::max(kDoubles, 2 * kParts);  // every part gets whole points
  int i = 0;
  for (; i + kStep <= n_fft; i += kStep) {
    const unsigned point = static_cast<unsigned>(i) / (2 * kParts);
    for (int begin = 0; begin < kStep; begin += kDoubles) {
      Doubles square[kDoubles];
      for (int lane = 0; lane < kDoubles; ++lane) square[lane] = load_wide(frames[lane] + i + begin);
      transpose(square);
      for (int j = 0; j < kDoubles; ++j) {
        const int at = begin + j;
        const Planar& part = to[at % kParts];
        double* const half = at / kParts % 2 == 0 ? part.re : part.im;
        store(half + kDoubles * (point + static_cast<unsigned>(at / kParts / 2)), square[j]);
      }
    }
  }
  for (; i < n_fft; ++i) {
    Doubles samples{};
    for (int lane = 0; lane < kDoubles; ++lane) samples[lane] = frames[lane][i];
    put_sample(i, samples);
  }
}
void deal_out(const float* const* frames, int n_fft, int parts, const Planar* to) {
  switch (parts) {
    case 1: deal_out<1>(frames, n_fft, to); break;
    case 2: deal_out<2>(frames, n_fft, to); break;
    case 4: deal_out<4>(frames, n_fft, to); break;
    default: deal_out<8>(frames, n_fft, to); break;
  }
}

/// A bin of a part's spectrum from its transform z; they repeat after fourier.size bins.
Complex part_bin(const FourierTables& fourier, const Planar& z, int bin) {
  const int n = fourier.points;  // a power of two, as fourier.size
  const int k = bin & (fourier.size - 1), low = k <= n ? k : fourier.size - k;
  const auto i = static_cast<size_t>(low);
  const Complex value = untangle(at(z, low & (n - 1)), at(z, (n - low) & (n - 1)), splat(fourier.untangle_cosine[i]),
                                 splat(fourier.untangle_sine[i]))
                            .sum;
  return k <= n ? value : Complex{value.re, -value.im};
}

/// The bins that filters reach.
void make_bins(const OctaveTables& tables, const float* const* frames, Buffers& buffers) {
  const FourierTables& fourier = tables.fourier;
  deal_out(frames, tables.bank.n_fft, tables.parts, buffers.part);
  for (int part = 0; part < tables.parts; ++part) {
    const Planar z = run_passes(fourier.passes, fourier.length, kDoubles, buffers.part[part], buffers.work);
    const double* cosine = tables.turn_cosine.data() + part;
    const double* sine = tables.turn_sine.data() + part;
    for (int bin = tables.first_bin; bin < tables.end_bin; ++bin) {
      const int place = bin - tables.first_bin;
      const Complex turned = rotate(part_bin(fourier, z, bin), *cosine, *sine);
      put(buffers.spectrum, place, part == 0 ? turned : at(buffers.spectrum, place) + turned);
      cosine += tables.parts;
      sine += tables.parts;
    }
  }
}

Doubles square_root(Doubles a) {
  for (int i = 0; i < kDoubles; ++i) a[i] = __builtin_sqrt(a[i]);
  return a;
}

/// The magnitude of the sum of weights times bins.
Doubles answer(const OctaveFilters::Filter& filter, const Planar& spectrum, int first_bin) {
  // four sums, so that an addition need not wait for the one before it
  Doubles re_re{}, im_im{}, re_im{}, im_re{};
  const int begin = filter.first - first_bin;
  for (size_t i = 0; i < filter.re.size(); ++i) {
    const Complex bin = at(spectrum, begin + static_cast<int>(i));
    re_re += filter.re[i] * bin.re;
    im_im += filter.im[i] * bin.im;
    re_im += filter.re[i] * bin.im;
    im_re += filter.im[i] * bin.re;
  }
  const Doubles re = re_re - im_im, im = re_im + im_re;
  return square_root(re * re + im * im);
}

/// kDoubles frames into columns of out that begin at `column`.
void filter_side_by_side(const OctaveTables& tables, const float* const* frames, double* scratch, Rows out,
                         int column) {
  Buffers buffers(tables, scratch);
  make_bins(tables, frames, buffers);
  int row = 0;
  for (const auto& filter : tables.bank.filters) {
    store_narrow(out[row++].to + column, answer(filter, buffers.spectrum, tables.first_bin));
  }
}

}  // namespace

std::shared_ptr<const OctaveTables> make_octave_tables(const OctaveFilters& filters) {
  auto tables = std::make_shared<OctaveTables>();
  while (filters.n_fft / tables->parts > kPartSize && tables->parts < kMostParts) tables->parts *= 2;
  fill_tables(tables->fourier, filters.n_fft / tables->parts);
  tables->bank = filters;
  tables->silence.assign(static_cast<size_t>(filters.n_fft), 0.0f);
  tables->first_bin = filters.n_fft;
  for (const auto& filter : filters.filters) {
    if (filter.re.empty()) continue;
    tables->first_bin = std::min(tables->first_bin, filter.first);
    tables->end_bin = std::max(tables->end_bin, filter.first + static_cast<int>(filter.re.size()));
  }
  tables->first_bin = std::min(tables->first_bin, tables->end_bin);
  for (int bin = tables->first_bin; bin < tables->end_bin; ++bin) {
    for (int part = 0; part < tables->parts; ++part) {
      const double angle = -2 * std::numbers::pi * part * bin / filters.n_fft;
      tables->turn_cosine.push_back(std::cos(angle));
      tables->turn_sine.push_back(std::sin(angle));
    }
  }
  return tables;
}

size_t octave_scratch(const OctaveTables& tables) {
  const int bins = tables.end_bin - tables.first_bin;
  return static_cast<size_t>(kDoubles) * static_cast<size_t>(2 * (tables.parts + 1) * tables.fourier.length + 2 * bins);
}

void filter_octave(const OctaveTables& tables, const float* const* frames, double* scratch, Rows out) {
  const float* given[kLanes];
  for (int lane = 0; lane < kLanes; ++lane) given[lane] = frames[lane] ? frames[lane] : tables.silence.data();
  filter_side_by_side(tables, given, scratch, out, 0);
  filter_side_by_side(tables, given + kDoubles, scratch, out, kDoubles);
}

LUMIR_KERNEL(make_octave_tables);
LUMIR_KERNEL(octave_scratch);
LUMIR_KERNEL(filter_octave);

}  // namespace lumir::signal
