// How tables name the modules of a network, a line each: indented by depth, "(0): Conv2d(1, 64, 7)".

#pragma once

#include <string>

#include "nn/module.h"

namespace lumir::nn {

struct ModuleLine {
  std::string path;   // "3.shortcut.0"; empty for the network itself
  std::string shown;  // "Conv2d(1, 64, 7)"; of one that holds others its name
  int depth = 0;

  ModuleLine() = default;
  explicit ModuleLine(const NamedModule& named);
  /// Indented, with the last name of its path; what is wider ends in dots.
  std::string text(size_t width) const;
};

}  // namespace lumir::nn
