// What models lean on, as Lua asks for it.

#pragma once

#include "bind/bind.h"
#include "core/schema.h"

namespace lumir::lua {

struct ImportancesOptions {
  std::optional<int> top;
  static Schema schema() {
    return {Option{"top", &ImportancesOptions::top, "columns to tell of at most; 'none' for all", Range{1}}};
  }
};

/// model:importances { top = 20 }.
int importances(Call& call);
/// model:coefficients().
int coefficients(Call& call);
/// model:decision_path(table, row).
int decision_path(Call& call);

}  // namespace lumir::lua
