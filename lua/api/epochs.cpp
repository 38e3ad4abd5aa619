// nn.epochs: the loop over epochs, and its checkpoints.
//
//   for epoch in nn.epochs(100, { net, adamw, cosine, curve, best }, { every = 500 }) do ... end
//
// In a recipe each loop over epochs has a checkpoint in the run folder, checkpoints/1.safetensors for the first loop:
// after each epoch, the state of all that the loop was given, of LibTorch's generator and of what counts draws. With
// --resume a loop begins behind the last epoch of its checkpoint, so the weights come out as if it had never stopped.
//
// Within an epoch a second file, 1.within.safetensors, is written between two batches: every so many of them where that
// is asked for, behind the last one of a long pass that trained (what follows, validation, need not train again), and
// when the program is told to stop. It says beside the state in which pass over the data that was, how far each pass had
// come, and what the means that the body had made were at. A resumed body runs from its beginning, with the state that
// the epoch began with, up to that pass, where all of it is set to what the file says; so whatever the body does before
// is done as it was.

#include <cmath>
#include <cstdio>
#include <filesystem>

#include "api/batches.h"
#include "api/run.h"
#include "bind/held.h"
#include "bind/owned.h"
#include "bind/run.h"
#include "core/interrupt.h"
#include "core/observer.h"
#include "core/random.h"
#include "core/readable.h"
#include "nn/best.h"
#include "nn/network.h"
#include "optim/averaged_model.h"
#include "optim/grad_scaler.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"
#include "report/curve.h"
#include "tensor/generators.h"
#include "tensor/safetensors.h"

namespace lumir::lua {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using StatefulPtr = std::shared_ptr<Stateful>;

/// A pass over the data that took longer is saved at its end: what comes behind it (validation) may be stopped. One that
/// took less is sooner done again than its end is saved in every epoch.
constexpr std::chrono::milliseconds kLongPass{250};

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// What a body counts for itself: a table of numbers by name.
class Numbers final : public Stateful {
 public:
  Numbers(lua_State* L, int index) : table_(L, index) {}

  State state() const override {
    State state;
    lua_State* L = table_.thread();
    table_.push();
    const Value value = to_value(L, -1, "epochs");
    lua_pop(L, 1);
    for (const auto& [name, number] : value.map() ? *value.map() : Map{}) {
      if (!number.number()) {
        throw ArgumentError("epochs: '" + name + "' of a table among the parts must be a number, got " + show(number));
      }
      state[name] = {*number.number()};
    }
    return state;
  }
  void load_state(const State& state, const std::string&) override {
    lua_State* L = table_.thread();
    table_.push();
    for (const auto& [name, array] : state) {
      lua_pushnumber(L, array.doubles().at(0));
      lua_setfield(L, -2, name.c_str());
    }
    lua_pop(L, 1);
  }

 private:
  Held table_;
};

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
      take_stateful<optim::AveragedModel>(L, i, found) || take_stateful<optim::GradScaler>(L, i, found) ||
      take_stateful<report::Curve>(L, i, found) || take_stateful<evaluate::Mean>(L, i, found);
  if (!found && lua_istable(L, i)) found = std::make_shared<Numbers>(L, i);
  return found;
}

/// How many loops over epochs this session has begun: their checkpoints have numbers.
struct Loops {
  int begun = 0;
};

/// Up to 2^53, as doubles count.
uint64_t count_of(const std::string& path, const Value& metadata, const char* name) {
  const double* number = metadata[name].number();
  if (number && *number >= 0 && *number == std::floor(*number) && *number <= 9007199254740992.0) {
    return static_cast<uint64_t>(*number);
  }
  throw Error(path + ": is no checkpoint of a training (it has no count '" + std::string(name) + "')");
}

int whole(const std::string& path, const Value& metadata, const char* name) {
  const uint64_t number = count_of(path, metadata, name);
  if (number <= 1000000000) return static_cast<int>(number);
  throw Error(path + ": is no checkpoint of a training ('" + std::string(name) + "' is too large)");
}

struct EpochsOptions {
  int every = 0;
  static Schema schema() {
    return {Option{"every", &EpochsOptions::every,
                   "batches of training from one save within an epoch to the next; 0: none but when it is stopped",
                   kNonNegative}};
  }
};

