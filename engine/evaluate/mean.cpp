// What a mean has seen so far.

#include "evaluate/mean.h"

#include "core/error.h"

namespace lumir::evaluate {

State Mean::state() const { return {{"mean", {sum_, weight_}}}; }

void Mean::load_state(const State& state, const std::string& who) {
  const auto found = state.find("mean");
  if (found == state.end() || found->second.count() != 2) throw Error(who + ": has no two numbers 'mean' of a Mean");
  const auto numbers = found->second.doubles();
  sum_ = numbers[0];
  weight_ = numbers[1];
}

}  // namespace lumir::evaluate
