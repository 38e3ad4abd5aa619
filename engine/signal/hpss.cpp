// Harmonic-percussive separation by medians.
//
// A steady tone is a line along time, a click one along frequency. The median over the neighbours in time
// takes clicks out of a bin's magnitude, the median over the neighbours in frequency takes tones out; what
// the two leave decides, as a soft mask, how much of the bin belongs to either sound. All is done in pieces
// of some frames that stay in the second cache, so that the length of a clip takes no memory.

#include "signal/hpss.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/denormals.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/spill.h"
#include "signal/blocks.h"
#include "signal/kernel.h"
#include "signal/median.h"
#include "signal/padding.h"
#include "signal/stft.h"

namespace lumir::signal {

struct SoftMask {
  float power = 2;
  float margin = 1;  // by which the other sound is multiplied
  float where_both_are_0 = 0.5f;
};

/// out = |re + i im|; all may be written and read up to kMostLanes behind n.
void find_magnitudes(const float* re, const float* im, long n, float* out) {
  for (long i = 0; i < n; i += kLanes) {
    const Lanes a = load(re + i), b = load(im + i);
    store(out + i, sqrt(a * a + b * b));
  }
}
LUMIR_KERNEL(find_magnitudes);

namespace {

Lanes raised(Lanes share, float power) {
  if (power == 2) return share * share;
  return power == 1 ? share : pow(share, power);
}

/// What belongs to `wanted`, of magnitudes; librosa.util.softmask.
Lanes mask_of(Lanes wanted, Lanes other, const SoftMask& mask) {
  if (mask.power > std::numeric_limits<float>::max()) return wanted > other ? splat(1.0f) : Lanes{};
  const Lanes greater = max(wanted, other);
  const IntLanes both_are_0 = greater < std::numeric_limits<float>::min();
  const Lanes scale = both_are_0 ? splat(1.0f) : greater;
  const Lanes share = raised(wanted / scale, mask.power);
  const Lanes rest = raised(other / scale, mask.power);
  return both_are_0 ? splat(mask.where_both_are_0) : share / (share + rest);
}

}  // namespace

/// The spectrum of one frame as far as it belongs to `wanted`.
void apply_mask(const float* wanted, const float* other, const SoftMask& mask, const float* re, const float* im, long n,
                float* out_re, float* out_im) {
  for (long i = 0; i < n; i += kLanes) {
    const Lanes share = mask_of(load(wanted + i), load(other + i) * mask.margin, mask);
    store(out_re + i, load(re + i) * share);
    store(out_im + i, load(im + i) * share);
  }
}
LUMIR_KERNEL(apply_mask);

#ifndef LUMIR_KERNELS_ONLY
namespace {

constexpr long kPiece = 64;  // frames, a multiple of kMostLanes
constexpr long kMostKernel = 4095;
constexpr double kMostMargin = 1e6;

size_t index(long i) { return static_cast<size_t>(i); }
size_t round_up(long n) { return (index(n) + kMostLanes - 1) / kMostLanes * kMostLanes; }

/// One number for both sounds, or one for each.
struct Pair {
  double harmonic;
  double percussive;
};

Pair read_pair(const Value& value, const char* name, double least, double most, bool whole) {
  const auto check = [&](const Value& one) {
    const double* number = one.number();
    if (number && *number >= least && *number <= most && (!whole || *number == std::floor(*number))) return *number;
    const std::string kind = whole ? "an integer of " : "a number of ";
    const std::string limits =
        most < INFINITY ? show_number(least) + " to " + show_number(most) : "at least " + show_number(least);
    throw ArgumentError("'" + std::string(name) + "' = " + show(value) + " must be " + kind + limits +
                        ", or a list of two");
  };
  if (value.list() && value.list()->size() == 2) return {check((*value.list())[0]), check((*value.list())[1])};
  const double both = check(value);
  return {both, both};
}

/// True where the two sounds add up to the clip, whose frames then need be put together for one of them only.
bool complementary(const HpssOptions& options, Pair margin) {
  const bool masks_add_up = margin.harmonic == 1 && margin.percussive == 1 && std::isfinite(options.power);
  return masks_add_up && options.center && 2 * options.hop() <= options.win_length.value_or(options.n_fft);
}

/// Neighbours that a median looks at before and behind, as scipy.ndimage.median_filter places them.
struct Reach {
  long size, before, after;
  explicit Reach(double kernel_size)
      : size(static_cast<long>(kernel_size)), before(size / 2), after(size - 1 - size / 2) {}
};

class Separator {
 public:
  Separator(std::span<const float> samples, const HpssOptions& options, HpssParts parts);
  void run(const HpssStretch& put);

