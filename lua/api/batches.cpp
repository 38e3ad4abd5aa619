// for x, y, lengths, weights in songs:batches { batch_size = 32, shuffle = true } do ... end

#include "api/batches.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "api/tensor.h"
#include "bind/owned.h"
#include "bind/run.h"
#include "core/readable.h"
#include "tensor/positions.h"
#include "tensor/worked_on.h"

namespace lumir::lua {
namespace {

constexpr uint64_t kPassesOfAnEpoch = 1 << 20;
constexpr size_t kLeftByBatches = size_t{16} << 20;

/// Bodies that run, the innermost last; the first is what is outside of all loops.
struct Bodies {
  std::vector<Body> running{1};
  uint64_t begun = 0;
};

int seeds_so_far = 0;
const bool listens = (on_seed([](uint64_t) { ++seeds_so_far; }), true);

/// The body that began a pass, where it still runs; loops that were begun in it are over then, because it goes on.
Body* body_of(lua_State* L, const Pass& pass) {
  auto& running = owned_by<Bodies>(L).running;
  const auto found =
      std::find_if(running.begin(), running.end(), [&](const Body& body) { return body.number == pass.body; });
  if (found == running.end()) return nullptr;
  running.erase(found + 1, running.end());
  return &running.back();
}

/// Passes that have handed over a batch and are not at their end, an inner one behind the outer; and what is to be
/// finished with them. One that was left by break stays until an outer one goes on.
struct OpenPasses {
  struct Open {
    std::weak_ptr<Pass> pass;
    lua_State* thread = nullptr;  // of the loop
    bool looped = false;          // by `for`; else it was called by hand
    tensor::WorkedOn work = {};
    std::vector<std::weak_ptr<optim::Optimizer>> accumulating = {};
  };
  std::vector<Open> open;