class Epochs final : public EpochLoop, public std::enable_shared_from_this<Epochs> {
 public:
  /// `path` is where it is kept, empty for nowhere.
  Epochs(int total, std::vector<StatefulPtr> parts, const EpochsOptions& options, const std::string& path, bool resume)
      : total_(total),
        parts_(std::move(parts)),
        options_(options),
        path_(path.empty() ? "" : path + ".safetensors"),
        path_within_(path.empty() ? "" : path + ".within.safetensors"),
        resume_(resume) {}

  int total() const { return total_; }
  int done() const { return done_; }
  /// That its epochs have taken, before a stop too.
  double seconds() const { return seconds_before_ + (begun_ && !over_ ? seconds_since(started_) : 0); }
  /// Keeps what the last epoch left, and begins the next; 0 after the last.
  int next(lua_State* L);
  /// No more epochs after this one: patience is at its end.
  void stop() { stopped_at_ = done_ + 1; }

  void before_batch(Body& body, Pass& pass) override;
  void hand_over() override {
    if (!path_.empty()) hold_interrupts();
  }
  void stop_before_batch(const Body& body, const Pass& pass) override {
    if (pass.trains) save_within(body, pass);
  }

 private:
  static std::string prefix(size_t place) { return std::to_string(place + 1) + "."; }

  void begin();
  void tell_networks() const;
  void end(lua_State* L);
  void tell() const;
  void look_at_steps(Pass& pass);
  void show(const Pass& pass);

  tensor::SafeTensors kept() const;
  void save();
  void save_within(const Body& body, const Pass& pass);
  Value load(const std::string& path, const tensor::SafeTensors& file);
  void load_epoch();
  void load_within(Body& body, Pass& pass);

  int total_;
  std::vector<StatefulPtr> parts_;
  EpochsOptions options_;
  std::string path_, path_within_;
  bool resume_;
  bool begun_ = false, over_ = false;
  int done_ = 0;
  int stopped_at_ = 0;
  std::optional<size_t> resumed_pass_;  // where the file of what was within the epoch takes over
  double seconds_before_ = 0;
  std::vector<double> trained_before_;  // of each network
  Clock::time_point started_;
  long calls_ = 0;       // of the optimisers, when they were last looked at
  int since_saved_ = 0;  // batches
  Standing trained_;     // what was learnt from last in this epoch
};
using EpochsPtr = std::shared_ptr<Epochs>;

int Epochs::next(lua_State* L) {
  release_interrupts();
  observer().clear();
  if (!begun_) {
    begin();
  } else if (done_ < total_) {
    end(L);
  }
  const bool last = done_ == total_ || (stopped_at_ > 0 && done_ >= stopped_at_);
  if (last) {
    seconds_before_ = seconds();
    over_ = true;
  }
  tell_networks();
  begin_epoch(L, shared_from_this(), last ? 0 : static_cast<uint64_t>(done_) + 1);
  return last ? 0 : done_ + 1;
}

void Epochs::begin() {
  begun_ = true;
  for (const auto& part : parts_) {
    if (const auto net = std::dynamic_pointer_cast<nn::Module>(part)) trained_before_.push_back(nn::fit_seconds(*net));
  }
  started_ = Clock::now();
  if (!resume_ || path_.empty()) return;
  if (fs::exists(path_)) load_epoch();
  if (!fs::exists(path_within_)) return;
  const Value metadata = tensor::load_safetensors(path_within_).metadata;
  if (whole(path_within_, metadata, "epoch") == done_) resumed_pass_ = whole(path_within_, metadata, "pass");
}

/// How long they were trained, by loops before this one too.
void Epochs::tell_networks() const {
  auto before = trained_before_.begin();
  for (const auto& part : parts_) {
    if (const auto net = std::dynamic_pointer_cast<nn::Module>(part)) nn::set_fit_seconds(*net, *before++ + seconds());
  }
}

void Epochs::end(lua_State* L) {
  ++done_;
  resumed_pass_.reset();
  if (recipe_is_running(L) && !current_body(L).told && trained_.done > 0) tell();
  trained_ = {};
  if (path_.empty()) return;
  save();
  std::error_code problem;
  fs::remove(path_within_, problem);  // one that stays is of an epoch that is over
}

/// The line of an epoch that has printed none itself.
void Epochs::tell() const {
  std::printf("epoch %d   %s%zu batch%s   %s s\n", done_, trained_.note.empty() ? "" : (trained_.note + "   ").c_str(),
              trained_.done, trained_.done == 1 ? "" : "es", show_seconds(trained_.seconds).c_str());
  std::fflush(stdout);
}

