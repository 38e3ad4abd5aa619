// RandomErasing: a box of an example is wiped out.

#include <algorithm>
#include <cmath>

#include "augment/batch_axes.h"
#include "core/step.h"

namespace lumir::augment {
namespace {

struct ErasingOptions {
  double p = 0.5;
  std::vector<double> scale{0.02, 0.33}, ratio{0.3, 3.3};
  double value = 0;
  std::optional<int> seed;
  static Schema schema() {
    using S = ErasingOptions;
    return {Option{"p", &S::p, "how likely an example loses a box", Range{0, 1}},
            Option{"scale", &S::scale, "the least and the largest share of the area", Range{0, 1}},
            Option{"ratio", &S::ratio, "the least and the largest height of a box over its width", kPositive},
            Option{"value", &S::value, "what stands in it"}, seed_option<S>()};
  }
};

/// Of each example its box: first row, last row, first column, last column, from 1; empty: none.
struct Boxes {
  std::vector<std::vector<int>> boxes;
  static Schema schema() {
    return {Option{"boxes", &Boxes::boxes,
                   "of each example { first row, last row, first column, last column }, from "
                   "1; empty: none"}};
  }
};

constexpr int kTries = 10;  // as torchvision's: a box that does not fit is drawn again

std::vector<int> draw_box(int64_t height, int64_t width, const ErasingOptions& options, Random& random) {
  for (int i = 0; i < kTries; ++i) {
    const double area = random.uniform(options.scale[0], options.scale[1]) * static_cast<double>(height * width);
    const double ratio = std::exp(random.uniform(std::log(options.ratio[0]), std::log(options.ratio[1])));
    const auto rows = static_cast<int64_t>(std::lround(std::sqrt(area * ratio)));
    const auto columns = static_cast<int64_t>(std::lround(std::sqrt(area / ratio)));
    if (rows < 1 || columns < 1 || rows >= height || columns >= width) continue;
    const auto top = static_cast<int>(random.below(static_cast<uint32_t>(height - rows + 1)));
    const auto left = static_cast<int>(random.below(static_cast<uint32_t>(width - columns + 1)));
    return {top + 1, top + static_cast<int>(rows), left + 1, left + static_cast<int>(columns)};
  }
  return {};
}

Boxes draw(const Batch& batch, const ErasingOptions& options, Random& random) {
  check_pictures(batch.x, "RandomErasing");
  for (const auto* bounds : {&options.scale, &options.ratio}) {
    if (bounds->size() != 2 || (*bounds)[0] > (*bounds)[1]) {
      throw ArgumentError("RandomErasing: 'scale' and 'ratio' are each { least, largest }");
    }
  }
  Boxes drawn;
  for (int64_t i = 0; i < batch.x.size(0); ++i) {
    const bool erases = random.uniform() < options.p;
    drawn.boxes.push_back(erases ? draw_box(batch.x.size(-2), batch.x.size(-1), options, random) : std::vector<int>{});
  }
  return drawn;
}

Batch erase(const Batch& batch, const ErasingOptions& options, const Boxes& drawn) {
  check_pictures(batch.x, "RandomErasing");
  check_drawn(drawn.boxes.size(), batch, "boxes", "RandomErasing");
  const int64_t height = batch.x.size(-2), width = batch.x.size(-1);
  Batch erased = batch;
  erased.x = batch.x.clone();
  for (size_t i = 0; i < drawn.boxes.size(); ++i) {
    const auto& box = drawn.boxes[i];
    if (box.empty()) continue;
    if (box.size() != 4 || box[0] < 1 || box[0] > box[1] || box[1] > height || box[2] < 1 || box[2] > box[3] ||
        box[3] > width) {
      throw ArgumentError("RandomErasing: a box must be first and last row of " + std::to_string(height) +
                          ", first and last column of " + std::to_string(width));
    }
    const at::Tensor example = erased.x.select(0, static_cast<int64_t>(i));
    example.narrow(-2, box[0] - 1, box[1] - box[0] + 1)
        .narrow(-1, box[2] - 1, box[3] - box[2] + 1)
        .fill_(options.value);
  }
  return erased;
}

const RegisterBatchEffect<ErasingOptions, Boxes, draw, erase> random_erasing{
    "RandomErasing",
    {.summary =
         "Wipes out a box of some examples of a batch, over their last two dimensions. Targets stay as they are.",
     .returns = "erased, target, drawn: a tensor of the same shape, the target as it was, and { boxes }",
     .example = "augment.RandomErasing { p = 1 }(torch.rand { 2, 1, 64, 100 })",
     .source = "torchvision.transforms.RandomErasing; Zhong et al., Random Erasing Data Augmentation (2017)",
     .input = "a batch"}};

}  // namespace
}  // namespace lumir::augment
