// Loops over batches, and the epochs that they are in.
//
// A body is what a loop over epochs runs each time. Passes over data and means that it begins are counted, so that a
// body that is run again, after a stop, meets its own ones: the third pass of epoch 5 has the order that it had.

#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "bind/bind.h"
#include "data/batches.h"
#include "evaluate/mean.h"
#include "optim/optimizer.h"

namespace lumir::lua {

/// One pass over data in batches.
struct Pass {
  Pass(std::shared_ptr<const data::TensorRows> rows, const data::BatchOptions& options, uint64_t order)
      : batches(std::move(rows), options, order) {}
  data::Batches batches;
  uint64_t body = 0;    // which began it
  uint64_t epoch = 0;   // in which that was; 0 outside of loops
  size_t number = 0;    // in that body, from 0
  bool trains = false;  // an optimiser was at work in it
  size_t skipped = 0;   // batches that were done before a stop
  double losses = 0;    // their sum, of as many steps
  size_t steps = 0;
  std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
};
using PassPtr = std::shared_ptr<Pass>;
using MeanPtr = std::shared_ptr<evaluate::Mean>;

struct Body;
/// A loop over epochs is told what happens in its body.
class EpochLoop {
 public:
  virtual ~EpochLoop() = default;
  /// Before each batch of a pass, and once more behind the last. Throws Interrupted where one has come.
  virtual void before_batch(Body& body, Pass& pass) = 0;
  /// A batch is on its way into the body.
  virtual void hand_over() = 0;
  /// An interrupt came while the next batch was waited for.
  virtual void stop_before_batch(const Body& body, const Pass& pass) = 0;
};

struct Body {
  uint64_t number = 0;  // of all bodies
  uint64_t epoch = 0;   // from 1; 0 outside of loops
  std::weak_ptr<EpochLoop> loop = {};
  uint64_t passes = 0;
  uint64_t orders = 0;                          // of passes, since the seed was set
  int seeds = 0;                                // how often that had been when the last pass was begun
  std::vector<std::weak_ptr<Pass>> begun = {};  // passes, in order; outside of loops nobody asks for them
  std::vector<MeanPtr> means = {};
  bool told = false;  // a line was printed about it
};

/// Has an optimiser make the step of what it has accumulated when the pass over data that handed over the last batch is
/// at its end; outside of all passes nothing happens by itself.
void finish_with_pass(lua_State* L, const optim::OptimizerPtr& optimizer);

/// A loop runs its body for this epoch; 0: no more. Loops that were begun in its last body are over.
void begin_epoch(lua_State* L, const std::shared_ptr<EpochLoop>& loop, uint64_t epoch);
/// The body that runs; where no loop does, all that is outside of them.
Body& current_body(lua_State* L);
/// Has a mean counted with the body that runs.
void count_mean(lua_State* L, const MeanPtr& mean);

/// What is to be foretold, as Lua has it: class numbers from 1, numbers as they are, nil where nothing is known.
void push_targets(lua_State* L, const at::Tensor& y);
/// data:batches { batch_size = 32, shuffle = true }: the options are argument 2.
int batches_of(Call& call, std::shared_ptr<const data::TensorRows> rows);

}  // namespace lumir::lua
