// How registered steps are called from Lua, whatever they do.
//
//   feature.mfcc()                          a step with its defaults
//   feature.mfcc { n_mfcc = 13 }            a step: one table that has only word keys
//   feature.set { feature.mfcc(), ... }     a step: an array part fills the first option, if that is a list
//   feature.set 'fma'                       a step: a word, where the first option takes a name instead of a list
//   feature.mfcc(clip, { n_mfcc = 13 })     anything else computes now
//   feature.mfcc(nil)                       an error: a misspelt field must not quietly make a step

#pragma once

#include "bind/bind.h"
#include "core/step.h"

namespace lumir::lua {

/// Adds every registered step of the module's name.
void open_steps(ModuleTable& module);
/// One call as described above.
int call_step(Call& call, const Entry& entry);
/// The thing at `i` as steps take it: text is a path, an object is what its class says.
std::any input_at(Call& call, int i);

}  // namespace lumir::lua
