// Evaluates what is typed, entry by entry, and shows what comes of it.

#pragma once

#include <string>
#include <vector>

#include "bind/state.h"

namespace lumir::lua {

/// What the prompt's own functions ask of the session (traceback, save_session): one for each Lua state.
struct Typed {
  std::vector<std::string> entries;  // all of them; the place of one is its number
  std::vector<bool> good;            // whether each ran without an error
  Way way;                           // to the last error
};
Typed& typed_in(lua_State* L);

/// From now on `require` looks first in the folder of a recipe, wherever the program was started.
void find_modules_beside(lua_State* L, const std::string& recipe);

class Interpreter {
 public:
  /// Opens the modules of `lumir` as globals and, unless `quiet`, greets. A start file that fails is warned of.
  explicit Interpreter(bool quiet);

  lua_State* state() const { return state_.get(); }
  /// The number of the next entry.
  size_t number() const;
  /// Whether it goes on in another line: a block, a bracket or a long text is open.
  bool unfinished(const std::string& code) const;
  /// `exit` and `quit`.
  static bool leaves(const std::string& entry);
  /// Runs an entry and prints what it gives, unless it ends in a semicolon, or what is wrong with it. The status as of
  /// a program: 0 where all was well, 130 where it was stopped.
  int run(const std::string& entry);

 private:
  Outcome evaluate(const std::string& code);
  void keep_results(size_t number);
  void say(const Outcome& outcome, const std::string& code, size_t number) const;

  std::unique_ptr<lua_State, void (*)(lua_State*)> state_;
};

}  // namespace lumir::lua