  auto find(const PassPtr& pass) {
    return std::find_if(open.begin(), open.end(), [&](const Open& one) { return one.pass.lock() == pass; });
  }
};

/// Makes the steps of what was accumulated in this pass, or in one within it.
void finish_accumulations(lua_State* L, const PassPtr& pass) {
  auto& passes = owned_by<OpenPasses>(L);
  const auto found = passes.find(pass);
  const std::vector<OpenPasses::Open> over(found, passes.open.end());
  passes.open.erase(found, passes.open.end());
  for (const auto& one : over) {
    for (const auto& held : one.accumulating) {
      if (const auto optimizer = held.lock()) optimizer->finish();
    }
  }
}

/// Whether a variable of what this thread runs holds the pass. With `by_loop` only that in which Lua keeps what a `for`
/// calls, which is there as long as the loop.
bool is_held(lua_State* L, const PassPtr& pass, bool by_loop) {
  lua_Debug frame{};
  for (int level = 1; lua_getstack(L, level, &frame); ++level) {
    int place = 1;
    while (const char* name = lua_getlocal(L, &frame, place++)) {
      const bool counts = !by_loop || std::strcmp(name, "(for generator)") == 0;
      const auto* held = counts ? test_object<PassPtr>(L, lua_gettop(L)) : nullptr;
      lua_pop(L, 1);
      if (held && *held == pass) return true;
    }
  }
  return false;
}

/// A pass hands over a batch: those that were begun in its last one are over.
void note_open(lua_State* L, const PassPtr& pass, const data::Batch& batch) {
  auto& passes = owned_by<OpenPasses>(L);
  auto found = passes.find(pass);
  if (found == passes.open.end()) {
    found = passes.open.insert(found, {.pass = pass, .thread = L, .looped = is_held(L, pass, true)});
  }
  found->work = {.epoch = static_cast<long>(pass->epoch),
                 .batch = static_cast<long>(pass->batches.done()),
                 .flat_rows = batch.x.dim() == 2 ? batch.x.size(0) : 0};
  for (auto inner = found + 1; inner != passes.open.end(); ++inner) {
    for (auto& held : inner->accumulating) found->accumulating.push_back(std::move(held));
  }
  passes.open.erase(found + 1, passes.open.end());
}

/// The batch of the innermost pass that is still worked on: one that was left by break or by an error is not.
tensor::WorkedOn batch_of_loops() {
  lua_State* L = running_thread();
  if (!L) return {};
  const auto& open = owned_by<OpenPasses>(L).open;
  for (auto one = open.rbegin(); one != open.rend(); ++one) {
    const auto pass = one->pass.lock();
    if (!pass) continue;
    if (one->thread != L || is_held(L, pass, one->looped)) return one->work;
  }
  return {};
}
const bool asked = (tensor::ask_about_loops(batch_of_loops), true);

/// The next batch, with the loop over epochs told of it.
std::optional<data::Batch> take_batch(lua_State* L, Pass& pass) {
  Body* body = body_of(L, pass);
  const auto loop = body ? body->loop.lock() : nullptr;
  if (!loop) return pass.batches.next();
  loop->before_batch(*body, pass);
  try {
    auto batch = pass.batches.next();
    if (batch) loop->hand_over();
    return batch;
  } catch (const Interrupted&) {
    loop->stop_before_batch(*body, pass);
    throw;
  }
}

/// What the last batch made is collected before the next one comes.
int next_batch(Call& call) {
  const auto pass = call.object<PassPtr>(1);
  collect_when_grown_by(call.L, kLeftByBatches);
  if (pass->batches.done() == pass->batches.size()) finish_accumulations(call.L, pass);
  const auto batch = take_batch(call.L, *pass);
  if (!batch) return 0;
  note_open(call.L, pass, *batch);
  push_tensor(call.L, batch->x);
  push_targets(call.L, batch->y);
  if (!batch->lengths.defined() && !batch->weights.defined()) return 2;
  batch->lengths.defined() ? static_cast<void>(push_tensor(call.L, batch->lengths)) : lua_pushnil(call.L);
  if (!batch->weights.defined()) return 3;
  push_tensor(call.L, batch->weights);
  return 4;
}

const Class<PassPtr> batches_class =
    Class<PassPtr>("Batches", "One pass over data in batches, for a loop.", "batches")
        .text([](const PassPtr& pass) {
          return std::to_string(pass->batches.size()) + (pass->batches.size() == 1 ? " batch" : " batches");
        })
        .field(
            "done", [](const PassPtr& pass) { return pass->batches.done(); },
            {.summary = "How many were handed over; of a training that was resumed within an epoch, those before the "
                        "stop too.",
             .returns = "an integer"})
        .meta("__call", next_batch,
              {.summary = "The next batch.",
               .returns = "x, a Tensor of [batch, ...]; y, class numbers from 1 of [batch], tags or numbers of "
                          "[batch, columns], nil without labels; where rows were padded, lengths of [batch], else nil; "
                          "where rows have weights, those of [batch]; nothing after the last",
               .example = "for x, y in batches do print(x.shape[1]) end",
               .parameters = {argument("...", "value", "what Lua's for hands over")}})
        .meta("__len", [](Call& call) { return call.push(call.object<PassPtr>(1)->batches.size()); },
              {.summary = "How many there are in all.", .returns = "an integer", .example = "#batches"});

}  // namespace

void push_targets(lua_State* L, const at::Tensor& y) {
  if (!y.defined()) return lua_pushnil(L);
  push_tensor(L, y.is_floating_point() ? y : tensor::to_user(y, tensor::Mark::position));
}

void finish_with_pass(lua_State* L, const optim::OptimizerPtr& optimizer) {
  auto& open = owned_by<OpenPasses>(L).open;
  if (open.empty()) return;
  auto& accumulating = open.back().accumulating;
  const auto known = [&](const auto& held) { return held.lock() == optimizer; };
  if (std::none_of(accumulating.begin(), accumulating.end(), known)) accumulating.push_back(optimizer);
}

void begin_epoch(lua_State* L, const std::shared_ptr<EpochLoop>& loop, uint64_t epoch) {
  auto& bodies = owned_by<Bodies>(L);
  const auto found = std::find_if(bodies.running.begin(), bodies.running.end(),
                                  [&](const Body& body) { return body.loop.lock() == loop; });
  bodies.running.erase(found, bodies.running.end());
  if (epoch > 0) {
    bodies.running.push_back({.number = ++bodies.begun, .epoch = epoch, .loop = loop, .seeds = seeds_so_far});
  } else if (bodies.running.size() == 1) {
    bodies.running[0].orders = 0;
  }
}

Body& current_body(lua_State* L) { return owned_by<Bodies>(L).running.back(); }

void count_mean(lua_State* L, const MeanPtr& mean) {
  Body& body = current_body(L);
  if (body.epoch > 0) body.means.push_back(mean);
}

int batches_of(Call& call, std::shared_ptr<const data::TensorRows> rows) {
  call.at_most(2);
  const auto options = call.options<data::BatchOptions>(2);
  Body& body = current_body(call.L);
  const uint64_t number = body.passes++;
  if (std::exchange(body.seeds, seeds_so_far) != seeds_so_far) body.orders = 0;
  const uint64_t order = body.epoch * kPassesOfAnEpoch + body.orders++;
  const auto pass = std::make_shared<Pass>(std::move(rows), options, order);
  pass->body = body.number;
  pass->epoch = body.epoch;
  pass->number = number;
  if (body.epoch > 0) body.begun.push_back(pass);
  return call.push(pass);
}

}  // namespace lumir::lua
