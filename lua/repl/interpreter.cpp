// An entry is an expression, a few statements, a question (`? mfcc`) or a command of the shell (`!ls`).

#include "repl/interpreter.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string_view>
#include <utility>

#include <unistd.h>

#include "api/figures.h"
#include "api/run.h"
#include "bind/bind.h"
#include "bind/owned.h"
#include "bind/run.h"
#include "bind/slips.h"
#include "bind/text.h"
#include "core/error.h"
#include "core/file.h"
#include "core/interrupt.h"
#include "core/memory.h"
#include "core/terminal.h"
#include "core/text.h"
#include "repl/lua_text.h"

namespace lumir::lua {
namespace {

std::string trimmed(const std::string& text) {
  const size_t first = text.find_first_not_of(" \t\n");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\n") + 1 - first);
}

std::string quoted(const std::string& text) { return show(Value(text)); }

/// A word alone that asks for a call: `help`, `who`. One that the user has given another meaning is a value like others.
bool is_command(lua_State* L, const std::string& word) {
  static constexpr std::array<std::string_view, 4> kCommands = {"help", "who", "reload", "traceback"};
  if (std::find(kCommands.begin(), kCommands.end(), word) == kCommands.end()) return false;
  push_text(L, word);
  lua_rawget(L, LUA_GLOBALSINDEX);
  const bool is_function = lua_isfunction(L, -1);
  lua_pop(L, 1);
  return is_function;
}

/// `? mfcc`, `feature.mfcc?`, `?? mfcc`, `!ls`, `=x` and `help` in Lua.
std::string in_lua(lua_State* L, const std::string& entry) {
  const std::string text = trimmed(entry);
  if (is_command(L, text)) return text + "()";
  if (text.starts_with("!")) return "lumir.prompt.shell(" + quoted(trimmed(text.substr(1))) + ")";
  if (text.starts_with("=")) return text.substr(1);
  const bool before = text.starts_with("?"), behind = text.size() > 1 && text.ends_with("?");
  if (!before && !behind) return entry;
  const bool source = text.starts_with("??") || (behind && text.ends_with("??"));
  const size_t first = text.find_first_not_of("? "), last = text.find_last_not_of("? ");
  if (first == std::string::npos) return "help()";
  return (source ? "lumir.prompt.source(" : "help(") + quoted(text.substr(first, last + 1 - first)) + ")";
}

/// What an entry is called in messages: its number in brackets.
std::string chunk_name(size_t number) { return "=[" + std::to_string(number) + "]"; }

bool load(lua_State* L, const std::string& code, const std::string& name) {
  return luaL_loadbuffer(L, code.data(), code.size(), name.c_str()) == 0;
}

/// Leaves the entry as a function: of an expression, of statements, whose outermost `local` reach the next entry, or of
/// statements and an expression behind them ("x = 5; x"). False, with Lua's message in its place, where it is none of them.
bool compile(lua_State* L, const std::string& code, const std::string& name) {
  std::string expression = trimmed(code);
  while (expression.ends_with(";")) expression.pop_back();
  if (load(L, "return " + expression, name)) return true;
  lua_pop(L, 1);
  const std::string statements = with_kept_locals(code);
  if (load(L, statements, name)) return true;
  std::string last = with_kept_locals(expression);
  const auto place = last_statement(last);
  if (!place) return false;
  if (load(L, last.insert(*place, "return "), name)) return lua_remove(L, -2), true;
  lua_pop(L, 1);
  return false;
}

/// Prints its arguments, a line for each, figures as pictures above it; nothing for a single nil. The path behind a
/// figure is left out: report.show, which gives both, has printed it.
int print_results(lua_State* L) {
  const int top = lua_gettop(L);
  for (int i = 1; i <= top; ++i) {
    if (lua_isnil(L, i) && top == 1) break;
    if (i == 2 && top == 2 && lua_type(L, 2) == LUA_TSTRING && kind_at(L, 1) == "Figure") break;
    if (const std::string picture = picture_at(L, i); !picture.empty()) std::puts(picture.c_str());
    std::puts(printed_text(L, i).c_str());
  }
  return 0;
}

/// "[2]:1: message": which line of the entry it is about, 0 for none; the place is taken off.
int take_line(std::string& message, size_t number) {
  const std::string place = chunk_name(number).substr(1) + ":";
  if (!message.starts_with(place)) return 0;
  const size_t end = message.find(": ", place.size());
  if (end == std::string::npos) return 0;
  const int line = std::atoi(message.c_str() + place.size());
  message.erase(0, end + 2);
  return line;
}

std::string line_of(const std::string& code, int line) {
  size_t begin = 0;
  for (int i = 1; i < line && begin != std::string::npos; ++i) {
    begin = code.find('\n', begin);
    if (begin != std::string::npos) ++begin;
  }
  return begin == std::string::npos ? "" : code.substr(begin, code.find('\n', begin) - begin);
}

/// Where in a line that stands which the message names in quotes; npos for none.
std::pair<size_t, size_t> place_named(const std::string& line, const std::string& message) {
  for (size_t open = message.find('\''); open != std::string::npos; open = message.find('\'', open + 1)) {
    const size_t close = message.find('\'', open + 1);
    if (close == std::string::npos) break;
    const std::string name = message.substr(open + 1, close - open - 1);
    for (const Token& token : tokens_of(line)) {
      const std::string_view found = token.of(line);
      if (found == name || (token.kind == Token::Kind::text && found.substr(1, found.size() - 2) == name)) {
        return {token.begin, token.end};
      }
    }
  }
  return {std::string::npos, 0};
}

/// The line of an entry that an error is about, with a mark under what it names; nothing for an entry of one line in which
/// there is nothing to mark.
std::string shown_line(const std::string& code, int line, const std::string& message) {
  const std::string text = line_of(code, line);
  const auto [begin, end] = place_named(text, message);
  const bool marked = begin != std::string::npos;
  if (line == 0 || text.empty() || (!marked && code.find('\n') == std::string::npos)) return "";
  const std::string number = "  " + std::to_string(line) + " | ";
  std::string shown = number + text + "\n";
  if (!marked) return shown;
  const size_t before = text_width(number) + text_width(text.substr(0, begin));
  return shown + std::string(before, ' ') + std::string(text_width(text.substr(begin, end - begin)), '^') + "\n";
}

/// The time and memory of what took over a tenth of a second; nothing in a pipe.
void say_cost(double seconds, size_t before) {
  constexpr double kShort = 0.1, kMega = 1e6, kSeen = 1.0;
  if (seconds < kShort || isatty(STDOUT_FILENO) == 0) return;
  const double grown = (static_cast<double>(allocated_bytes()) - static_cast<double>(before)) / kMega;
  std::printf(std::abs(grown) < kSeen ? "  %.2f s\n" : "  %.2f s, %+.0f MB\n", seconds, grown);
}

/// ~/.config/lumir/start.lua, or what $LUMIR_START names; "" where there is none.
std::string start_file() {
  const char* named = std::getenv("LUMIR_START");
  const char* config = std::getenv("XDG_CONFIG_HOME");
  const char* home = std::getenv("HOME");
  std::string path = named ? named : "";
  if (!named && config && *config) path = std::string(config) + "/lumir/start.lua";
  if (!named && !(config && *config) && home) path = std::string(home) + "/.config/lumir/start.lua";
  std::error_code problem;
  return std::filesystem::is_regular_file(path, problem) ? path : "";
}

void check(const Outcome& outcome) {
  if (outcome.status != 0) throw Error(outcome.message);
}

/// The recipe that an entry ran is at its end; false, with one line, where that cannot be written down.
bool finish_recipe(lua_State* L, const Outcome& outcome) {
  if (run_of(L).recipe.empty()) return true;
  bool written = true;
  try {
    end_run(L, outcome);
  } catch (const std::exception& problem) {
    std::printf("error: %s\n", visible(message_of(problem)).c_str());
    written = false;
  }
  session_of(L) = {};
  run_of(L) = {};
  return written;
}

}  // namespace

void find_modules_beside(lua_State* L, const std::string& recipe) {
  const std::string above = std::filesystem::path(recipe).parent_path().string();
  const std::string folder = above.empty() ? "." : above;
  if (folder.find_first_of("?;") != std::string::npos) return;  // these have a meaning in Lua's patterns
  const std::string patterns = folder + "/?.lua;" + folder + "/?/init.lua;";
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "path");
  const std::string known = lua_isstring(L, -1) ? lua_tostring(L, -1) : "";
  lua_pop(L, 1);
  if (!known.starts_with(patterns)) {
    lua_pushstring(L, (patterns + known).c_str());
    lua_setfield(L, -2, "path");
  }
  lua_pop(L, 1);
}

