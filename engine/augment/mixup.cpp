// Mixup: each example of a batch with some of another one, and so its target.

#include "augment/batch_effect.h"
#include "core/step.h"

namespace lumir::augment {
namespace {

struct MixupOptions {
  double alpha = 0.2;
  std::optional<int> n_classes;
  std::optional<int> seed;
  static Schema schema() {
    return {Option{"alpha", &MixupOptions::alpha, "the share is drawn from Beta(alpha, alpha); 0 leaves all as it is",
                   kNonNegative},
            Option{"n_classes", &MixupOptions::n_classes, "of targets; 'none' where nn.fit knows it", Range{1}},
            seed_option<MixupOptions>()};
  }
};

struct Mix {
  double lambda = 1;
  std::vector<int> order;
  static Schema schema() {
    return {Option{"lambda", &Mix::lambda, "how much stays an example's own", Range{0, 1}},
            Option{"order", &Mix::order, "the partner of each example, from 1"}};
  }
};

/// One share for the whole batch, as in the paper's code.
Mix draw(const Batch& batch, const MixupOptions& options, Random& random) {
  const double lambda = options.alpha > 0 ? draw_beta(random, options.alpha, options.alpha) : 1;
  return {lambda, draw_order(random, batch)};
}

Batch mixup(const Batch& batch, const MixupOptions& options, const Mix& mix) {
  Batch mixed = batch;
  const at::Tensor partners = partners_of(batch.x, mix.order, "Mixup");
  mixed.x = batch.x.mul(mix.lambda).add(partners.mul(1 - mix.lambda));
  mix_targets(mixed, mix.order, mix.lambda, options.n_classes.value_or(0), "Mixup");
  return mixed;
}

const RegisterBatchEffect<MixupOptions, Mix, draw, mixup> mixup_effect{
    "Mixup",
    {.summary =
         "Each example of a batch with some of another one: lambda of its own, 1 - lambda of the other's, and so "
         "its target. One lambda is drawn for a batch.",
     .returns = "mixed, target, drawn: tensors of [batch, ...] and [batch, n_classes], and { lambda, order }",
     .example = "augment.Mixup { alpha = 0.2, n_classes = 2 }(x, torch.tensor { 1, 2 })",
     .source = "Zhang, Cisse, Dauphin and Lopez-Paz, mixup: Beyond Empirical Risk Minimization (2018)",
     .input = "a batch"}};

}  // namespace
}  // namespace lumir::augment
