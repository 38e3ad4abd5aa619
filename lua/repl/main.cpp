// The program: `lumir` is a prompt, `lumir FILE.lua` runs a recipe, `lumir COMMAND` runs scripts/COMMAND.lua.

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "api/run.h"
#include "bind/run.h"
#include "bind/state.h"
#include "core/error.h"
#include "core/file.h"
#include "core/interrupt.h"
#include "core/memory.h"
#include "core/openmp.h"
#include "core/parallel.h"
#include "core/terminal.h"
#include "core/text.h"
#include "core/value.h"
#include "core/version.h"
#include "repl/interpreter.h"
#include "repl/prompt.h"
#include "signal/kernel.h"
#include "tensor/fused.h"

namespace lumir::lua {
namespace {

std::vector<std::string> commands() {
  std::vector<std::string> names;
  for (const auto& path : embedded_below("scripts/")) names.push_back(std::filesystem::path(path).stem().string());
  return names;
}

/// The first comment line of a command's script.
std::string summary_of(const std::string& command) {
  const std::string_view code = embedded("scripts/" + command + ".lua");
  const std::string_view line = code.substr(0, code.find('\n'));
  return std::string(line.starts_with("-- ") ? line.substr(3) : line);
}

void print_help() {
  std::string text =
      "lumir                              a prompt; help 'name' explains\n"
      "lumir -e CODE | -i FILE.lua | -    runs code; a recipe and then a prompt; a recipe from standard input\n"
      "lumir help NAME                    explains a function, type or module: lumir help mfcc\n"
      "lumir RECIPE.lua [--option=value]  runs an experiment; --help lists its options\n";
  for (const auto& command : commands()) text += pad_right("lumir " + command, 35) + summary_of(command) + "\n";
  std::fputs(for_terminal(text).c_str(), stdout);
}

/// Says how it ended; `traceback` asks for every call on the way to an error.
int report(const Outcome& outcome, bool traceback = false) {
  std::fflush(stdout);
  if (outcome.status == 130) {
    std::fputs("interrupted\n", stderr);
  } else if (!outcome.message.empty()) {
    std::fprintf(stderr, "error: %s\n", outcome.message.c_str());
    std::fputs((traceback ? whole_way(outcome.way) : short_way(outcome.way)).c_str(), stderr);
  }
  return outcome.status;
}

int wrong_usage(const std::string& message) {
  std::fprintf(stderr, "error: %s\n", visible(message).c_str());
  return 2;
}

int run_recipe(const std::string& path, std::vector<std::string> args) {
  const std::string code = read_file(path);
  const auto state = open_state();
  const bool traceback = std::erase(args, "--traceback") > 0;
  find_modules_beside(state.get(), path);
  run_of(state.get()).recipe = path;
  run_of(state.get()).args = std::move(args);
  const Outcome outcome = run_chunk(state.get(), code, "@" + path, {});
  const int status = report(outcome, traceback);
  end_run(state.get(), outcome);
  return status == 0 && run_of(state.get()).unfit ? 1 : status;
}

int run_code(const std::vector<std::string>& args) {
  if (args.size() != 1) return wrong_usage("-e takes one argument, the code, got " + std::to_string(args.size()));
  return run_entry(args[0]);
}

/// Leaves a recipe's variables to a prompt.
int run_and_ask(const std::vector<std::string>& args) {
  if (args.empty()) return wrong_usage("-i takes a recipe and its options");
  std::string entry = "run(";
  for (size_t i = 0; i < args.size(); ++i) entry += (i > 0 ? ", " : "") + show(Value(args[i]));
  return run_prompt(entry + ")");
}

int run_input(const std::vector<std::string>& args) {
  const std::string code{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  const auto state = open_state();
  return report(run_chunk(state.get(), code, "=stdin", args));
}

/// All that a command's script says at its head; "" where there is no such command.
std::string head_of(const std::string& command) {
  std::string head;
  std::string_view rest = embedded("scripts/" + command + ".lua");
  while (rest.starts_with("--")) {
    const size_t end = std::min(rest.find('\n'), rest.size() - 1);
    head += " " + std::string(rest.substr(2, end - 2)) + "\n";  // a space stands behind the mark
    rest.remove_prefix(end + 1);
  }
  return head;
}

/// A command and what is called like it in Lua.
int help_on(const std::vector<std::string>& names) {
  if (names.size() > 1) return wrong_usage("help explains one name at a time, got '" + names[1] + "' too");
  const std::string head = head_of(names[0]);
  if (!head.empty()) std::fputs(for_terminal("lumir " + names[0] + "\n" + head).c_str(), stdout);
  const auto state = open_state();
  const Outcome outcome = run_chunk(state.get(), "require('lumir').help(...)", kOwnChunk, names);
  return head.empty() ? report(outcome) : 0;
}

/// What was printed has arrived, or the program says that it has not.
int printed(int status) {
  errno = 0;
  if (std::fflush(stdout) == 0 && !std::ferror(stdout)) return status;
  std::fprintf(stderr, "error: standard output: %s\n", errno ? std::strerror(errno) : "not all could be written");
  return status == 0 ? 1 : status;
}

int run_command(const std::string& name, const std::vector<std::string>& args) {
  const std::string_view code = embedded("scripts/" + name + ".lua");
  if (code.data() == nullptr) {
    std::vector<std::string> known = commands();
    known.push_back("help");
    return wrong_usage("'" + name + "' is neither a recipe (FILE.lua) nor a command" + did_you_mean(name, known) +
                       "; 'lumir help' lists them");
  }
  const auto state = open_state();
  return report(run_chunk(state.get(), code, "@scripts/" + name + ".lua", args));
}

/// Reads what is set by the environment, so that a slip there is told at once and not where it is first asked for.
void check_environment() {
  thread_count();
  tensor::fused_kernels();
  signal::level_name();
}

int run(const std::vector<std::string>& args) {
  catch_interrupts();
  const std::string first = args.empty() ? "" : args[0];
  if (first == "help" && args.size() > 1) return help_on({args.begin() + 1, args.end()});
  if (first == "help" || first == "--help" || first == "-h") return print_help(), 0;
  if (first == "--version") return std::printf("lumir %s\n", version().c_str()), 0;
  check_environment();
  if (args.empty()) return run_prompt();
  const std::vector<std::string> rest(args.begin() + 1, args.end());
  if (first.ends_with(".lua")) return run_recipe(first, rest);
  if (first == "-e") return run_code(rest);
  if (first == "-i") return run_and_ask(rest);
  if (first == "-") return run_input(rest);
  if (first.starts_with("-")) return wrong_usage(first + " is no option of lumir; lumir help lists what it does");
  return run_command(first, rest);
}

}  // namespace
}  // namespace lumir::lua

int main(int argc, char** argv) {
  lumir::keep_freed_memory();
  lumir::let_waiting_threads_sleep();
  try {
    return lumir::lua::printed(lumir::lua::run({argv + 1, argv + argc}));
  } catch (const lumir::Interrupted&) {
    return 130;
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "error: %s\n", lumir::visible(problem.what()).c_str());
    return 1;
  }
}
