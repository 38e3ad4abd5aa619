// How a call from Lua becomes the options of an entry, as its schema declares them.
//
//   learn.SVC { C = 10 }                            one table: word keys are options
//   learn.Pipeline { learn.RobustScaler(), ... }    its array part is the option that is kListed
//   feature.set 'fma'                               so is a word, where that option takes a name in place of a list
//   nn.Conv2d(1, 64, 7, { stride = 2 })             positional ones in their order, then the table
//   nn.Dropout { p = 0.5 }                          those may stand in the table by name, too

#pragma once

#include "bind/bind.h"
#include "core/registry.h"

namespace lumir::lua {

/// True where the kListed option of an entry takes a name in place of a list.
bool takes_name(const Entry& entry);
/// The table at `i` as options: word keys, and an array part for the option that is listed. Nothing there: none.
Map table_options(Call& call, int i, const Entry& entry);
/// All arguments of a call as options; ArgumentError for too many, for a nil and for one that is given twice.
Map call_options(Call& call, const Entry& entry);
/// What a function's entry declares, before the function reads its arguments itself: none is one too many, none is
/// missing, and plain ones (numbers, text, booleans, functions) are what they should be. `first` is the place of the
/// first one that is declared.
void check_arguments(Call& call, const Entry& entry, int first);

/// Throws where a function of a module was called as a method: feature:mfcc(clip).
void refuse_module(const Call& call, const Entry& entry);

}  // namespace lumir::lua
