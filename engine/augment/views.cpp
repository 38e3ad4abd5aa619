// Views: every example of a batch several times, each time changed in a way of its own, for contrastive training.

#include <ATen/ops/cat.h>

#include "augment/batch_effect.h"
#include "core/step.h"

namespace lumir::augment {
namespace {

struct ViewsOptions {
  std::vector<BatchEffectPtr> effects;
  int n = 2;
  std::optional<int> seed;
  static Schema schema() {
    return {Option{"effects", &ViewsOptions::effects, "what makes each view, in order", kListed},
            Option{"n", &ViewsOptions::n, "how many", Unit{"views"}, Range{1, 1000}}, seed_option<ViewsOptions>()};
  }
};

struct ViewsDrawn {
  std::vector<Value> views;
  static Schema schema() {
    return {Option{"views", &ViewsDrawn::views, "of each view, what each effect has drawn", Kind{"list of lists"}}};
  }
};

ViewsDrawn draw(const Batch& batch, const ViewsOptions& options, Random& random) {
  ViewsDrawn drawn;
  for (int view = 0; view < options.n; ++view) {
    List of_effects;
    for (const auto& effect : options.effects) {
      of_effects.emplace_back(effect->draw(batch, Context{.seed = random.next64()}));
    }
    drawn.views.emplace_back(of_effects);
  }
  return drawn;
}

/// What one list of draws makes of the batch.
Batch view_of(Batch batch, const ViewsOptions& options, const Value& drawn) {
  const List* each = drawn.list();
  const size_t given = each ? each->size() : 0;
  if (given != options.effects.size()) {
    throw ArgumentError("Views: 'views' must have " + std::to_string(options.effects.size()) +
                        " draws for each view, got " + std::to_string(given));
  }
  for (size_t i = 0; i < given; ++i) {
    const Map* draw = (*each)[i].map();
    batch = options.effects[i]->work(batch, draw ? *draw : Map{});
  }
  return batch;
}

Batch make_views(const Batch& batch, const ViewsOptions& options, const ViewsDrawn& drawn) {
  if (drawn.views.empty()) throw ArgumentError("Views: 'views' must have a view at least");
  std::vector<at::Tensor> x, y, lengths;
  for (const auto& one : drawn.views) {
    const Batch view = view_of(batch, options, one);
    x.push_back(view.x);
    if (view.y.defined()) y.push_back(view.y);
    if (view.lengths.defined()) lengths.push_back(view.lengths);
  }
  Batch all = batch;
  all.x = at::cat(x);
  if (!y.empty()) all.y = at::cat(y);
  if (!lengths.empty()) all.lengths = at::cat(lengths);
  return all;
}

const RegisterBatchEffect<ViewsOptions, ViewsDrawn, draw, make_views> views_effect{
    "Views",
    {.summary =
         "Several views of every example of a batch, one batch after the other, each changed by the effects with "
         "draws of its own: what nn.NTXentLoss compares. Targets and lengths come as often.",
     .returns = "views, target, drawn: tensors of [n batch, ...], and { views }",
     .example =
         "local views = augment.Views { augment.TimeShift(), augment.RandomErasing() }(torch.rand { 4, 1, 64, 100 "
         "}); nn.NTXentLoss()(nn.Flatten()(views['1:4']), nn.Flatten()(views['5:8']))",
     .source = "Chen et al., A Simple Framework for Contrastive Learning (SimCLR, 2020)",
     .input = "a batch"}};

}  // namespace
}  // namespace lumir::augment
