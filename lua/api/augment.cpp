// lumir.augment: every registered step that draws random numbers, and what changes whole batches.
//
//   mixed, target = augment.Mixup { alpha = 0.2, n_classes = 20 }(x, y)

#include "augment/batch_effect.h"

#include "api/tensor.h"
#include "bind/arguments.h"
#include "bind/step.h"
#include "tensor/positions.h"

namespace lumir::lua {
namespace {

using augment::BatchEffectPtr;

/// What may be said of a batch beside x and y.
struct BatchWords {
  Value lengths, drawn;
  std::optional<int> n_classes;
  static Schema schema() {
    return {
        Option{"lengths", &BatchWords::lengths, "how much of each padded sequence is true", Kind{"Tensor"}},
        Option{"drawn", &BatchWords::drawn, "what an earlier call has drawn: done again in place of a new draw",
               Kind{"table"}},
        Option{"n_classes", &BatchWords::n_classes, "how many there are, for an effect that was not told", Range{1}}};
  }
};

at::Tensor tensor_in(const Value& value, const std::string& who, const std::string& name) {
  const auto* object = value.object();
  const auto* tensor = object ? std::any_cast<at::Tensor>(object->get()) : nullptr;
  if (!tensor) throw ArgumentError(who + ": '" + name + "' must be a Tensor, got " + show(value));
  return *tensor;
}

/// Classes count from 1; shares of classes are what they are.
at::Tensor target_at(Call& call, int i, const std::string& who) {
  const auto& y = call.object<at::Tensor>(i, "y");
  return y.dim() == 1 ? tensor::from_user(y, tensor::Mark::label, who, "y") : y;
}

/// effect(x), effect(x, y), effect(x, y, { lengths = l, drawn = d })
int change_batch(Call& call) {
  const auto effect = call.object<BatchEffectPtr>(1);
  const std::string& who = effect->name();
  augment::Batch batch{call.object<at::Tensor>(2, "x")};
  const bool with_target = !call.is_nil(3) && !call.is_table(3);
  if (with_target) batch.y = target_at(call, 3, who);
  const auto words = read_options<BatchWords>(call.map(call.is_table(3) ? 3 : 4, "options"), who);
  if (!words.lengths.is_nil()) batch.lengths = tensor_in(words.lengths, who, "lengths");
  batch.n_classes = words.n_classes.value_or(0);
  const Map drawn = words.drawn.map() ? *words.drawn.map() : effect->draw(batch, Context{.epoch = next_direct_call()});
  const augment::Batch changed = effect->work(batch, drawn);
  push_tensor(call.L, changed.x);
  if (!with_target) {
    lua_pushnil(call.L);
  } else if (changed.y.is_same(batch.y)) {
    lua_pushvalue(call.L, 3);  // as it came, counted from 1
  } else {
    const bool classes = !changed.y.is_floating_point();
    push_tensor(call.L, classes ? tensor::to_user(changed.y, tensor::Mark::position) : changed.y);
  }
  call.push(Value(drawn));
  if (!batch.lengths.defined()) return 3;
  return push_tensor(call.L, changed.lengths), 4;
}

const Class<BatchEffectPtr> batch_effect_class =
    Class<BatchEffectPtr>("BatchEffect", "Changes batches while a network is trained, each by a draw of its own.",
                          "mixup")
        .text([](const BatchEffectPtr& effect) { return effect->show(); })
        .field("name", [](const BatchEffectPtr& effect) { return Value(effect->name()); },
               {.summary = "Its name, without the module.", .returns = "text"})
        .field("options", [](const BatchEffectPtr& effect) { return Value(effect->options()); },
               {.summary = "All its options, defaults included.", .returns = "a table"})
        .meta("__call", change_batch,
              {.summary = "Draws and changes a batch; the next call draws anew, and lumir.seed begins again.",
               .returns =
                   "x, y, drawn, lengths: the batch as it is now, what was drawn, and lengths where some were given",
               .example = "mixup(x, torch.tensor { 1, 2 })",
               .source = "Lumir's own",
               .parameters = with_arguments(
                   {argument("x", "Tensor", "[batch, ...]"),
                    argument("y", "Tensor", "classes of [batch], or shares of [batch, n_classes]", kPlace)},
                   schema_of<BatchWords>())});

const lua::Module augment_module("augment", [](ModuleTable& module) {
  open_steps(module);
  for (const Entry* entry : entries("augment")) {
    if (!augment::is_batch_effect(*entry)) continue;
    module.function(entry->name, [entry](Call& call) {
      refuse_module(call, *entry);
      return call.push(augment::make_batch_effect(entry->full_name(), call_options(call, *entry)));
    });
  }
});

}  // namespace
}  // namespace lumir::lua
