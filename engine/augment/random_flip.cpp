// RandomFlip: some examples of a batch are mirrored: backwards in time, or upside down.

#include "augment/batch_axes.h"
#include "core/step.h"

namespace lumir::augment {
namespace {

struct FlipOptions {
  double horizontal = 0.5, vertical = 0;
  TimeDim time_dim = "auto";
  std::optional<int> seed;
  static Schema schema() {
    using S = FlipOptions;
    return {Option{"horizontal", &S::horizontal, "how likely the last dimension is mirrored", Range{0, 1}},
            Option{"vertical", &S::vertical, "how likely the one before it is", Range{0, 1}}, time_dim_option<S>(),
            seed_option<S>()};
  }
};

struct Flips {
  std::vector<bool> horizontal, vertical;
  static Schema schema() {
    return {Option{"horizontal", &Flips::horizontal, "of each example, whether its last dimension is mirrored"},
            Option{"vertical", &Flips::vertical, "of each example, whether the one before is"}};
  }
};

Flips draw(const Batch& batch, const FlipOptions& options, Random& random) {
  check_pictures(batch.x, "RandomFlip");
  Flips flips;
  for (int64_t i = 0; i < batch.x.size(0); ++i) {
    flips.horizontal.push_back(random.uniform() < options.horizontal);
    flips.vertical.push_back(random.uniform() < options.vertical);
  }
  return flips;
}

Batch flip(const Batch& batch, const FlipOptions& options, const Flips& flips) {
  check_pictures(batch.x, "RandomFlip");
  check_drawn(flips.horizontal.size(), batch, "horizontal", "RandomFlip");
  check_drawn(flips.vertical.size(), batch, "vertical", "RandomFlip");
  const int64_t time = batch.lengths.defined() ? axes_of(batch, options.time_dim, "RandomFlip").time : 0;
  return with_each_true(batch, time, [&](const at::Tensor& example, size_t i) {
    std::vector<int64_t> mirrored;
    if (flips.horizontal[i]) mirrored.push_back(-1);
    if (flips.vertical[i]) mirrored.push_back(-2);
    return example.flip(mirrored);
  });
}

const RegisterBatchEffect<FlipOptions, Flips, draw, flip> random_flip{
    "RandomFlip",
    {.summary = "Mirrors some examples of a batch along the last dimension (time goes backwards), or along the one "
                "before it; of a padded batch what is true. Targets stay as they are.",
     .returns =
         "mirrored, target, drawn: a tensor of the same shape, the target as it was, and { horizontal, vertical }",
     .example = "augment.RandomFlip { horizontal = 0.5 }(torch.rand { 2, 1, 64, 100 })",
     .source = "torchvision.transforms.RandomHorizontalFlip, RandomVerticalFlip",
     .input = "a batch"}};

}  // namespace
}  // namespace lumir::augment