namespace {

/// core.begin_recipe(path, args): what runs now is a recipe with a run folder; gives its chunk, whose variables stay.
int begin_recipe(Call& call) {
  const std::string path = call.path(1);
  std::vector<std::string> args = call.words(2, "args");
  std::string code = read_file(path);
  if (code.starts_with("#")) code.insert(0, "--");
  code = with_kept_locals(code);
  if (luaL_loadbuffer(call.L, code.data(), code.size(), ("@" + path).c_str()) != 0) {
    throw Error(with_hint(lua_tostring(call.L, -1), code));
  }
  find_modules_beside(call.L, path);
  session_of(call.L) = {};
  run_of(call.L) = {.recipe = path, .args = std::move(args), .options = {}, .flags = {}};
  return 1;
}

int entries_typed(Call& call) {
  const Typed& typed = typed_in(call.L);
  List list;
  for (size_t i = 0; i < typed.good.size(); ++i) {
    if (typed.good[i]) list.emplace_back(typed.entries[i]);
  }
  return call.push(Value(list));
}

/// How often the profiler met each line, and how often within the engine.
struct Seen {
  std::map<std::string, std::pair<int, int>> lines;
};

/// The innermost line of Lua: what runs within it may be a function of the engine, which has none.
void see(void* data, lua_State* L, int samples, int state) {
  constexpr int kDepth = 8;
  size_t length = 0;
  const char* stack = luaJIT_profile_dumpstack(L, "plZ;", kDepth, &length);
  std::string_view rest(stack, length);
  while (rest.starts_with("@0x") || rest.starts_with("[builtin")) {
    const size_t next = rest.find(';');
    if (next == std::string_view::npos) break;
    rest.remove_prefix(next + 1);
  }
  auto& [all, engine] = static_cast<Seen*>(data)->lines[std::string(rest.substr(0, rest.find(';')))];
  all += samples;
  if (state == 'C') engine += samples;
}

/// The profiler, for as long as it lives.
class Watch {
 public:
  Watch(lua_State* state, Seen& seen) : state_(state) { luaJIT_profile_start(state_, "li1", see, &seen); }
  ~Watch() {
    luaJIT_profile_stop(state_);
    watch_compiled_code(state_);
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  lua_State* state_;
};

/// core.profile(body): a list of { line, samples of a millisecond, those within the engine }.
int profile(Call& call) {
  Seen seen;
  {
    const Watch watch(call.L, seen);
    lua_pushvalue(call.L, 1);
    lua_call(call.L, 0, 0);
  }
  List list;
  for (const auto& [line, counts] : seen.lines) list.push_back(List{line, counts.first, counts.second});
  return call.push(Value(list));
}

/// What only the prompt's own Lua sees.
const Module core_module("core", [](ModuleTable& module) {
  module.function("begin_recipe", begin_recipe);
  module.function("entries_typed", entries_typed);
  module.function("kept_locals", [](Call& call) { return call.push(with_kept_locals(call.text(1))); });
  module.function("profile", profile);
  module.function("last_way", [](Call& call) { return call.push(whole_way(typed_in(call.L).way)); });
  module.function("last_frames", [](Call& call) { return push_frames(call.L), 1; });
  module.function("printed", [](Call& call) { return call.push(printed_text(call.L, 1)); });
  module.function("printed_line", [](Call& call) { return call.push(printed_line(call.L, 1)); });
  module.function("function_name", [](Call& call) { return call.push(name_of_function(call.L, 1)); });
});

}  // namespace

Typed& typed_in(lua_State* L) { return owned_by<Typed>(L); }

Interpreter::Interpreter(bool quiet) : state_(open_state()) {
  lua_State* L = state();
  check(run_chunk(L, embedded("lua/repl/start.lua"), "@lua/repl/start.lua", {quiet ? "quiet" : ""}));
  keep_frames(L);
  const std::string path = start_file();
  if (path.empty()) return;
  const Outcome outcome = run_chunk(L, with_kept_locals(read_file(path)), "@" + path, {});
  if (outcome.status != 0) std::fprintf(stderr, "warning: %s\n", outcome.message.c_str());
}

size_t Interpreter::number() const { return typed_in(state()).entries.size() + 1; }

bool Interpreter::leaves(const std::string& entry) {
  const std::string word = trimmed(entry);
  return word == "exit" || word == "quit" || word == "exit()" || word == "quit()";
}

bool Interpreter::unfinished(const std::string& code) const {
  lua_State* L = state();
  const bool whole = compile(L, in_lua(L, code), "=entry");
  const std::string problem = whole ? "" : lua_tostring(L, -1);
  lua_pop(L, 1);
  return problem.ends_with("'<eof>'");
}

void Interpreter::keep_results(size_t number) {
  lua_State* L = state();
  if (lua_gettop(L) == 0 || lua_isnil(L, 1)) return;
  for (const std::string& name : {std::string("_"), "_" + std::to_string(number)}) {
    lua_pushlstring(L, name.data(), name.size());
    lua_pushvalue(L, 1);
    lua_rawset(L, LUA_GLOBALSINDEX);
  }
}

/// The results stay on the stack.
Outcome Interpreter::evaluate(const std::string& code) {
  lua_State* L = state();
  const size_t number = typed_in(L).entries.size();
  if (!compile(L, code, chunk_name(number))) {
    Outcome outcome{1, with_hint(lua_tostring(L, -1), code), {}};
    lua_settop(L, 0);
    return outcome;
  }
  Outcome outcome = call_function(L, 0, LUA_MULTRET);
  if (outcome.status != 0) return outcome;
  keep_results(number);
  if (trimmed(code).ends_with(";")) return outcome;
  lua_pushcfunction(L, print_results);  // which may take time, and be stopped as well
  lua_insert(L, 1);
  return call_function(L, lua_gettop(L) - 1, 0);
}

void Interpreter::say(const Outcome& outcome, const std::string& code, size_t number) const {
  std::string message = outcome.message;
  const int line = take_line(message, number);
  std::fflush(stdout);
  const std::string said = for_terminal("error: " + message) + "\n" + shown_line(code, line, message);
  std::fputs((said + short_way(outcome.way)).c_str(), isatty(STDOUT_FILENO) != 0 ? stdout : stderr);
}

int Interpreter::run(const std::string& entry) {
  lua_State* L = state();
  Typed& typed = typed_in(L);
  typed.entries.push_back(entry);
  const std::string code = in_lua(L, entry);
  const auto started = std::chrono::steady_clock::now();
  const size_t before = allocated_bytes();
  const Outcome outcome = evaluate(code);
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - started;
  lua_settop(L, 0);
  typed.good.push_back(outcome.status == 0);
  if (outcome.status == 130) {
    std::printf("interrupted after %.1f s\n", spent.count());
  } else if (outcome.status != 0) {
    typed.way = outcome.way;
    say(outcome, code, typed.entries.size());
  } else {
    say_cost(spent.count(), before);
  }
  const bool finished = finish_recipe(L, outcome);
  clear_interrupt();
  std::fflush(stdout);
  return outcome.status == 0 && !finished ? 1 : outcome.status;
}

}  // namespace lumir::lua
