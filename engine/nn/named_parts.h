// The names that parts of a container have in states, where its user gives them: those of a published network.

#pragma once

#include <string>
#include <vector>

#include "nn/module.h"

namespace lumir::nn {

/// The option `names` of S, a list of text.
template <class S>
Option names_option() {
  return Option{"names", &S::names,
                "what the parts are called in states, one for each; '' keeps its number, and of a container its parts "
                "stand in its place; unless given all are numbers from 0"};
}

/// Modules under their names. One called '' that holds nothing has its number; of one that holds parts these stand in
/// its place, the numbered ones behind its own number: "3_1". Throws ArgumentError, begun by `who`, where names and
/// modules are not as many, where a name stands twice, and where what stands aside has weights of its own or a user's
/// code, which everybody must see.
std::vector<NamedModule> named_parts(const std::vector<ModulePtr>& modules, const std::vector<std::string>& names,
                                     const std::string& who);

}  // namespace lumir::nn
