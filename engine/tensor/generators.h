// The states of LibTorch's generators, for what must go on drawing where it stopped.

#pragma once

#include <string>

#include "core/state.h"

namespace lumir::tensor {

/// "generator", the CPU's, and "generator.cuda:0" ... of each GPU that is in use.
State generator_states();
/// Goes on from there; those of GPUs that are not here are passed over, and arrays of other names too. Throws Error,
/// begun by `who`, where the CPU's is missing or is none.
void set_generator_states(const State& states, const std::string& who);

}  // namespace lumir::tensor
