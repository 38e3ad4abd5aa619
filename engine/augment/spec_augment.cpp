// SpecAugment: bars over a spectrogram, some across time and some across frequency.

#include <algorithm>

#include <ATen/ops/scalar_tensor.h>

#include "augment/batch_axes.h"
#include "core/step.h"

namespace lumir::augment {
namespace {

struct SpecAugmentOptions {
  int time = 100;
  int frequency = 27;
  int n_time = 1;
  int n_frequency = 1;
  double p = 1;
  std::variant<double, std::string> value = "mean";
  TimeDim time_dim = "auto";
  std::optional<int> seed;
  static Schema schema() {
    return {Option{"time", &SpecAugmentOptions::time, "the widest bar over time", Unit{"frames"}, kNonNegative},
            Option{"frequency", &SpecAugmentOptions::frequency, "the widest bar over frequency", Unit{"bands"},
                   kNonNegative},
            Option{"n_time", &SpecAugmentOptions::n_time, "bars over time", kNonNegative},
            Option{"n_frequency", &SpecAugmentOptions::n_frequency, "bars over frequency", kNonNegative},
            Option{"p", &SpecAugmentOptions::p, "the widest bar over time as a share of all frames", Range{0, 1}},
            Option{"value", &SpecAugmentOptions::value, "what stands in a bar: a number, or of the example",
                   Choices{"mean", "min"}},
            time_dim_option<SpecAugmentOptions>(),
            seed_option<SpecAugmentOptions>()};
  }
};

/// Of each example, the bars: first and last position of each, from 1.
using Bars = std::vector<std::vector<std::vector<int>>>;
struct Masks {
  Bars time, frequency;
  static Schema schema() {
    return {Option{"time", &Masks::time, "of each example the first and the last frame of each bar, from 1"},
            Option{"frequency", &Masks::frequency, "of each example the first and the last band of each bar, from 1"}};
  }
};

std::vector<std::vector<int>> draw_bars(int count, int64_t widest, int64_t size, Random& random) {
  std::vector<std::vector<int>> bars;
  for (int i = 0; i < count; ++i) {
    const uint32_t width = random.below(static_cast<uint32_t>(std::min(widest, size)) + 1);
    const uint32_t first = random.below(static_cast<uint32_t>(size) - width + 1);
    if (width > 0) bars.push_back({static_cast<int>(first + 1), static_cast<int>(first + width)});
  }
  return bars;
}

Masks draw(const Batch& batch, const SpecAugmentOptions& options, Random& random) {
  const Axes axes = axes_of(batch, options.time_dim, "SpecAugment");
  const at::Tensor lengths = batch.lengths.defined() ? batch.lengths.cpu() : batch.lengths;
  Masks masks;
  for (int64_t i = 0; i < batch.x.size(0); ++i) {
    const int64_t frames = lengths.defined() ? lengths.select(0, i).item<int64_t>() : batch.x.size(axes.time);
    const auto most = static_cast<int64_t>(options.p * static_cast<double>(frames));
    masks.time.push_back(draw_bars(options.n_time, std::min<int64_t>(options.time, most), frames, random));
    masks.frequency.push_back(draw_bars(options.n_frequency, options.frequency, batch.x.size(axes.frequency), random));
  }
  return masks;
}

/// What stands in the bars of one example.
at::Tensor filling(const at::Tensor& example, const SpecAugmentOptions& options) {
  if (const auto* number = std::get_if<double>(&options.value)) return at::scalar_tensor(*number, example.options());
  return std::get<std::string>(options.value) == "min" ? example.min() : example.mean();
}

void fill(at::Tensor& x, const Bars& bars, int64_t axis, const std::vector<at::Tensor>& values, const char* name) {
  if (bars.size() != values.size()) {
    throw ArgumentError(std::string("SpecAugment: '") + name + "' must be bars of " + std::to_string(values.size()) +
                        " examples, got " + std::to_string(bars.size()));
  }
  for (size_t i = 0; i < bars.size(); ++i) {
    const at::Tensor example = x.select(0, static_cast<int64_t>(i));
    for (const auto& bar : bars[i]) {
      if (bar.size() != 2 || bar[0] < 1 || bar[0] > bar[1] || bar[1] > x.size(axis)) {
        throw ArgumentError(std::string("SpecAugment: a bar of '") + name +
                            "' must be a first and a last position of " + std::to_string(x.size(axis)));
      }
      example.narrow(axis - 1, bar[0] - 1, bar[1] - bar[0] + 1).fill_(values[i]);
    }
  }
}

Batch spec_augment(const Batch& batch, const SpecAugmentOptions& options, const Masks& masks) {
  const Axes axes = axes_of(batch, options.time_dim, "SpecAugment");
  std::vector<at::Tensor> values;
  for (int64_t i = 0; i < batch.x.size(0); ++i) {
    values.push_back(filling(example_of(batch, i, axes.time), options));
  }
  Batch masked = batch;
  masked.x = batch.x.clone();
  fill(masked.x, masks.time, axes.time, values, "time");
  fill(masked.x, masks.frequency, axes.frequency, values, "frequency");
  return masked;
}

const RegisterBatchEffect<SpecAugmentOptions, Masks, draw, spec_augment> spec_augment_effect{
    "SpecAugment",
    {.summary =
         "Bars over the spectrograms of a batch, of widths from 0 to the widest; each example has its own. Targets "
         "stay as they are. Time is not warped.",
     .returns = "masked, target, drawn: a tensor of the same shape, the target as it was, and { time, frequency }",
     .example = "augment.SpecAugment { time = 48, frequency = 16 }(torch.rand { 2, 1, 64, 100 })",
     .source = "Park et al., SpecAugment: A Simple Data Augmentation Method for Automatic Speech Recognition (2019)",
     .input = "a batch"}};

}  // namespace
}  // namespace lumir::augment