void Epochs::before_batch(Body& body, Pass& pass) {
  if (resumed_pass_ == pass.number) {
    load_within(body, pass);
  } else {
    look_at_steps(pass);
  }
  if (pass.trains) show(pass);
  release_interrupts();
  const bool ends = pass.batches.done() == pass.batches.size() && Clock::now() - pass.began > kLongPass;
  const bool due = options_.every > 0 && since_saved_ >= options_.every;
  if (pass.trains && (interrupted() || due || ends)) save_within(body, pass);
  check_interrupt();
}

/// Whether an optimiser has been at work since the last batch, and on what loss.
void Epochs::look_at_steps(Pass& pass) {
  long calls = 0;
  double loss = std::nan("");
  for (const auto& part : parts_) {
    const auto optimizer = std::dynamic_pointer_cast<optim::Optimizer>(part);
    if (!optimizer) continue;
    calls += optimizer->calls();
    if (std::isnan(loss)) loss = optimizer->last_loss();
  }
  const bool worked = calls != calls_ && pass.batches.done() > 0;
  calls_ = calls;
  if (worked && !std::isnan(loss)) {
    pass.losses += loss;
    ++pass.steps;
  }
  pass.trains = pass.trains || worked;
  if (pass.trains) ++since_saved_;
}

void Epochs::show(const Pass& pass) {
  trained_ = {.task = "epoch " + std::to_string(done_ + 1) + "/" + std::to_string(total_),
              .done = pass.batches.done(),
              .total = pass.batches.size(),
              .unit = "batches",
              .skipped = pass.skipped,
              .seconds = seconds_since(pass.began)};
  if (pass.steps > 0) {
    char note[40];
    std::snprintf(note, sizeof note, "loss %.4g", pass.losses / static_cast<double>(pass.steps));
    trained_.note = note;
  }
  observer().stand(trained_);
}

/// The state of all parts, and of what draws.
tensor::SafeTensors Epochs::kept() const {
  tensor::SafeTensors file;
  for (size_t i = 0; i < parts_.size(); ++i) add_part(file.arrays, prefix(i), parts_[i]->state());
  file.arrays.merge(tensor::generator_states());
  file.metadata = {{"lumir checkpoint", 1},
                   {"epoch", done_},
                   {"epochs", total_},
                   {"parts", static_cast<int>(parts_.size())},
                   {"direct_calls", static_cast<double>(direct_calls())},
                   {"stopped_at", stopped_at_},
                   {"seconds", seconds()}};
  fs::create_directories(fs::path(path_).parent_path());
  return file;
}

void Epochs::save() {
  tensor::save_safetensors(path_, kept());
  since_saved_ = 0;
}

void Epochs::save_within(const Body& body, const Pass& pass) {
  if (path_.empty() || resumed_pass_) return;  // what lies before the place that is gone back to need not be saved
  tensor::SafeTensors file = kept();
  file.metadata["pass"] = static_cast<int>(pass.number);
  std::vector<double> done;
  for (const auto& one : body.begun) {
    const auto begun = one.lock();
    done.push_back(begun ? static_cast<double>(begun->batches.done()) : 0);
  }
  file.arrays["batches"] = done;
  file.arrays["losses"] = {pass.losses, static_cast<double>(pass.steps)};
  for (size_t i = 0; i < body.means.size(); ++i) {
    add_part(file.arrays, "means." + prefix(i), body.means[i]->state());
  }
  tensor::save_safetensors(path_within_, file);
  since_saved_ = 0;
}

/// Answers what else stands in the file.
Value Epochs::load(const std::string& path, const tensor::SafeTensors& file) {
  const Value metadata = file.metadata;
  if (const int parts = whole(path, metadata, "parts"); parts != static_cast<int>(parts_.size())) {
    throw Error(path + ": holds " + std::to_string(parts) + " things, the loop has " + std::to_string(parts_.size()));
  }
  for (size_t i = 0; i < parts_.size(); ++i) parts_[i]->load_state(part_of(file.arrays, prefix(i)), path);
  tensor::set_generator_states(file.arrays, path);
  set_direct_calls(count_of(path, metadata, "direct_calls"));
  stopped_at_ = whole(path, metadata, "stopped_at");
  if (const double* seconds = metadata["seconds"].number()) seconds_before_ = *seconds;
  started_ = Clock::now();
  return metadata;
}