 private:
  void read(long first);
  void mirror_ends(long first);
  void find_steady(long count);
  void find_spread(long count);
  std::vector<float> part(const AlignedFloats& wanted, const AlignedFloats& other, const SoftMask& mask, long count,
                          StftSynthesis& synthesis);
  std::vector<float> remainder(const std::vector<float>& sound, long first) const;
  float* magnitudes(long row) { return magnitudes_.data() + index(row) * width_; }

  std::span<const float> samples_;
  HpssParts parts_;
  bool by_difference_ = false;  // the percussive sound is the clip less the harmonic one
  Reach time_, frequency_;
  SoftMask harmonic_mask_, percussive_mask_;
  StftAnalysis analysis_;
  StftSynthesis harmonic_, percussive_;
  long frames_, bins_;
  size_t width_;                     // of a row of magnitudes
  Spectra spectra_, masked_;         // rows: frames from time_.before before the piece on
  AlignedFloats magnitudes_;         // the same rows
  AlignedFloats steady_, spread_;    // medians over time and over frequency: [kPiece, width]
  AlignedFloats crossed_, medians_;  // magnitudes of kMostLanes frames, a frame in each column
};

Separator::Separator(std::span<const float> samples, const HpssOptions& options, HpssParts parts)
    : samples_(samples),
      parts_(parts),
      time_(read_pair(options.kernel_size, "kernel_size", 1, kMostKernel, true).harmonic),
      frequency_(read_pair(options.kernel_size, "kernel_size", 1, kMostKernel, true).percussive),
      analysis_(options),
      harmonic_(options),
      percussive_(options),
      frames_(options.framing().count(static_cast<long>(samples.size()))),
      bins_(options.bins()),
      width_(round_up(bins_)) {
  const Pair margin = read_pair(options.margin, "margin", 1, kMostMargin, false);
  by_difference_ = parts.harmonic && parts.percussive && complementary(options, margin);
  const float where_both_are_0 = margin.harmonic == 1 && margin.percussive == 1 ? 0.5f : 0.0f;
  const auto power = static_cast<float>(options.power);
  harmonic_mask_ = {power, static_cast<float>(margin.harmonic), where_both_are_0};
  percussive_mask_ = {power, static_cast<float>(margin.percussive), where_both_are_0};

  const long rows = time_.before + kPiece + time_.after;
  spectra_ = {static_cast<int>(bins_), rows, {}, {}};
  spectra_.re.assign(spectra_.at(rows) + kMostLanes, 0.0f);
  spectra_.im.assign(spectra_.at(rows) + kMostLanes, 0.0f);
  masked_ = {static_cast<int>(bins_), kPiece, {}, {}};
  masked_.re.assign(masked_.at(kPiece) + kMostLanes, 0.0f);
  masked_.im.assign(masked_.at(kPiece) + kMostLanes, 0.0f);
  magnitudes_.assign(index(rows) * width_, 0.0f);
  steady_.assign(index(kPiece) * width_, 0.0f);
  spread_.assign(index(kPiece) * width_, 0.0f);
  crossed_.assign((width_ + index(frequency_.size)) * kMostLanes, 0.0f);
  medians_.assign(width_ * kMostLanes, 0.0f);
}

/// Makes row 0 the frame time_.before before `first`: rows that are there move up, the others are worked out.
void Separator::read(long first) {
  long row = time_.before;  // where new frames begin
  if (first > 0) {
    const long kept = time_.before + time_.after;
    std::copy_n(magnitudes(kPiece), index(kept) * width_, magnitudes(0));
    for (AlignedFloats* numbers : {&spectra_.re, &spectra_.im}) {
      std::copy_n(numbers->begin() + static_cast<long>(spectra_.at(kPiece)), spectra_.at(kept), numbers->begin());
    }
    row = kept;
  }
  const long begin = first - time_.before + row;
  const long count = std::min(frames_, first + kPiece + time_.after) - begin;
  const Spectra fresh = analysis_.frames(samples_, begin, count);
  std::copy(fresh.re.begin(), fresh.re.end(), spectra_.re.begin() + static_cast<long>(spectra_.at(row)));
  std::copy(fresh.im.begin(), fresh.im.end(), spectra_.im.begin() + static_cast<long>(spectra_.at(row)));
  const auto find = best(&find_magnitudes);
  for (long i = 0; i < fresh.frames; ++i) {
    find(spectra_.re.data() + spectra_.at(row + i), spectra_.im.data() + spectra_.at(row + i), bins_,
         magnitudes(row + i));
  }
  mirror_ends(first);
}

/// Frames beyond the ends of the clip.
void Separator::mirror_ends(long first) {
  const auto mirror = [&](long frame) {
    const long from = padded_index(frame, frames_, "symmetric");
    std::copy_n(magnitudes(from - first + time_.before), width_, magnitudes(frame - first + time_.before));
  };
  for (long frame = first - time_.before; frame < 0; ++frame) mirror(frame);
  const long end = std::min(frames_ - 1, first + kPiece - 1) + time_.after;
  for (long frame = frames_; frame <= end; ++frame) mirror(frame);
}

void Separator::find_steady(long count) {
  best (&sliding_medians)(magnitudes(0), width_, static_cast<long>(width_), count, static_cast<int>(time_.size),
                          steady_.data(), width_);
}

void Separator::find_spread(long count) {
  constexpr long kSome = kMostLanes;
  const auto exchange = best(&exchange_rows);
  const auto find_medians = best(&sliding_medians);
  const auto width = static_cast<long>(width_);
  const auto row = [&](long bin) { return crossed_.data() + index(frequency_.before + bin) * kMostLanes; };
  for (long frame = 0; frame < count; frame += kSome) {
    exchange(magnitudes(time_.before + frame), width_, kSome, width, row(0), kMostLanes);
    const auto mirror = [&](long bin) {
      std::copy_n(row(padded_index(bin, bins_, "symmetric")), kMostLanes, row(bin));
    };
    for (long bin = -frequency_.before; bin < 0; ++bin) mirror(bin);
    for (long bin = bins_; bin < bins_ + frequency_.after; ++bin) mirror(bin);
    find_medians(crossed_.data(), kMostLanes, kSome, bins_, static_cast<int>(frequency_.size), medians_.data(),
                 kMostLanes);
    exchange(medians_.data(), kMostLanes, width, kSome, spread_.data() + index(frame) * width_, width_);
  }
}

/// The samples of one sound that are complete, in which this piece of `count` frames has a part.
std::vector<float> Separator::part(const AlignedFloats& wanted, const AlignedFloats& other, const SoftMask& mask,
                                   long count, StftSynthesis& synthesis) {
  const auto apply = best(&apply_mask);
  for (long i = 0; i < count; ++i) {
    const size_t row = index(i) * width_, from = spectra_.at(time_.before + i), to = masked_.at(i);
    apply(wanted.data() + row, other.data() + row, mask, spectra_.re.data() + from, spectra_.im.data() + from, bins_,
          masked_.re.data() + to, masked_.im.data() + to);
  }
  return synthesis.add(masked_, 0, count);
}

/// The clip from sample `first` on, less `sound`; `sound` itself beyond the clip.
std::vector<float> Separator::remainder(const std::vector<float>& sound, long first) const {
  std::vector<float> rest = sound;
  for (size_t i = 0; i < rest.size(); ++i) {
    const long at = first + static_cast<long>(i);
    if (at >= 0 && at < static_cast<long>(samples_.size())) rest[i] = samples_[index(at)] - sound[i];
  }
  return rest;
}

void Separator::run(const HpssStretch& put) {
  long skip = harmonic_.before();  // samples that lie before the clip
  long left = static_cast<long>(samples_.size());
  const auto cut = [&](const std::vector<float>& sound) {
    const auto begin = std::min(sound.size(), index(skip));
    return std::span(sound).subspan(begin, std::min(sound.size() - begin, index(left)));
  };
  const auto put_both = [&](const std::vector<float>& tones, std::vector<float> clicks) {
    if (by_difference_) clicks = remainder(tones, static_cast<long>(samples_.size()) - left - skip);
    put(cut(tones), cut(clicks));
    const auto length = static_cast<long>(std::max(tones.size(), clicks.size()));
    left -= std::clamp(length - skip, 0L, left);
    skip -= std::min(skip, length);
  };
  for (long first = 0; first < frames_; first += kPiece) {
    check_interrupt();
    if (first % (64 * kPiece) == 0) relieve_memory();
    read(first);
    const long count = std::min(kPiece, frames_ - first);
    find_steady(count);
    find_spread(count);
    std::vector<float> tones, clicks;
    if (parts_.harmonic) tones = part(steady_, spread_, harmonic_mask_, count, harmonic_);
    if (parts_.percussive && !by_difference_) clicks = part(spread_, steady_, percussive_mask_, count, percussive_);
    put_both(tones, clicks);
  }
  put_both(harmonic_.rest(), percussive_.rest());
  // what no frame reaches is silent
  skip = 0;
  const std::vector<float> silence(index(left), 0.0f), nothing;
  put_both(parts_.harmonic ? silence : nothing, parts_.percussive ? silence : nothing);
}

}  // namespace

void separate(std::span<const float> samples, const HpssOptions& options, HpssParts parts, const HpssStretch& put) {
  const FlushDenormals flush;
  Separator(samples, options, parts).run(put);
}
#endif

}  // namespace lumir::signal
