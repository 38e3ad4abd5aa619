// State dicts of others, taken into a module: under other names, or only in part.

#pragma once

#include "nn/misfit.h"
#include "nn/module.h"

namespace lumir::nn {

struct LoadOptions {
  bool strict = true;
  Value rename;
  static Schema schema();
};

/// All or nothing, as Module::load_state; a batch norm keeps its count of batches where the state has none, which
/// PyTorch's before 0.4.1 had not. Answers what was left where `strict` is false. Throws ArgumentError for renames that
/// are none or that give two arrays one name.
Misfit load(Module& module, State state, const LoadOptions& options, const std::string& who);

}  // namespace lumir::nn
