// RandomAffine: every example of a batch as a picture that is turned, moved and made larger.

#include <cmath>
#include <numbers>

#include <ATen/TensorOperators.h>
#include <ATen/ops/affine_grid_generator.h>
#include <ATen/ops/grid_sampler.h>

#include "augment/batch_axes.h"
#include "core/step.h"
#include "tensor/convert.h"

namespace lumir::augment {
namespace {

struct AffineOptions {
  double degrees = 0;
  std::vector<double> translate{0, 0}, scale{1, 1};
  double fill = 0;
  std::optional<int> seed;
  static Schema schema() {
    using S = AffineOptions;
    return {Option{"degrees", &S::degrees, "turned by so much at most, either way", Unit{"degrees"}, Range{0, 180}},
            Option{"translate", &S::translate, "moved by so much at most, either way: shares of width and of height",
                   Range{0, 1}},
            Option{"scale", &S::scale, "made larger by this at least and at most", kPositive},
            Option{"fill", &S::fill, "what comes in from outside"}, seed_option<S>()};
  }
};

struct Moves {
  std::vector<double> angle, right, down, scale;
  static Schema schema() {
    using S = Moves;
    return {Option{"angle", &S::angle, "of each example, clockwise", Unit{"degrees"}},
            Option{"right", &S::right, "of each example, columns"}, Option{"down", &S::down, "of each example, rows"},
            Option{"scale", &S::scale, "of each example, how much larger", kPositive}};
  }
};

void check_pair(const std::vector<double>& pair, const char* name, bool rises) {
  if (pair.size() == 2 && (!rises || pair[0] <= pair[1])) return;
  throw ArgumentError(std::string("RandomAffine: '") + name + "' must be two numbers" +
                      (rises ? ", least and most" : ""));
}

void check_batch(const Batch& batch) {
  check_pictures(batch.x, "RandomAffine");
  if (!batch.lengths.defined()) return;
  throw ArgumentError("RandomAffine: takes no padded batch ('lengths'): padding would be moved into what is true");
}

Moves draw(const Batch& batch, const AffineOptions& options, Random& random) {
  check_batch(batch);
  check_pair(options.translate, "translate", false);
  check_pair(options.scale, "scale", true);
  const auto either_way = [&](double most) { return random.uniform(-most, most); };
  Moves moves;
  for (int64_t i = 0; i < batch.x.size(0); ++i) {
    moves.angle.push_back(either_way(options.degrees));
    moves.right.push_back(std::round(either_way(options.translate[0] * static_cast<double>(batch.x.size(-1)))));
    moves.down.push_back(std::round(either_way(options.translate[1] * static_cast<double>(batch.x.size(-2)))));
    moves.scale.push_back(random.uniform(options.scale[0], options.scale[1]));
  }
  return moves;
}

/// Where each position of what comes out lies in what went in: [batch, 2, 3], sides being -1 to 1.
at::Tensor ways_back(const Moves& moves, double height, double width) {
  std::vector<double> rows;
  for (size_t i = 0; i < moves.angle.size(); ++i) {
    const double turn = moves.angle[i] * std::numbers::pi / 180;
    const double cosine = std::cos(turn) / moves.scale[i], sine = std::sin(turn) / moves.scale[i];
    const double right = moves.right[i], down = moves.down[i];
    rows.insert(rows.end(), {cosine, sine * height / width, -2 * (cosine * right + sine * down) / width});
    rows.insert(rows.end(), {-sine * width / height, cosine, -2 * (-sine * right + cosine * down) / height});
  }
  return tensor::from_doubles(rows, {static_cast<int64_t>(moves.angle.size()), 2, 3});
}

Batch move(const Batch& batch, const AffineOptions& options, const Moves& moves) {
  check_batch(batch);
  for (const auto* drawn : {&moves.angle, &moves.right, &moves.down, &moves.scale}) {
    check_drawn(drawn->size(), batch, "angle, right, down, scale", "RandomAffine");
  }
  const int64_t rows = batch.x.size(-2), columns = batch.x.size(-1);
  const at::Tensor pictures = batch.x.reshape({batch.x.size(0), -1, rows, columns});
  const at::Tensor back =
      ways_back(moves, static_cast<double>(rows), static_cast<double>(columns)).to(pictures.options());
  const at::Tensor grid = at::affine_grid_generator(back, pictures.sizes(), /*align_corners=*/false);
  constexpr int64_t kBilinear = 0, kZeros = 0;
  const at::Tensor moved = at::grid_sampler(pictures - options.fill, grid, kBilinear, kZeros, /*align_corners=*/false);
  Batch changed = batch;
  changed.x = (moved + options.fill).reshape(batch.x.sizes());
  return changed;
}

const RegisterBatchEffect<AffineOptions, Moves, draw, move> random_affine{
    "RandomAffine",
    {.summary = "Turns, moves and enlarges every example of a batch as a picture, over its last two dimensions, by "
                "numbers of its own. Targets stay as they are.",
     .returns = "changed, target, drawn: a tensor of the same shape, the target as it was, and { angle, right, down, "
                "scale }",
     .example = "augment.RandomAffine { degrees = 5, translate = { 0.1, 0.05 }, scale = { 0.9, 1.1 } }(torch.rand { 2, "
                "1, 64, 100 })",
     .source = "torchvision.transforms.RandomAffine, bilinear; keras ImageDataGenerator",
     .input = "a batch"}};

}  // namespace
}  // namespace lumir::augment
