// What training loops are made of: nn.epochs, nn.Best, evaluate.Mean, report.Curve.
//
//   for epoch in nn.epochs(100, { net, adamw, cosine, curve, best }) do ... end
//
// In a recipe each loop over epochs has a checkpoint in the run folder, checkpoints/1.safetensors for the first loop:
// after each epoch, the state of all that the loop was given, of LibTorch's generator and of what counts draws. With
// --resume a loop begins behind the last epoch of its checkpoint, so the weights come out as if it had never stopped.

#include <filesystem>
#include <functional>
#include <map>
#include <typeindex>

#include <ATen/CPUGeneratorImpl.h>

#include "api/batches.h"
#include "api/nn.h"
#include "api/run.h"
#include "bind/owned.h"
#include "bind/run.h"
#include "core/random.h"
#include "evaluate/mean.h"
#include "nn/best.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"
#include "report/curve.h"
#include "tensor/convert.h"
#include "tensor/safetensors.h"

namespace lumir::lua {
namespace {

using MeanPtr = std::shared_ptr<evaluate::Mean>;
using StatefulPtr = std::shared_ptr<Stateful>;

template <class T>
bool take_stateful(lua_State* L, int i, StatefulPtr& found) {
  if (const auto* held = test_object<std::shared_ptr<T>>(L, i)) found = *held;
  return found != nullptr;
}

/// What a checkpoint can hold of what Lua has; null for anything else.
StatefulPtr stateful_at(lua_State* L, int i) {
  StatefulPtr found;
  take_stateful<nn::Module>(L, i, found) || take_stateful<optim::Optimizer>(L, i, found) ||
      take_stateful<optim::Schedule>(L, i, found) || take_stateful<nn::Best>(L, i, found) ||
      take_stateful<report::Curve>(L, i, found);
  return found;
}

/// How many loops over epochs this session has begun: their checkpoints have numbers.
struct Loops {
  int begun = 0;
};

class Epochs {
 public:
  Epochs(int total, std::vector<StatefulPtr> parts, std::string path, bool resume)
      : total_(total), parts_(std::move(parts)), path_(std::move(path)), resume_(resume) {}

  int total() const { return total_; }
  int done() const { return done_; }
  /// Keeps what the last epoch left, and begins the next; 0 after the last.
  int next(lua_State* L) {
    if (!begun_) {
      begun_ = true;
      if (resume_ && !path_.empty() && std::filesystem::exists(path_)) load();
    } else if (done_ < total_) {
      ++done_;
      if (!path_.empty()) save();
    }
    const bool last = done_ == total_ || (stopped_at_ > 0 && done_ >= stopped_at_);
    begin_epoch(L, last ? 0 : static_cast<uint64_t>(done_) + 1);
    return last ? 0 : done_ + 1;
  }
  /// No more epochs after this one: patience is at its end.
  void stop() { stopped_at_ = done_ + 1; }

 private:
  static std::string prefix(size_t place) { return std::to_string(place + 1) + "."; }

  void save() const {
    tensor::SafeTensors file;
    for (size_t i = 0; i < parts_.size(); ++i) add_part(file.arrays, prefix(i), parts_[i]->state());
    file.arrays["generator"] = tensor::to_array(at::detail::getDefaultCPUGenerator().get_state(), "epochs");
    file.metadata = {{"lumir checkpoint", 1},
                     {"epoch", done_},
                     {"epochs", total_},
                     {"parts", static_cast<int>(parts_.size())},
                     {"direct_calls", static_cast<double>(direct_calls())},
                     {"stopped_at", stopped_at_}};
    std::filesystem::create_directories(std::filesystem::path(path_).parent_path());
    tensor::save_safetensors(path_, file);
  }

  int whole(const Value& metadata, const char* name) const {
    const double* number = metadata[name].number();
    if (!number) throw Error(path_ + ": is no checkpoint of a training (it has no '" + name + "')");
    return static_cast<int>(*number);
  }

  void load() {
    const tensor::SafeTensors file = tensor::load_safetensors(path_);
    const Value metadata = file.metadata;
    if (const int parts = whole(metadata, "parts"); parts != static_cast<int>(parts_.size())) {
      throw Error(path_ + ": holds " + std::to_string(parts) + " things, the loop has " +
                  std::to_string(parts_.size()));
    }
    const int done = whole(metadata, "epoch");
    if (done > total_) {
      throw Error(path_ + ": has " + std::to_string(done) + " epochs behind it, the loop has " +
                  std::to_string(total_));
    }
    for (size_t i = 0; i < parts_.size(); ++i) parts_[i]->load_state(part_of(file.arrays, prefix(i)), path_);
    const auto generator = file.arrays.find("generator");
    if (generator == file.arrays.end()) throw Error(path_ + ": has no state of the generator");
    at::Generator draws = at::detail::getDefaultCPUGenerator();  // the generator itself, not a copy
    draws.set_state(tensor::from_array(generator->second));
    set_direct_calls(static_cast<uint64_t>(whole(metadata, "direct_calls")));
    stopped_at_ = whole(metadata, "stopped_at");
    done_ = done;
  }

