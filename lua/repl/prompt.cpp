// Reading, evaluating and printing.

#include "repl/prompt.h"

#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>

#include <unistd.h>

#include "bind/slips.h"
#include "bind/state.h"
#include "core/interrupt.h"

namespace lumir::lua {
namespace {

/// Loads `return code` or else `code`; true when something is on the stack to call. `more` says that the chunk is
/// not finished yet.
bool load(lua_State* L, const std::string& code, bool& more) {
  more = false;
  const std::string expression = "return " + code;
  if (luaL_loadbuffer(L, expression.data(), expression.size(), "=prompt") == 0) return true;
  lua_pop(L, 1);
  if (luaL_loadbuffer(L, code.data(), code.size(), "=prompt") == 0) return true;
  const std::string problem = lua_tostring(L, -1);
  more = problem.ends_with("'<eof>'");
  return false;
}

/// "? mfcc" asks for help.
std::string translate(const std::string& line) {
  const size_t at = line.find_first_not_of(' ');
  if (at == std::string::npos || line[at] != '?') return line;
  const size_t word = line.find_first_not_of(" ?", at);
  return word == std::string::npos ? "help()" : "help '" + line.substr(word) + "'";
}

std::string without_place(std::string message) {
  if (!message.starts_with("prompt:")) return message;
  const size_t end = message.find(": ");
  return end == std::string::npos ? message : message.substr(end + 2);
}

/// Prints its arguments, a line for each; nothing for a single nil.
int print_results(lua_State* L) {
  const int top = lua_gettop(L);
  for (int i = 1; i <= top; ++i) {
    if (lua_isnil(L, i) && top == 1) break;
    std::puts(printed_text(L, i).c_str());
  }
  return 0;
}

/// Runs what is on the stack and prints what it gives, which may take time and be stopped as well.
Outcome run_and_print(lua_State* L) {
  lua_pushcfunction(L, print_results);
  lua_insert(L, 1);
  const Outcome outcome = call_function(L, 0, LUA_MULTRET);
  return outcome.status == 0 ? call_function(L, lua_gettop(L) - 1, 0) : outcome;
}

void evaluate(lua_State* L) {
  const auto started = std::chrono::steady_clock::now();
  const Outcome outcome = run_and_print(L);
  if (outcome.status == 130) {
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - started;
    std::printf("interrupted after %.1f s\n", spent.count());
  } else if (!outcome.message.empty()) {
    std::printf("error: %s\n%s", without_place(outcome.message).c_str(), short_way(outcome.way).c_str());
  }
  clear_interrupt();
}

/// The next line; false at the end of the input. Ctrl-C gives an empty one and forgets what was pending.
bool read_line(std::string& line, std::string& pending) {
  const bool terminal = isatty(STDIN_FILENO) != 0;
  if (terminal) std::fputs(pending.empty() ? "> " : ">> ", stdout);
  std::fflush(stdout);
  rest_from_interrupts(true);
  const bool read = static_cast<bool>(std::getline(std::cin, line));
  rest_from_interrupts(false);
  if (!interrupted()) return read;
  clear_interrupt();
  if (read) return true;
  std::cin.clear();
  line.clear();
  pending.clear();
  if (terminal) std::puts("");
  return true;
}

}  // namespace

int run_prompt() {
  const auto state = open_state();
  lua_State* L = state.get();
  const Outcome start = run_chunk(L, embedded("lua/repl/start.lua"), "@lua/repl/start.lua", {});
  if (start.status != 0) {
    std::fprintf(stderr, "error: %s\n", start.message.c_str());
    return start.status;
  }
  std::string pending, line;
  while (true) {
    if (!read_line(line, pending)) break;
    if (pending.empty()) line = translate(line);
    pending += (pending.empty() ? "" : "\n") + line;
    if (pending.find_first_not_of(" \n\t") == std::string::npos) {
      pending.clear();
      continue;
    }
    bool more = false;
    if (load(L, pending, more)) {
      evaluate(L);
    } else if (more) {
      lua_pop(L, 1);
      continue;
    } else {
      std::printf("error: %s\n", without_place(with_hint(lua_tostring(L, -1), pending)).c_str());
    }
    lua_settop(L, 0);
    pending.clear();
  }
  if (isatty(STDIN_FILENO)) std::puts("");
  return 0;
}

}  // namespace lumir::lua
