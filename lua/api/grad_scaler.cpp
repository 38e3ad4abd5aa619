// optim.GradScaler: scaled losses for gradients in float16.

#include "optim/grad_scaler.h"

#include "api/state.h"
#include "bind/arguments.h"
#include "core/error.h"
#include "core/makers.h"
#include "tensor/convert.h"

namespace lumir::lua {
namespace {

using optim::GradScalerPtr, optim::OptimizerPtr;

int make(Call& call) { return call.push(std::make_shared<optim::GradScaler>(call.options<optim::ScalerOptions>(1))); }

int scale(Call& call) {
  const GradScalerPtr& scaler = call.object<GradScalerPtr>(1);
  const at::Tensor& loss = call.object<at::Tensor>(2, "loss");
  if (!loss.is_floating_point()) {
    throw ArgumentError(call.who() + ": 'loss' must be of fractions, got " + tensor::dtype_name(loss.scalar_type()));
  }
  return call.push(scaler->scale(loss));
}

int unscale(Call& call) {
  return call.push(call.object<GradScalerPtr>(1)->unscale(*call.object<OptimizerPtr>(2, "optimizer")));
}

int step(Call& call) {
  return call.push(call.object<GradScalerPtr>(1)->step(*call.object<OptimizerPtr>(2, "optimizer")));
}

int update(Call& call) {
  call.object<GradScalerPtr>(1)->update();
  return 0;
}

const char* const kLoop =
    "local scaler, sgd = optim.GradScaler(), optim.SGD({ w }, { lr = 0.1 }); scaler:scale(w:sum()):backward(); ";

const Class<GradScalerPtr> scaler_class =
    Class<GradScalerPtr>("GradScaler", "Scales losses for gradients in float16.", "scaler")
        .text([](const GradScalerPtr& scaler) {
          return show_made(*find_entry("optim.GradScaler"), write_options(scaler->options())) + " at " +
                 show_number(scaler->factor());
        })
        .field("options", [](const GradScalerPtr& scaler) { return Value(write_options(scaler->options())); },
               {.summary = "All its options, defaults included.", .returns = "a table"})
        .field("factor", [](const GradScalerPtr& scaler) { return scaler->factor(); },
               {.summary = "What losses are multiplied with now.", .returns = "a number"})
        .field(
            "skipped", [](const GradScalerPtr& scaler) { return Value(scaler->skipped()); },
            {.summary = "Batches whose step was not made, because a gradient was infinite.", .returns = "an integer"})
        .method("scale", scale,
                {.summary = "A loss times the factor, which goes backward in its place.",
                 .returns = "a Tensor",
                 .example = "optim.GradScaler():scale(w:sum()):backward()",
                 .source = "torch.amp.GradScaler.scale",
                 .parameters = {argument("loss", "Tensor", "of one number")}})
        .method("unscale", unscale,
                {.summary = "Divides the gradients by the factor before the step, where they are clipped or looked at.",
                 .returns = "whether all are finite",
                 .example = std::string(kLoop) + "scaler:unscale(sgd)",
                 .source = "torch.amp.GradScaler.unscale_",
                 .parameters = {argument("optimizer", "Optimizer", "whose gradients")}})
        .method(
            "step", step,
            {.summary = "The step, with gradients that are divided by the factor; none where one is infinite or NaN.",
             .returns = "whether it was made",
             .example = std::string(kLoop) + "scaler:step(sgd); scaler:update()",
             .source = "torch.amp.GradScaler.step",
             .parameters = {argument("optimizer", "Optimizer", "that makes it")}})
        .method("update", update,
                {.summary = "The factor for the next batch: smaller where a gradient was infinite, larger after many "
                            "without.",
                 .returns = "nothing",
                 .example = std::string(kLoop) + "scaler:step(sgd); scaler:update()",
                 .source = "torch.amp.GradScaler.update"})
        .method("state_dict", [](Call& call) { return state_dict(call, *call.object<GradScalerPtr>(1)); },
                {.summary = "The factor and what is counted.",
                 .returns = "a table of Tensor by name",
                 .example = "optim.GradScaler():state_dict()",
                 .source = "PyTorch's state_dict"})
        .method("load_state_dict", [](Call& call) { return load_state_dict(call, *call.object<GradScalerPtr>(1)); },
                {.summary = "Goes on from a state that state_dict has given.",
                 .returns = "itself",
                 .example = "optim.GradScaler():load_state_dict(optim.GradScaler():state_dict())",
                 .source = "PyTorch's load_state_dict",
                 .parameters = {argument("state", "table of Tensor", "by name")}});

const Module scaler_module = Module("optim").function(
    "GradScaler", make,
    {.summary =
         "Multiplies losses, so that gradients in float16 do not vanish; bfloat16 needs none. minimize takes it: "
         "adam:minimize(loss, { scaler = scaler }); nn.fit { amp = 'float16' } has one of its own.",
     .returns = "a GradScaler",
     .example = "optim.GradScaler { init_scale = 1024 }",
     .source = "torch.amp.GradScaler; Micikevicius et al., Mixed Precision Training (2018)",
     .parameters = schema_of<optim::ScalerOptions>()});

}  // namespace
}  // namespace lumir::lua
