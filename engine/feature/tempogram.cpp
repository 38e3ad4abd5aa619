// Tempogram: how similar onset strength is to itself some frames later, around every frame. High at the lag of a beat.

#include <algorithm>
#include <cmath>

#include "core/interrupt.h"
#include "core/spill.h"
#include "feature/column_norm.h"
#include "feature/extractor.h"
#include "feature/onset_strength.h"
#include "feature/ramps.h"
#include "feature/row_axes.h"
#include "signal/fourier.h"

namespace lumir::feature {
namespace {

struct TempogramOptions {
  int hop_length = 512;
  int win_length = 384;
  bool center = true;
  std::string window = "hann";
  NormOption norm = "inf";

  int rows() const { return win_length; }
  Axes axes(int rate) const {
    Axes axes = rows_of_what("lag", "s");
    for (int lag = 0; lag < win_length; ++lag) axes.places.push_back(static_cast<double>(lag) * hop_length / rate);
    axes.values = "autocorrelation";
    return axes;
  }
  /// Of the clip's samples: a window is as many hops.
  Framing framing() const { return {center ? 2 : (win_length - 1) * hop_length, hop_length, center}; }

  static Schema schema() {
    using S = TempogramOptions;
    return {Option{"hop_length", &S::hop_length, "from one frame to the next", Unit{"samples"}, Range{1, 1 << 18}},
            Option{"win_length", &S::win_length, "frames that are compared, and lags", Unit{"frames"}, Range{1, 8192}},
            Option{"center", &S::center, "a window is centred on its frame"},
            Option{"window", &S::window, "what a window is weighted by", window_choices()},
            Option{"norm", &S::norm,
                   "what is 1 in each frame: the greatest ('inf'), the sum (1), the length (2); "
                   "'none' leaves sums of products",
                   Choices{"inf", "none"}, kPositive}};
  }
};

/// A length of at least `least` that transforms fast.
int fast_length(int least) {
  for (int n = least;; ++n) {
    int rest = n;
    for (int factor : {2, 3, 5}) {
      while (rest % factor == 0) rest /= factor;
    }
    if (rest == 1) return n;
  }
}

/// Local autocorrelation by way of power spectra (Wiener and Khinchin), some frames at a time.
class TempogramNode final : public Node {
 public:
  TempogramNode(const TempogramOptions& options, int rate)
      : Node("tempogram " + to_json(write_options(options)), options.framing(), options.win_length, {}),
        options_(options),
        window_(make_window(options.window, options.win_length, options.win_length)),
        fourier_(fast_length(2 * options.win_length - 1)) {
    OnsetStrengthOptions strength;
    strength.hop_length = options.hop_length;
    inputs_.push_back(OnsetEnvelope::node(strength, rate));
    finishes_ = true;
    blockwise_ = false;
  }

  void finish(Work& work) const override {
    const Track out = work.out.track();
    const auto envelope = work.inputs[0]->track().row(0);
    const std::vector<double> onsets = options_.center
                                           ? with_ramps(envelope, options_.win_length / 2, options_.win_length)
                                           : std::vector<double>(envelope.begin(), envelope.end());
    Room room(fourier_);
    for (long first = 0; first < out.frames; first += kTogether) {
      check_interrupt();  // at each block: windows may be long
      if (first % (64 * kTogether) == 0) relieve_memory();
      correlate(onsets.data() + first, std::min(kTogether, out.frames - first), room);
      put(room, first, out);
    }
  }

 private:
  static constexpr long kTogether = 32;  // frames
  struct Room {
    AlignedDoubles frames, re, im;
    explicit Room(const Fourier& fourier)
        : frames(static_cast<size_t>(kTogether * fourier.size()), 0.0),
          re(static_cast<size_t>(kTogether * fourier.bins())),
          im(re.size()) {}
  };

  /// Autocorrelation of windows that begin at `onsets` and at the numbers behind it.
  void correlate(const double* onsets, long count, Room& room) const {
    const long size = fourier_.size(), lags = options_.win_length;
    for (long i = 0; i < count; ++i) {
      double* frame = room.frames.data() + i * size;
      for (long k = 0; k < lags; ++k) frame[k] = onsets[i + k] * window_[static_cast<size_t>(k)];
      std::fill(frame + lags, frame + size, 0.0);
    }
    fourier_.forward(room.frames.data(), count, room.re.data(), room.im.data());
    for (size_t i = 0; i < static_cast<size_t>(count * fourier_.bins()); ++i) {
      room.re[i] = room.re[i] * room.re[i] + room.im[i] * room.im[i];
      room.im[i] = 0;
    }
    fourier_.inverse(room.re.data(), room.im.data(), count, room.frames.data());
  }

  /// Normalised columns into the track.
  void put(const Room& room, long first, Track out) const {
    const long count = std::min(kTogether, out.frames - first);
    const float norm = norm_number(options_.norm);
    for (long i = 0; i < count; ++i) {
      const double* similarity = room.frames.data() + i * fourier_.size();
      const double scale = scale_of(similarity, norm);
      for (int lag = 0; lag < options_.win_length; ++lag) {
        out.row(lag)[static_cast<size_t>(first + i)] = static_cast<float>(similarity[lag] / scale);
      }
    }
  }

  /// The norm of one column; 1 where it is too small to divide by, or none is wanted.
  double scale_of(const double* numbers, float norm) const {
    if (norm == 0) return 1;
    double length = 0;
    for (int lag = 0; lag < options_.win_length; ++lag) {
      const double size = std::fabs(numbers[lag]);
      length = norm == INFINITY ? std::max(length, size) : length + std::pow(size, norm);
    }
    if (norm != INFINITY) length = std::pow(length, 1.0 / norm);
    return length < std::numeric_limits<double>::min() ? 1 : length;
  }

  TempogramOptions options_;
  std::vector<double> window_;
  Fourier fourier_;
};

NodePtr tempogram(const TempogramOptions& options, int rate) { return std::make_shared<TempogramNode>(options, rate); }

LUMIR_FEATURE_NODE(
    tempogram, TempogramOptions,
    {
        .summary =
            "Local autocorrelation of onset strength: which distances between onsets are common around each frame.",
        .returns = "[win_length, frames], row i for a lag of i - 1 frames; 1 for the greatest of a frame",
        .example = "feature.tempogram(clip, { win_length = 192 })",
        .source = "Grosche, Mueller and Kurth, Cyclic tempogram (2010); librosa.feature.tempogram",
        .input = "clip",
    });

}  // namespace
}  // namespace lumir::feature