  int total_;
  std::vector<StatefulPtr> parts_;
  std::string path_;
  bool resume_;
  bool begun_ = false;
  int done_ = 0;
  int stopped_at_ = 0;
};
using EpochsPtr = std::shared_ptr<Epochs>;

int epochs(Call& call) {
  call.at_most(2);
  const int total = static_cast<int>(call.integer(1, "n", 1, 1000000000));
  std::vector<StatefulPtr> parts;
  const int count = call.is_nil(2) ? 0 : list_length(call.L, 2, call.who(), "'parts'");
  for (int i = 1; i <= count; ++i) {
    lua_rawgeti(call.L, 2, i);
    parts.push_back(stateful_at(call.L, lua_gettop(call.L)));
    if (!parts.back()) {
      throw ArgumentError("epochs: part " + std::to_string(i) +
                          " must be a network, an Optimizer, a Scheduler, a Best or a Curve, got " +
                          kind_at(call.L, -1));
    }
    lua_pop(call.L, 1);
  }
  std::string path;
  if (recipe_is_running(call.L)) {
    const int number = ++owned_by<Loops>(call.L).begun;
    path = run_record(call.L).folder() + "/checkpoints/" + std::to_string(number) + ".safetensors";
  }
  const bool resume = run_of(call.L).flags.contains("resume");
  return call.push(std::make_shared<Epochs>(total, std::move(parts), path, resume));
}

int next_epoch(Call& call) {
  const auto loop = call.object<EpochsPtr>(1);
  const int epoch = loop->next(call.L);
  return epoch == 0 ? 0 : call.push(epoch);
}

const Class<EpochsPtr> epochs_class =
    Class<EpochsPtr>("Epochs", "A loop over epochs, which is kept after each of them.", "nn.epochs(2)")
        .text([](const EpochsPtr& loop) {
          return "epoch " + std::to_string(loop->done()) + " of " + std::to_string(loop->total());
        })
        .method("stop", [](Call& call) { return call.object<EpochsPtr>(1)->stop(), 0; },
                {.summary = "Makes the epoch that runs the last one; a resumed run stops there, too.",
                 .returns = "nothing",
                 .example = "nn.epochs(2):stop()"})
        .meta("__call", next_epoch,
              {.summary = "Keeps what the last epoch left, and begins the next.",
               .returns = "its number, from 1; nothing after the last",
               .example = "for epoch in nn.epochs(2) do print(epoch) end",
               .parameters = {argument("...", "value", "what Lua's for hands over")}});

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
        .text([](const MeanPtr& mean) { return show_number(mean->value()); })
        .field("value", [](const MeanPtr& mean) { return mean->value(); },
               {.summary = "The mean so far; NaN before the first.", .returns = "a number"})
        .method("add",
                [](Call& call) {
                  const double weight = call.is_nil(3) ? 1 : call.number(3, "weight");
                  call.object<MeanPtr>(1)->add(call.number(2, "value"), weight);
                  return 0;
                },
                {.summary = "Takes in one more number.",
                 .returns = "nothing",
                 .example = "evaluate.Mean():add(0.5, 32)",
                 .parameters = {argument("value", "number", "the loss of a batch"),
                                argument("weight", "number", "how many rows it is of; 1 unless given", kPlace)}});

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
    std::printf("%s\n", curve.line(options.show).c_str());
    std::fflush(stdout);
  }
  return 0;
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
        .method("figures", figures_of_curve,
                {.summary = "Losses in one figure, accuracy and F1 in another.",
                 .returns = "a list of Figures",
                 .example = "report.Curve():figures()"});

const Module training_nn =
    Module("nn")
        .function(
            "epochs", epochs,
            {.summary = "A loop over epochs. In a recipe the state of all that it is given is kept after each, in "
                        "the run folder; --resume goes on behind the last one that was kept, to the same weights.",
             .returns = "Epochs, for a loop: the number of the epoch, from 1",
             .example = "for epoch in nn.epochs(3, { net }) do print(epoch) end",
             .source = "Lumir's own",
             .parameters = {argument("n", "integer", "how many epochs", Range{1}),
                            argument("parts", "table", "what changes: networks, Optimizers, Schedulers, Bests, Curves",
                                     kPlace)}})
        .function(
            "Best", best,
            {.summary = "Keeps the weights of a network when it did best, to be restored at the end.",
             .returns = "a Best",
             .example = "nn.Best(net, { mode = 'min' })",
             .source = "Keras' ModelCheckpoint with save_best_only",
             .parameters = with_arguments({argument("net", "Module", "whose weights")}, schema_of<BestOptions>())});

const Module training_evaluate =
    Module("evaluate")
        .function("Mean", [](Call& call) { return call.push(std::make_shared<evaluate::Mean>()); },
                  {.summary = "A mean that grows, of losses for example.",
                   .returns = "a Mean",
                   .example = "evaluate.Mean()",
                   .source = "torchmetrics.MeanMetric"});

const Module training_report =
    Module("report").function("Curve", [](Call& call) { return call.push(std::make_shared<report::Curve>()); },
                              {.summary = "Rows of numbers, one for each epoch: printed, logged, drawn in the report.",
                               .returns = "a Curve",
                               .example = "report.Curve()",
                               .source = "Lumir's own"});

}  // namespace
}  // namespace lumir::lua
