// The words of a line.

#include "nn/module_line.h"

#include <algorithm>

namespace lumir::nn {

ModuleLine::ModuleLine(const NamedModule& named)
    : path(named.name),
      shown(named.module->children().empty() ? named.module->show() : named.module->title()),
      depth(path.empty() ? 0 : 1 + static_cast<int>(std::count(path.begin(), path.end(), '.'))) {}

std::string ModuleLine::text(size_t width) const {
  const std::string name = path.empty() ? "" : "(" + path.substr(path.rfind('.') + 1) + "): ";
  const std::string line = std::string(static_cast<size_t>(2 * depth), ' ') + name + shown;
  return line.size() <= width ? line : line.substr(0, width - 3) + "...";
}

}  // namespace lumir::nn
