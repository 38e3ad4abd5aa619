// Parts under names of their own.

#include "nn/named_parts.h"

#include <set>

namespace lumir::nn {
namespace {

bool is_numbered(const std::string& name) { return name.find_first_not_of("0123456789_") == std::string::npos; }

/// What a module called '' puts in its place, which has a number.
std::vector<NamedModule> parts_of(const ModulePtr& module, const std::string& number, const std::string& who) {
  if (module->children().empty()) return {{number, module}};
  if (!module->slots().empty() || module->is_watched() || !is_module(module->entry())) {
    const std::string what = module->slots().empty() ? " runs a user's code" : " has weights of its own";
    throw ArgumentError(who + ": " + module->show() + what + " and needs a name");
  }
  std::vector<NamedModule> parts;
  for (const auto& part : module->children()) {
    parts.push_back({is_numbered(part.name) ? number + "_" + part.name : part.name, part.module});
  }
  return parts;
}

}  // namespace

std::vector<NamedModule> named_parts(const std::vector<ModulePtr>& modules, const std::vector<std::string>& names,
                                     const std::string& who) {
  if (!names.empty() && names.size() != modules.size()) {
    throw ArgumentError(who + ": has " + std::to_string(modules.size()) + " parts and " + std::to_string(names.size()) +
                        " names");
  }
  std::vector<NamedModule> parts;
  for (size_t i = 0; i < modules.size(); ++i) {
    const std::string number = std::to_string(i);
    if (!names.empty() && names[i].empty()) {
      for (const auto& part : parts_of(modules[i], number, who)) parts.push_back(part);
    } else {
      parts.push_back({names.empty() ? number : names[i], modules[i]});
    }
  }
  std::set<std::string> seen;
  for (const auto& part : parts) {
    if (!seen.insert(part.name).second) throw ArgumentError(who + ": two parts are called '" + part.name + "'");
  }
  return parts;
}

}  // namespace lumir::nn
