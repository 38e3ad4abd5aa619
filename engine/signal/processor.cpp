// Choosing a processor level and loading its module from beside the program.

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <unordered_map>

#include "core/error.h"
#include "core/observer.h"
#include "core/spill.h"
#include "signal/asked_kernels.h"
#include "signal/kernel.h"

namespace lumir::signal {
namespace {

using Replacements = std::unordered_map<AnyFunction*, AnyFunction*>;

/// What the processor can run, worst first.
std::vector<std::string> levels_of_processor() {
  std::vector<std::string> found = {"generic"};
#ifdef __x86_64__
  if (__builtin_cpu_supports("x86-64-v2")) found.push_back("v2");
  if (__builtin_cpu_supports("x86-64-v3")) found.push_back("v3");
  if (__builtin_cpu_supports("x86-64-v4")) found.push_back("v4");
#endif
  return found;
}

/// Kernels of a module by their generic versions; nothing where the module cannot be loaded.
bool load_module(const std::string& level, Replacements& replacements) {
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const auto path = program.parent_path() / ("liblumir-" + level + ".so");
  void* module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!module) return false;
  using List = const KernelEntry*(const Memory*, size_t*);
  const auto list = reinterpret_cast<List*>(dlsym(module, "lumir_kernels"));
  if (!list) return false;
  size_t count = 0;
  const Memory memory{&allocate_numbers, &free_numbers, &relieve_memory};
  const KernelEntry* entries = list(&memory, &count);
  std::map<std::string_view, AnyFunction*> by_name;
  for (size_t i = 0; i < count; ++i) by_name[entries[i].name] = entries[i].function;
  for (const auto& generic : kernels()) {
    const auto match = by_name.find(generic.name);
    if (match == by_name.end()) return false;  // a module of another build
    replacements[generic.function] = match->second;
  }
  return true;
}

struct Levels {
  std::map<std::string, Replacements> modules;
  std::vector<std::string> names = {"generic"};
  std::string current = "generic";

  Levels() {
    for (const auto& level : levels_of_processor()) {
      Replacements replacements;
      if (level == "generic" || !load_module(level, replacements)) continue;
      modules[level] = std::move(replacements);
      names.push_back(level);
    }
    current = names.back();
#if defined(LUMIR_HAS_LEVELS)
    if (const std::string best = levels_of_processor().back(); best != current) {
      observer().warn(
          "the kernels of level " + best + " (liblumir-" + best + ".so) are not beside the program; " +
          (current == "generic" ? "it runs the generic ones, which are slower" : "it runs those of " + current));
    }
#endif
    const char* wanted = std::getenv("LUMIR_SIMD");
    if (wanted && *wanted) choose(wanted);
  }

  void choose(const std::string& name) {
    std::string known;
    for (const auto& level : names) {
      if (level == name) {
        current = name;
        return;
      }
      known += (known.empty() ? "'" : ", '") + level + "'";
    }
    throw ArgumentError("LUMIR_SIMD = '" + name + "' is none of the levels of this machine: " + known);
  }
};

std::mutex guard;
bool notes = false;  // what is asked for
std::set<AnyFunction*> asked;

Levels& state() {
  static Levels levels;
  return levels;
}

}  // namespace

AnyFunction* best_of(AnyFunction* generic) {
  const std::lock_guard lock(guard);
  if (notes) asked.insert(generic);
  const auto& modules = state().modules;
  const auto module = modules.find(state().current);
  if (module == modules.end()) return generic;
  const auto found = module->second.find(generic);
  if (found == module->second.end()) throw std::logic_error("a function that is no LUMIR_KERNEL was asked for");
  return found->second;
}

std::string level_name() {
  const std::lock_guard lock(guard);
  return state().current;
}

std::vector<std::string> levels() {
  const std::lock_guard lock(guard);
  return state().names;
}

void use_level(const std::string& name) {
  const std::lock_guard lock(guard);
  state().choose(name);
}

AskedKernels::AskedKernels() {
  const std::lock_guard lock(guard);
  notes = true;
}

AskedKernels::~AskedKernels() {
  const std::lock_guard lock(guard);
  notes = false;
  asked.clear();
}

std::set<std::string> AskedKernels::names() const {
  const std::lock_guard lock(guard);
  std::set<std::string> names;
  for (const auto& kernel : kernels()) {
    if (asked.contains(kernel.function)) names.insert(kernel.name);
  }
  return names;
}

}  // namespace lumir::signal
