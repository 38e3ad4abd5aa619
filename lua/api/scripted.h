// Networks that are written in Lua, as the files about them in this folder share them.

#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "api/nn.h"
#include "bind/held.h"

namespace lumir::lua {

/// A class that nn.Module has made. It lives as long as its table in Lua, or a network of it.
struct ScriptedClass {
  std::string title;
  int number;               // its table's, among those of the session
  std::string source = {};  // its hash; of how it was when the first network of it was made
};
using ClassPtr = std::shared_ptr<ScriptedClass>;

/// A network of such a class: a Module whose parts and parameters are set by name, and whose forward is Lua's.
class Scripted final : public nn::Module {
 public:
  /// `table` is the class's; `arguments` is where a table of what init was given stands, with their count under "n".
  Scripted(lua_State* L, const Entry& entry, ClassPtr written, int table, int arguments)
      : Module(entry),
        class_(std::move(written)),
        table_(L, table),
        fields_(L, new_table(L)),
        arguments_(L, arguments) {
    lua_pop(L, 1);
  }
  Map options() const override { return {{"class", class_->title}}; }
  const std::string& title() const override { return class_->title; }

  void set_part(const std::string& name, nn::ModulePtr part) {
    if (slot(name)) remove(name);
    replace_child(name, std::move(part));
  }
  void set_slot(const std::string& name, const SlotValue& value) {
    if (part(name)) remove(name);
    at::Tensor& member = tensors_[name];
    if (value.trained) {
      add_parameter(name, member, value.tensor);
    } else {
      add_buffer(name, member, value.tensor, value.persistent);
    }
  }
  void remove(const std::string& name) {
    remove_part(name);
    tensors_.erase(name);
  }
  /// What stands under a name; null for nothing of the kind.
  nn::ModulePtr part(const std::string& name) const {
    for (const auto& child : children()) {
      if (child.name == name) return child.module;
    }
    return nullptr;
  }
  const nn::Slot* slot(const std::string& name) const {
    const auto same = [&](const nn::Slot& one) { return one.name == name; };
    const auto found = std::find_if(slots().begin(), slots().end(), same);
    return found == slots().end() ? nullptr : &*found;
  }
  std::string source() const override;
  void push_fields() const { fields_.push(); }
  void push_class() const { table_.push(); }
  lua_State* thread() const { return fields_.thread(); }
  /// Its Lua state is its own from now on: errors end here.
  void set_apart() { apart_ = true; }

 protected:
  Map describe() const override;
  nn::Flow flow(const nn::Flow& input) override;

 private:
  nn::Flow called(const nn::Flow& input);
  static int new_table(lua_State* L) {
    lua_newtable(L);
    return lua_gettop(L);
  }
  ClassPtr class_;
  bool apart_ = false;
  Held table_, fields_, arguments_;
  std::map<std::string, at::Tensor> tensors_;
};

/// Throws where a name is one that every Module has: what a user would put there is never read.
void refuse_taken(const std::string& who, const std::string& name);

}  // namespace lumir::lua
