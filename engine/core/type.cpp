// The table of types.

#include "core/type.h"

namespace lumir {
namespace {

std::map<std::string, Type, std::less<>>& table() {
  static std::map<std::string, Type, std::less<>> all;
  return all;
}

}  // namespace

Type& register_type(const std::string& name, const std::string& summary, const std::string& variable) {
  return table().emplace(name, Type{name, summary, variable, {}}).first->second;
}

const Type* find_type(std::string_view name) {
  const auto found = table().find(name);
  return found == table().end() ? nullptr : &found->second;
}

std::vector<const Type*> types() {
  std::vector<const Type*> found;
  for (const auto& [name, type] : table()) found.push_back(&type);
  return found;
}

}  // namespace lumir
