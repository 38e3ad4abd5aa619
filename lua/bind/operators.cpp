// Lua asks an object about its order only where another object of its class stands beside it: `x > 0` never comes here,
// and has a hint in bind/slips.cpp.

#include "bind/operators.h"

#include <utility>

#include "core/article.h"

namespace lumir::lua {
namespace {

constexpr std::pair<const char*, const char*> kArithmetic[] = {
    {"__add", "+"}, {"__sub", "-"}, {"__mul", "*"}, {"__div", "/"}, {"__mod", "%"}, {"__pow", "^"}, {"__unm", "-"}};

/// How the parts of an object of the class are gone through; "" where they have no places.
std::string loop_over(const ClassInfo& info) {
  const bool places = info.index && info.metas.contains("__len");
  return places ? "; for i, part in ipairs(" + info.type->variable + ") do goes through its parts" : "";
}

std::string refused_key(const Call& call) {
  return call.is_text(2) || call.is_number(2) ? show(call.value(2)) : with_article(kind_at(call.L, 2));
}

void refuse(lua_State* L, const ClassInfo& info, const char* event, std::function<std::string(const Call&)> rule) {
  if (info.metas.contains(event)) return;
  push_function(L, info.name, [name = info.name, rule = std::move(rule)](Call& call) -> int {
    throw ArgumentError(name + ": " + rule(call));
  });
  lua_setfield(L, -2, event);
}

void refuse(lua_State* L, const ClassInfo& info, const char* event, const std::string& rule) {
  refuse(L, info, event, [rule](const Call&) { return rule; });
}

}  // namespace

void add_refusals(lua_State* L, const ClassInfo& info) {
  for (const auto& [event, sign] : kArithmetic) {
    refuse(L, info, event, "is not reckoned with, but '" + std::string(sign) + "' stands beside it");
  }
  for (const char* order : {"__lt", "__le"})
    refuse(L, info, order, "has no order; '<' and '>' compare numbers and text");
  refuse(L, info, "__len", "has no length");
  refuse(L, info, "__concat", "'..' joins text and numbers; tostring(" + info.type->variable + ") is its text");
  refuse(L, info, "__call", "is no function" + loop_over(info));
  refuse(L, info, "__newindex", [](const Call& call) { return refused_key(call) + " cannot be set"; });
}

}  // namespace lumir::lua
