// CutMix: in each example of a batch, a box of another one, and so much of its target.

#include <algorithm>
#include <cmath>

#include "augment/batch_axes.h"
#include "core/step.h"

namespace lumir::augment {
namespace {

struct CutMixOptions {
  double alpha = 1;
  std::optional<int> n_classes;
  std::optional<int> seed;
  static Schema schema() {
    return {Option{"alpha", &CutMixOptions::alpha, "the area that stays is drawn from Beta(alpha, alpha)", kPositive},
            Option{"n_classes", &CutMixOptions::n_classes, "of targets; 'none' where nn.fit knows it", Range{1}},
            seed_option<CutMixOptions>()};
  }
};

/// A box over the last two dimensions: the first and the last position in each, from 1; nothing where it is empty.
struct Box {
  std::vector<int> order, rows, columns;
  static Schema schema() {
    return {Option{"order", &Box::order, "the partner of each example, from 1"},
            Option{"rows", &Box::rows, "the first and the last row of the box, from 1; empty: no box"},
            Option{"columns", &Box::columns, "the first and the last column of the box, from 1; empty: no box"}};
  }
};

/// The part of `size` positions within `half` of a middle.
std::vector<int> around(int64_t size, double half, Random& random) {
  const auto middle = static_cast<int64_t>(random.below(static_cast<uint32_t>(size)));
  const auto reach = static_cast<int64_t>(half * static_cast<double>(size));
  const int64_t first = std::max<int64_t>(middle - reach, 0), end = std::min(middle + reach, size);
  if (first >= end) return {};
  return {static_cast<int>(first + 1), static_cast<int>(end)};
}

Box draw(const Batch& batch, const CutMixOptions& options, Random& random) {
  check_pictures(batch.x, "CutMix");
  const double lambda = draw_beta(random, options.alpha, options.alpha);
  const double half = std::sqrt(1 - lambda) / 2;
  Box box{draw_order(random, batch), around(batch.x.size(-2), half, random), around(batch.x.size(-1), half, random)};
  if (box.rows.empty() || box.columns.empty()) box.rows = box.columns = {};
  return box;
}

void check_side(const std::vector<int>& side, int64_t size, const char* name) {
  const bool good = side.empty() || (side.size() == 2 && side[0] >= 1 && side[0] <= side[1] && side[1] <= size);
  if (!good) {
    throw ArgumentError(std::string("CutMix: '") + name + "' must be a first and a last position of " +
                        std::to_string(size));
  }
}

Batch cut_mix(const Batch& batch, const CutMixOptions& options, const Box& box) {
  check_pictures(batch.x, "CutMix");
  const int64_t height = batch.x.size(-2), width = batch.x.size(-1);
  check_side(box.rows, height, "rows");
  check_side(box.columns, width, "columns");
  Batch mixed = batch;
  double share = 1;  // of the area, that stays an example's own
  const at::Tensor partners = partners_of(batch.x, box.order, "CutMix");
  if (!box.rows.empty() && !box.columns.empty()) {
    const int64_t rows = box.rows[1] - box.rows[0] + 1, columns = box.columns[1] - box.columns[0] + 1;
    const auto cut = [&](const at::Tensor& x) {
      return x.narrow(-2, box.rows[0] - 1, rows).narrow(-1, box.columns[0] - 1, columns);
    };
    mixed.x = batch.x.clone();
    cut(mixed.x).copy_(cut(partners));
    share -= static_cast<double>(rows * columns) / static_cast<double>(height * width);
  }
  mix_targets(mixed, box.order, share, options.n_classes.value_or(0), "CutMix");
  return mixed;
}

const RegisterBatchEffect<CutMixOptions, Box, draw, cut_mix> cut_mix_effect{
    "CutMix",
    {.summary = "In each example of a batch a box of another one, over its last two dimensions; its target has so much "
                "of the other's as the box has of the area. One box is drawn for a batch.",
     .returns =
         "mixed, target, drawn: tensors of [batch, ..., rows, columns] and [batch, n_classes], and { order, rows, "
         "columns }",
     .example = "augment.CutMix { n_classes = 2 }(torch.rand { 2, 1, 64, 100 }, torch.tensor { 1, 2 })",
     .source =
         "Yun et al., CutMix: Regularization Strategy to Train Strong Classifiers with Localizable Features (2019)",
     .input = "a batch"}};

}  // namespace
}  // namespace lumir::augment
