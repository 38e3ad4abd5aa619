// RandomBrightness: every example of a batch becomes brighter or darker: a spectrogram in decibels louder or softer.

#include <ATen/TensorOperators.h>

#include "augment/batch_axes.h"
#include "core/step.h"

namespace lumir::augment {
namespace {

struct BrightnessOptions {
  double brightness = 0.2;
  std::optional<int> seed;
  static Schema schema() {
    return {Option{"brightness", &BrightnessOptions::brightness,
                   "added or taken away at most, as a share of what lies between an example's least and largest number",
                   kNonNegative},
            seed_option<BrightnessOptions>()};
  }
};

struct Added {
  std::vector<double> shares;
  static Schema schema() { return {Option{"shares", &Added::shares, "of each example, what is added"}}; }
};

Added draw(const Batch& batch, const BrightnessOptions& options, Random& random) {
  Added added;
  for (int64_t i = 0; i < batch.x.size(0); ++i) {
    added.shares.push_back(random.uniform(-options.brightness, options.brightness));
  }
  return added;
}

Batch brighten(const Batch& batch, const BrightnessOptions&, const Added& added) {
  check_drawn(added.shares.size(), batch, "shares", "RandomBrightness");
  return with_each(batch, [&](const at::Tensor& example, size_t i) {
    return example + (example.max() - example.min()) * added.shares[i];
  });
}

const RegisterBatchEffect<BrightnessOptions, Added, draw, brighten> random_brightness{
    "RandomBrightness",
    {.summary = "Adds a number of its own to every example of a batch. Targets stay as they are.",
     .returns = "changed, target, drawn: a tensor of the same shape, the target as it was, and { shares }",
     .example = "augment.RandomBrightness { brightness = 0.2 }(torch.rand { 2, 1, 64, 100 })",
     .source = "tf.image.random_brightness, by an example's range",
     .input = "a batch"}};

}  // namespace
}  // namespace lumir::augment
