// Mel filters and their nodes. After librosa.filters.mel, which follows Slaney's Auditory Toolbox (1998).

#include "feature/mel.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "feature/decibels.h"
#include "feature/kernel.h"

namespace lumir::feature {
namespace {

constexpr double kHzPerMel = 200.0 / 3;      // below 1 kHz
constexpr double kLogStart = 1000.0;         // Hz
const double kLogStep = std::log(6.4) / 27;  // above

std::string settings_of(const MelOptions& options) {
  return to_json(Value(write_options(&options, mel_schema<MelOptions>())));
}

class MelNode final : public Node {
 public:
  MelNode(const MelOptions& options, int rate)
      : Node("mel " + settings_of(options), options.framing(), options.n_mels,
             {spectrum_node(options, options.power, rate)}),
        bank_(mel_filters(options, rate)),
        apply_(best(&apply_filters)) {}
  void block(Work& work, long first_frame) const override {
    apply_(bank_, work.inputs[0]->block(first_frame), work.out.rows_at(first_frame));
  }

 private:
  FilterBank bank_;
  decltype(&apply_filters) apply_;
};

class MelDecibelNode final : public Node {
 public:
  MelDecibelNode(const MelOptions& options, std::optional<double> top_db, int rate)
      : Node("mel dB " + (top_db ? show_number(*top_db) : "all") + " " + settings_of(options), options.framing(),
             options.n_mels, {MelFrames::node(options, rate)}),
        top_db_(top_db),
        convert_(best(&block_to_decibels)),
        limit_(best(&limit_range)) {
    finishes_ = true;
  }
  void block(Work& work, long first_frame) const override {
    convert_(work.inputs[0]->block(first_frame), 1e-10f, work.out.rows_at(first_frame));
  }
  void finish(Work& work) const override {
    if (top_db_) limit_(work.out.track(), static_cast<float>(*top_db_));
  }

 private:
  std::optional<double> top_db_;
  decltype(&block_to_decibels) convert_;
  decltype(&limit_range) limit_;
};

}  // namespace

NodePtr MelFrames::node(const MelOptions& options, int rate) { return std::make_shared<MelNode>(options, rate); }
NodePtr MelDecibelFrames::node(const MelOptions& options, int rate) { return mel_decibels(options, 80, rate); }
NodePtr MelDecibels::node(const MelOptions& options, int rate) { return mel_decibels(options, 80, rate); }
NodePtr mel_decibels(const MelOptions& options, std::optional<double> top_db, int rate) {
  return std::make_shared<MelDecibelNode>(options, top_db, rate);
}

double hz_to_mel(double frequency, bool htk) {
  if (htk) return 2595 * std::log10(1 + frequency / 700);
  if (frequency < kLogStart) return frequency / kHzPerMel;
  return kLogStart / kHzPerMel + std::log(frequency / kLogStart) / kLogStep;
}

double mel_to_hz(double mel, bool htk) {
  if (htk) return 700 * (std::pow(10.0, mel / 2595) - 1);
  const double log_start = kLogStart / kHzPerMel;
  return mel < log_start ? mel * kHzPerMel : kLogStart * std::exp(kLogStep * (mel - log_start));
}

FilterBank mel_filters(const MelOptions& options, int rate) {
  const double fmax = options.fmax.value_or(rate / 2.0);
  if (fmax > rate / 2.0) {
    throw ArgumentError("'fmax' = " + show_number(fmax) + " is above half the clip's rate (" + show_number(rate / 2.0) +
                        " Hz)");
  }
  if (options.fmin >= fmax) {
    throw ArgumentError("'fmin' = " + show_number(options.fmin) + " must be below fmax = " + show_number(fmax));
  }
  const double low = hz_to_mel(options.fmin, options.htk);
  const double high = hz_to_mel(fmax, options.htk);
  std::vector<double> edges;
  for (int i = 0; i < options.n_mels + 2; ++i) {
    edges.push_back(mel_to_hz(low + (high - low) * i / (options.n_mels + 1), options.htk));
  }
  FilterBank bank;
  for (size_t band = 0; band + 2 < edges.size(); ++band) {
    const double left = edges[band], middle = edges[band + 1], right = edges[band + 2];
    FilterBank::Filter filter;
    for (int bin = 0; bin < options.bins(); ++bin) {
      const double frequency = static_cast<double>(bin) * rate / options.n_fft;
      const double rising = (frequency - left) / (middle - left);
      const double falling = (right - frequency) / (right - middle);
      const double height = std::max(0.0, std::min(rising, falling));
      if (height == 0) continue;
      if (filter.weights.empty()) filter.first = bin;
      filter.weights.push_back(static_cast<float>(options.norm ? static_cast<float>(height) * (2 / (right - left)) : height));
    }
    bank.filters.push_back(std::move(filter));
  }
  return bank;
}

}  // namespace lumir::feature
