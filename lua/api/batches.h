// Loops over batches, and the epochs that they are in.

#pragma once

#include <memory>

#include "bind/bind.h"
#include "data/batches.h"

namespace lumir::lua {

/// From here on passes over data are those of this epoch.
void begin_epoch(lua_State* L, uint64_t epoch);
/// The number of the next pass over data: another one in each epoch and for each pass in it, the same ones when an
/// epoch is begun again and when the seed is set.
uint64_t next_pass(lua_State* L);

/// data:batches { batch_size = 32, shuffle = true }: the options are argument 2.
int batches_of(Call& call, std::shared_ptr<const data::TensorRows> rows);

}  // namespace lumir::lua
