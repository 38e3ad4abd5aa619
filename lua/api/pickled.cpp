// Each object is made once and filled afterwards, so that lists may nest deep and hold each other.

#include "api/pickled.h"

#include <cmath>
#include <vector>

#include "api/tensor.h"
#include "core/error.h"
#include "tensor/convert.h"
#include "tensor/pickle_names.h"

namespace lumir::lua {
namespace {

using tensor::Entries;
using tensor::Item;
using tensor::Items;
using tensor::Pickled;
using tensor::Ref;

class Pusher {
 public:
  Pusher(lua_State* state, Pickled& pickled) : L(state), pickled_(pickled) {}

  void push_root() {
    lua_newtable(L);
    made_ = lua_gettop(L);
    push(pickled_.root);
    while (!to_fill_.empty()) {
      const Ref ref = to_fill_.back();
      to_fill_.pop_back();
      push_made(ref);
      fill(pickled_.at(ref));
      lua_pop(L, 1);
    }
    lua_remove(L, made_);
  }

 private:
  void push_made(Ref ref) { lua_rawgeti(L, made_, static_cast<int>(ref) + 1); }

  void push(const Item& item) {
    if (const Ref* ref = std::get_if<Ref>(&item)) {
      push_made(*ref);
      if (!lua_isnil(L, -1)) return;
      lua_pop(L, 1);
      std::visit([this, ref](auto& object) { make(*ref, object); }, pickled_.at(*ref));
      lua_pushvalue(L, -1);
      lua_rawseti(L, made_, static_cast<int>(*ref) + 1);
    } else if (const bool* truth = std::get_if<bool>(&item)) {
      lua_pushboolean(L, *truth);
    } else if (const auto* whole = std::get_if<int64_t>(&item)) {
      lua_pushnumber(L, static_cast<double>(*whole));
    } else if (const auto* number = std::get_if<double>(&item)) {
      lua_pushnumber(L, *number);
    } else {
      lua_pushnil(L);
    }
  }

  void make(Ref ref, const Items&) { make_table(ref); }
  void make(Ref ref, const Entries&) { make_table(ref); }
  void make(Ref, const tensor::Text& text) { push(text.text); }
  void make(Ref, const tensor::KnownName* name) { push(std::string_view(name->name)); }
  void make(Ref, const tensor::NumpyType& type) { push(type.code); }
  void make(Ref, const tensor::StoragePart& part) { push_tensor(L, pickled_.tensor(part)); }
  void make(Ref, const std::shared_ptr<const tensor::TensorView>& view) { push_tensor(L, pickled_.tensor(*view)); }
  void make(Ref, const std::shared_ptr<const Array>& array) {
    if (!array) throw Error(pickled_.where() + ": not whole (an array of NumPy has no numbers)");
    push_tensor(L, tensor::from_array(*array));
  }
  void push(std::string_view text) { lua_pushlstring(L, text.data(), text.size()); }
  void make_table(Ref ref) {
    lua_newtable(L);
    to_fill_.push_back(ref);
  }

  /// The table on top of the stack.
  void fill(tensor::Object& object) {
    if (const auto* items = std::get_if<Items>(&object)) {
      for (size_t i = 0; i < items->items.size(); ++i) {
        push(items->items[i]);
        if (lua_isnil(L, -1)) {
          lua_pop(L, 1);
          lua_pushboolean(L, 0);
        }
        lua_rawseti(L, -2, static_cast<int>(i) + 1);
      }
    } else if (const auto* entries = std::get_if<Entries>(&object)) {
      for (const auto& [key, value] : entries->entries) {
        push(key);
        if (lua_isnil(L, -1) || (lua_isnumber(L, -1) && std::isnan(lua_tonumber(L, -1)))) {
          throw Error(pickled_.where() + ": a dict has an entry for None or NaN, which no table has");
        }
        push(value);
        lua_rawset(L, -3);
      }
    }
  }

  lua_State* const L;
  Pickled& pickled_;
  int made_ = 0;  // the place of the table of what is made, by the objects' numbers from 1
  std::vector<Ref> to_fill_;
};

}  // namespace

int push_pickled(lua_State* L, Pickled& pickled) {
  luaL_checkstack(L, 16, "a pickle");
  Pusher(L, pickled).push_root();
  return 1;
}

}  // namespace lumir::lua
