// for x, y, lengths in songs:batches { batch_size = 32, shuffle = true } do ... end

#include "api/batches.h"

#include "api/tensor.h"
#include "bind/owned.h"
#include "tensor/anomaly.h"
#include "tensor/positions.h"

namespace lumir::lua {
namespace {

constexpr uint64_t kPassesOfAnEpoch = 1 << 20;
constexpr size_t kLeftByBatches = size_t{16} << 20;

struct Passes {
  uint64_t epoch = 0;
  uint64_t so_far = 0;
};

using BatchesPtr = std::shared_ptr<data::Batches>;

/// What the last batch made is collected before the next one comes.
int next_batch(Call& call) {
  const auto batches = call.object<BatchesPtr>(1);
  collect_when_grown_by(call.L, kLeftByBatches);
  const auto batch = batches->next();
  if (!batch) return 0;
  ++tensor::worked_on().batch;
  push_tensor(call.L, batch->x);
  if (!batch->y.defined()) {
    lua_pushnil(call.L);
  } else {
    push_tensor(call.L, batch->y.is_floating_point() ? batch->y : tensor::to_user(batch->y, tensor::Mark::position));
  }
  if (!batch->lengths.defined()) return 2;
  push_tensor(call.L, batch->lengths);
  return 3;
}

const Class<BatchesPtr> batches_class =
    Class<BatchesPtr>("Batches", "One pass over data in batches, for a loop.", "batches")
        .text([](const BatchesPtr& batches) { return std::to_string(batches->size()) + " batches"; })
        .meta("__call", next_batch,
              {.summary = "The next batch.",
               .returns = "x, a Tensor of [batch, ...]; y, class numbers from 1 of [batch], nil without labels; where "
                          "rows were padded, lengths of [batch]; nothing after the last",
               .example = "for x, y in batches do print(x.shape[1]) end",
               .parameters = {argument("...", "value", "what Lua's for hands over")}})
        .meta("__len", [](Call& call) { return call.push(call.object<BatchesPtr>(1)->size()); },
              {.summary = "How many there are in all.", .returns = "an integer", .example = "#batches"});

}  // namespace

void begin_epoch(lua_State* L, uint64_t epoch) {
  owned_by<Passes>(L) = {epoch, 0};
  tensor::worked_on() = {static_cast<long>(epoch), 0};
}

uint64_t next_pass(lua_State* L) {
  auto& passes = owned_by<Passes>(L);
  return passes.epoch * kPassesOfAnEpoch + passes.so_far++;
}

int batches_of(Call& call, std::shared_ptr<const data::TensorRows> rows) {
  call.at_most(2);
  const auto options = call.options<data::BatchOptions>(2);
  tensor::worked_on().batch = 0;
  return call.push(std::make_shared<data::Batches>(std::move(rows), options, next_pass(call.L)));
}

}  // namespace lumir::lua