void Epochs::load_epoch() {
  const tensor::SafeTensors file = tensor::load_safetensors(path_);
  const int done = whole(path_, file.metadata, "epoch");
  if (done > total_) {
    throw Error(path_ + ": has " + std::to_string(done) + " epochs behind it, the loop has " + std::to_string(total_));
  }
  load(path_, file);
  done_ = done;
}

void Epochs::load_within(Body& body, Pass& pass) {
  const tensor::SafeTensors file = tensor::load_safetensors(path_within_);
  load(path_within_, file);
  resumed_pass_.reset();
  const auto numbers = [&](const char* name) {
    const auto found = file.arrays.find(name);
    if (found == file.arrays.end()) throw Error(path_within_ + ": has no array '" + name + "'");
    return found->second.doubles();
  };
  const auto done = numbers("batches"), losses = numbers("losses");
  for (size_t i = 0; i < std::min(done.size(), body.begun.size()); ++i) {
    if (const auto begun = body.begun[i].lock()) begun->batches.skip_to(static_cast<size_t>(done[i]));
  }
  for (size_t i = 0; i < body.means.size(); ++i) {
    const State mean = part_of(file.arrays, "means." + prefix(i));
    if (!mean.empty()) body.means[i]->load_state(mean, path_within_);
  }
  look_at_steps(pass);  // from here on
  pass.trains = true;
  pass.skipped = pass.batches.done();
  pass.losses = losses.at(0);
  pass.steps = static_cast<size_t>(losses.at(1));
  pass.began = Clock::now();
  since_saved_ = 0;
}

int epochs(Call& call) {
  call.at_most(3);
  const int total = static_cast<int>(call.integer(1, "n", 1, 1000000000));
  std::vector<StatefulPtr> parts;
  const int count = call.is_nil(2) ? 0 : list_length(call.L, 2, call.who(), "'parts'");
  for (int i = 1; i <= count; ++i) {
    lua_rawgeti(call.L, 2, i);
    parts.push_back(stateful_at(call.L, lua_gettop(call.L)));
    if (!parts.back()) {
      throw ArgumentError(
          "epochs: part " + std::to_string(i) +
          " must be a network, an Optimizer, a Scheduler, an AveragedModel, a Best, a Curve, a Mean or a table of "
          "numbers, got " +
          kind_at(call.L, -1));
    }
    lua_pop(call.L, 1);
  }
  const auto options = call.options<EpochsOptions>(3);
  std::string path;
  if (recipe_is_running(call.L)) {
    const int number = ++owned_by<Loops>(call.L).begun;
    path = run_record(call.L).folder() + "/checkpoints/" + std::to_string(number);
  }
  const bool resume = run_of(call.L).flags.contains("resume");
  return call.push(std::make_shared<Epochs>(total, std::move(parts), options, path, resume));
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
        .field("seconds", [](const EpochsPtr& loop) { return Value(loop->seconds()); },
               {.summary = "How long it has been at work; of a training that was resumed, before the stop too.",
                .returns = "a number, s"})
        .method("stop", [](Call& call) { return call.object<EpochsPtr>(1)->stop(), 0; },
                {.summary = "Makes the epoch that runs the last one; a resumed run stops there, too.",
                 .returns = "nothing",
                 .example = "nn.epochs(2):stop()"})
        .meta("__call", next_epoch,
              {.summary = "Keeps what the last epoch left, and begins the next.",
               .returns = "its number, from 1; nothing after the last",
               .example = "for epoch in nn.epochs(2) do print(epoch) end",
               .parameters = {argument("...", "value", "what Lua's for hands over")}});

const Module epochs_module = Module("nn").function(
    "epochs", epochs,
    {.summary = "A loop over epochs. In a recipe the state of all that it is given is kept after each, in the run "
                "folder, between two batches when Ctrl-C or SIGTERM comes, and as often as `every` says; --resume "
                "goes on behind what was kept last, to the same weights. What the body counts itself is kept where "
                "it is an evaluate.Mean, or a table of numbers among the parts.",
     .returns = "Epochs, for a loop: the number of the epoch, from 1",
     .example = "for epoch in nn.epochs(3, { net }, { every = 100 }) do print(epoch) end",
     .source = "Lumir's own",
     .parameters =
         with_arguments({argument("n", "integer", "how many epochs", Range{1}),
                         argument("parts", "table",
                                  "what changes: networks, Optimizers, Schedulers, AveragedModels, Bests, Curves, "
                                  "Means, tables of numbers",
                                  kPlace)},
                        schema_of<EpochsOptions>())});

}  // namespace
}  // namespace lumir::lua
