// What of a state does not fit a module, said whole and in one line.

#pragma once

#include <string>
#include <vector>

#include "core/state.h"

namespace lumir::nn {

struct Misfit {
  std::vector<std::string> missing;     // names of the module that the state has not
  std::vector<std::string> unexpected;  // names of the state that the module has not
  std::vector<std::string> misshapen;   // what is said of each

  bool any() const { return !missing.empty() || !unexpected.empty() || !misshapen.empty(); }
  /// "has no array 'a', 'b' and 9 more of ResNet; 'x' is no part of ResNet (did you mean 'w'?)"; where names differ by
  /// what they begin with alone, with the option that mends it. `names` are all of the module's.
  std::string text(const std::string& owner, const std::vector<std::string>& names) const;
};

/// The names that only one of a module and a state has; `names` are the module's.
Misfit compared(const std::vector<std::string>& names, const State& state);

}  // namespace lumir::nn
