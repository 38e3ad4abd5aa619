// Constant-Q filters at work: a frame in each lane, transformed in double, because the bass that a high filter must not
// hear may be 100 dB louder than what it listens for.

#include "feature/octave_filters.h"

#include <algorithm>

#include "feature/fourier_lanes.h"
#include "feature/kernel.h"
#include "feature/wide.h"

namespace lumir::feature {

struct OctaveTables {
  FourierTables fourier;
  OctaveFilters bank;
  int first_bin = 0;             // that any filter reaches
  int end_bin = 0;
  std::vector<float> silence;    // a frame of zeros
};

namespace {

struct Buffers {
  Planar a, b;
  Planar spectrum;  // bins first_bin .. end_bin - 1

  Buffers(const OctaveTables& tables, double* scratch) {
    const size_t size = static_cast<size_t>(tables.fourier.length) * kDoubles;
    const size_t bins = static_cast<size_t>(tables.end_bin - tables.first_bin) * kDoubles;
    a = {scratch, scratch + size};
    b = {scratch + 2 * size, scratch + 3 * size};
    spectrum = {scratch + 4 * size, scratch + 4 * size + bins};
  }
};

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
void filter_side_by_side(const OctaveTables& tables, const float* const* frames, double* scratch, Rows out, int column) {
  const Buffers buffers(tables, scratch);
  const FourierTables& fourier = tables.fourier;
  put_frames(buffers.a, frames, fourier.size);
  const Planar z = run_transform(fourier, buffers.a, buffers.b);
  const int n = fourier.points;
  for (int bin = tables.first_bin; bin < tables.end_bin; ++bin) {
    const auto i = static_cast<size_t>(bin);
    const Untangled both = untangle(at(z, bin % n), at(z, (n - bin) % n), splat(fourier.untangle_cosine[i]),
                                    splat(fourier.untangle_sine[i]));
    put(buffers.spectrum, bin - tables.first_bin, both.sum);
  }
  int row = 0;
  for (const auto& filter : tables.bank.filters) {
    store_narrow(out[row++].to + column, answer(filter, buffers.spectrum, tables.first_bin));
  }
}

}  // namespace

std::shared_ptr<const OctaveTables> make_octave_tables(const OctaveFilters& filters) {
  auto tables = std::make_shared<OctaveTables>();
  fill_tables(tables->fourier, filters.n_fft);
  tables->bank = filters;
  tables->silence.assign(static_cast<size_t>(filters.n_fft), 0.0f);
  tables->first_bin = filters.n_fft;
  for (const auto& filter : filters.filters) {
    if (filter.re.empty()) continue;
    tables->first_bin = std::min(tables->first_bin, filter.first);
    tables->end_bin = std::max(tables->end_bin, filter.first + static_cast<int>(filter.re.size()));
  }
  tables->first_bin = std::min(tables->first_bin, tables->end_bin);
  return tables;
}

size_t octave_scratch(const OctaveTables& tables) {
  const int bins = tables.end_bin - tables.first_bin;
  return static_cast<size_t>(kDoubles) * static_cast<size_t>(4 * tables.fourier.length + 2 * bins);
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

}  // namespace lumir::feature
