// Each refusal is a function of the class's metatable; those of order are one function for all.

#include "bind/operators.h"

#include <utility>

namespace lumir::lua {
namespace {

constexpr std::pair<const char*, const char*> kArithmetic[] = {
    {"__add", "+"}, {"__sub", "-"}, {"__mul", "*"}, {"__div", "/"}, {"__mod", "%"}, {"__pow", "^"}, {"__unm", "-"}};
constexpr const char* kOrders[] = {"__lt", "__le"};

/// How the parts of an object of the class are gone through; "" where they have no places.
std::string loop_over(const ClassInfo& info) {
  const bool places = info.index && info.metas.contains("__len");
  return places ? "; for i, part in ipairs(" + info.type->variable + ") do goes through its parts" : "";
}

std::string refused_key(const Call& call) {
  return call.is_text(2) || call.is_number(2) ? show(call.value(2)) : "a " + kind_at(call.L, 2);
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

/// What the class of one of two operands says of their order.
int ordered(Call& call, const std::string& event) {
  const ClassInfo* info = class_at(call.L, 1);
  if (!info) info = class_at(call.L, 2);
  if (!info) throw ArgumentError("only numbers and text have an order");
  const auto own = info->metas.find(event);
  if (own != info->metas.end()) return own->second(call);
  throw ArgumentError(info->name + ": has no order; '<' and '>' compare numbers and text");
}

/// One function for each event in a Lua state, whoever asks.
void push_order(lua_State* L, const char* event) {
  lua_pushlightuserdata(L, const_cast<char*>(event));
  lua_rawget(L, LUA_REGISTRYINDEX);
  if (!lua_isnil(L, -1)) return;
  lua_pop(L, 1);
  push_function(L, "order", [event = std::string(event)](Call& call) { return ordered(call, event); });
  lua_pushlightuserdata(L, const_cast<char*>(event));
  lua_pushvalue(L, -2);
  lua_rawset(L, LUA_REGISTRYINDEX);
}

void add_orders(lua_State* L) {
  for (const char* event : kOrders) {
    push_order(L, event);
    lua_setfield(L, -2, event);
  }
}

}  // namespace

void add_refusals(lua_State* L, const ClassInfo& info) {
  add_orders(L);
  for (const auto& [event, sign] : kArithmetic) {
    refuse(L, info, event, "is not reckoned with, but '" + std::string(sign) + "' stands beside it");
  }
  refuse(L, info, "__len", "has no length");
  refuse(L, info, "__concat", "'..' joins text and numbers; tostring(" + info.type->variable + ") is its text");
  refuse(L, info, "__call", "is no function" + loop_over(info));
  refuse(L, info, "__newindex", [](const Call& call) { return refused_key(call) + " cannot be set"; });
}

void let_numbers_be_compared(lua_State* L) {
  lua_pushnumber(L, 0);
  lua_newtable(L);
  add_orders(L);
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_setmetatable(L, -2);
  lua_pop(L, 1);
}

}  // namespace lumir::lua
