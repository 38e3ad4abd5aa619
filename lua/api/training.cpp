// What training loops are made of beside nn.epochs (epochs.cpp): nn.Best, evaluate.Mean, report.Curve.

#include <cmath>
#include <filesystem>

#include "api/batches.h"
#include "api/nn.h"
#include "api/run.h"
#include "bind/owned.h"
#include "core/observer.h"
#include "evaluate/mean.h"
#include "nn/best.h"
#include "report/curve.h"
#include "tensor/convert.h"

namespace lumir::lua {
namespace {

struct BestOptions {
  std::string mode = "max";
  static Schema schema() {
    return {
        Option{"mode", &BestOptions::mode, "whether more is better (accuracy) or less (loss)", Choices{"max", "min"}}};
  }
};

int best(Call& call) {
  const auto options = call.options<BestOptions>(2);
  return call.push(std::make_shared<nn::Best>(call.object<nn::ModulePtr>(1, "net"), options.mode == "max"));
}

const Class<nn::BestPtr> best_class =
    Class<nn::BestPtr>("Best", "The weights of a network when it did best so far.", "nn.Best(net)")
        .text([](const nn::BestPtr& held) {
          return held->value() ? "best " + show_number(*held->value()) + " at " + std::to_string(held->at())
                               : std::string("nothing yet");
        })
        .field("value", [](const nn::BestPtr& held) { return held->value() ? Value(*held->value()) : Value(); },
               {.summary = "The best value; nil before the first.", .returns = "a number"})
        .field("at", [](const nn::BestPtr& held) { return Value(held->at()); },
               {.summary = "Which offer was the best, from 1: the epoch, where each makes one.",
                .returns = "an integer, 0 before the first"})
        .field("since", [](const nn::BestPtr& held) { return Value(held->since()); },
               {.summary = "How many offers came after the best.", .returns = "an integer"})
        .method("offer",
                [](Call& call) { return call.push(call.object<nn::BestPtr>(1)->offer(call.number(2, "value"))); },
                {.summary = "Keeps the weights as they are now where the value is better than all before.",
                 .returns = "whether it was; NaN never is",
                 .example = "nn.Best(net):offer(0.7)",
                 .parameters = {argument("value", "number", "how well the network does")}})
        .method("restore",
                [](Call& call) {
                  call.object<nn::BestPtr>(1)->restore();
                  lua_pushvalue(call.L, 1);
                  return 1;
                },
                {.summary = "Gives the network the weights that did best.",
                 .returns = "itself; an error where nothing was offered yet",
                 .example = "local best = nn.Best(net); best:offer(1); best:restore()"});

const Class<MeanPtr> mean_class =
    Class<MeanPtr>("Mean", "The mean of numbers that come one after the other.", "evaluate.Mean()")
        .text(
            [](const MeanPtr& mean) { return std::isnan(mean->value()) ? "nothing yet" : show_number(mean->value()); })
        .field("value", [](const MeanPtr& mean) { return mean->value(); },
               {.summary = "The mean so far; NaN before the first.", .returns = "a number"})
        .method("add",
                [](Call& call) {
                  const double weight = call.is_nil(3) ? 1 : call.number(3, "weight");
                  if (!(weight >= 0)) {
                    throw ArgumentError("add: 'weight' = " + show_number(weight) + " is out of range (at least 0)");
                  }
                  call.object<MeanPtr>(1)->add(call.number(2, "value"), weight);
                  return 0;
                },
                {.summary = "Takes in one more number.",
                 .returns = "nothing",
                 .example = "evaluate.Mean():add(0.5, 32)",
                 .parameters = {
                     argument("value", "number", "the loss of a batch"),
                     argument("weight", "number", "how many rows it is of; 1 unless given", kNonNegative, kPlace)}});

int make_mean(Call& call) {
  const auto mean = std::make_shared<evaluate::Mean>();
  count_mean(call.L, mean);
  return call.push(mean);
}

struct CurveAddOptions {
  std::vector<std::string> show;
  static Schema schema() {
    return {Option{"show", &CurveAddOptions::show, "columns to print, in this order; empty: all"}};
  }
};

int add_to_curve(Call& call) {
  call.at_most(3);
  auto& curve = *call.object<report::CurvePtr>(1);
  const Map row = call.map(2, "row");
  const auto options = call.options<CurveAddOptions>(3);
  curve.add(row);
  if (recipe_is_running(call.L)) {
    run_record(call.L).log("epoch", curve.rows().back());
    observer().clear();
    current_body(call.L).told = true;
    std::printf("%s\n", curve.line(options.show).c_str());
    std::fflush(stdout);
  }
  return 0;
}

int add_step_to_curve(Call& call) {
  call.object<report::CurvePtr>(1)->add_step(call.map(2, "numbers"));
  return 0;
}

/// curve:add_histograms(net): every parameter, and its gradient where it has one.
int add_histograms(Call& call) {
  auto& curve = *call.object<report::CurvePtr>(1);
  for (const auto& slot : nn::slots_of(*call.object<nn::ModulePtr>(2, "net"))) {
    if (!slot.trained || !slot.tensor->defined()) continue;
    curve.add_histogram("weights/" + slot.name, tensor::to_doubles(slot.tensor->detach().flatten(), call.who()));
    const at::Tensor& gradient = slot.tensor->grad();
    if (!gradient.defined()) continue;
    curve.add_histogram("gradients/" + slot.name, tensor::to_doubles(gradient.detach().flatten(), call.who()));
  }
  return 0;
}

struct CurveOptions {
  std::string events = "none";
  std::string folder;
  static Schema schema() {
    return {Option{"events", &CurveOptions::events,
                   "what event files of TensorBoard get: each epoch's row, or each "
                   "step's numbers too",
                   Choices{"none", "epoch", "step"}},
            Option{"folder", &CurveOptions::folder, "theirs, within the run's; empty: events/1, events/2 ..."}};
  }
};

/// How many curves of this session have event files: their folders have numbers.
struct Watched {
  int curves = 0;
};

/// The next number; outside of a recipe, where folders are not a run's own, the next that is free.
std::string events_folder(lua_State* L) {
  int& number = owned_by<Watched>(L).curves;
  std::string folder;
  do {
    folder = output_path(L, "events/" + std::to_string(++number));
  } while (!recipe_is_running(L) && std::filesystem::exists(folder));
  return folder;
}

int make_curve(Call& call) {
  const auto options = call.options<CurveOptions>(1);
  const auto curve = std::make_shared<report::Curve>();
  if (options.events != "none") {
    const std::string folder = options.folder.empty() ? events_folder(call.L) : output_path(call.L, options.folder);
    curve->watch(std::make_shared<report::EventFile>(folder), options.events == "step");
  }
  return call.push(curve);
}

Value rows_of_curve(const report::CurvePtr& curve) {
  List rows;
  for (const Map& row : curve->rows()) rows.push_back(row);
  return rows;
}

int figures_of_curve(Call& call) {
  lua_newtable(call.L);
  int place = 0;
  for (const auto& figure : call.object<report::CurvePtr>(1)->figures()) {
    push_object<report::FigurePtr>(call.L, figure);
    lua_rawseti(call.L, -2, ++place);
  }
  return 1;
}

const Class<report::CurvePtr> curve_class =
    Class<report::CurvePtr>("Curve", "What a training came to, epoch by epoch.", "report.Curve()")
        .text([](const report::CurvePtr& curve) { return curve->table(); })
        .field("rows", rows_of_curve, {.summary = "Every row that was added.", .returns = "a list of tables"})
        .method("add", add_to_curve,
                {.summary = "Adds the numbers of an epoch; a recipe prints them in a line and logs them.",
                 .returns = "nothing",
                 .example = "report.Curve():add { epoch = 1, loss = 2.3, accuracy = 0.2 }",
                 .parameters =
                     with_arguments({argument("row", "table", "numbers by name; epoch counts by itself unless given")},
                                    schema_of<CurveAddOptions>())})
        .method("step", add_step_to_curve,
                {.summary = "Tells event files of a batch, where the curve was made with { events = 'step' }.",
                 .returns = "nothing",
                 .example = "report.Curve():step { loss = 2.3, lr = 0.01 }",
                 .parameters = {argument("numbers", "table", "numbers by name, which are drawn as step/loss ...")}})
        .method("add_histograms", add_histograms,
                {.summary = "Gives event files a histogram of every parameter of a network, weights/NAME, and of the "
                            "gradient of its last step, gradients/NAME, beside the row that was added last. The curve "
                            "was made with { events = 'epoch' } or 'step'.",
                 .returns = "nothing",
                 .example = "report.Curve({ events = 'epoch', folder = place }):add_histograms(net)",
                 .source = "torch.utils.tensorboard's add_histogram",
                 .parameters = {argument("net", "Module", "whose numbers")}})
        .method("figures", figures_of_curve,
                {.summary = "Losses in one figure, accuracy and F1 in another.",
                 .returns = "a list of Figures",
                 .example = "report.Curve():figures()"});

const Module training_nn = Module("nn").function(
    "Best", best,
    {.summary = "Keeps the weights of a network when it did best, to be restored at the end.",
     .returns = "a Best",
     .example = "nn.Best(net, { mode = 'min' })",
     .source = "Keras' ModelCheckpoint with save_best_only",
     .parameters = with_arguments({argument("net", "Module", "whose weights")}, schema_of<BestOptions>())});

const Module training_evaluate =
    Module("evaluate")
        .function(
            "Mean", make_mean,
            {.summary = "A mean that grows, of losses for example. One that the body of nn.epochs makes is part of "
                        "what is saved within an epoch.",
             .returns = "a Mean",
             .example = "evaluate.Mean()",
             .source = "torchmetrics.MeanMetric"});

const Module training_report = Module("report").function(
    "Curve", make_curve,
    {.summary = "Rows of numbers, one for each epoch: printed, logged, drawn in the report, and written for "
                "TensorBoard (tensorboard --logdir runs) if asked.",
     .returns = "a Curve",
     .example = "report.Curve()",
     .source = "Lumir's own",
     .parameters = schema_of<CurveOptions>()});

}  // namespace
}  // namespace lumir::lua
