// The words of types.

#include "core/kind.h"

#include <map>
#include <typeindex>

#include "core/article.h"
#include "core/value.h"

namespace lumir {
namespace {

std::map<std::type_index, std::string>& words() {
  static std::map<std::type_index, std::string> all;
  return all;
}

const KindName<std::string> path_word{"a path"};

}  // namespace

std::string kind_of(const std::any& input) {
  const auto found = words().find(std::type_index(input.type()));
  if (found != words().end()) return found->second;
  if (const auto* value = std::any_cast<Value>(&input)) return with_article(kind_of(*value));
  return input.has_value() ? "something else" : "nothing";
}

void name_kind(const std::type_info& type, std::string word) { words()[std::type_index(type)] = std::move(word); }

}  // namespace lumir
