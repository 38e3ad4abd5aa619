// LUMIR_FUSED.

#include "tensor/fused.h"

#include <atomic>
#include <cstdlib>
#include <string>

#include "core/error.h"

namespace lumir::tensor {
namespace {

bool asked_for() {
  const char* given = std::getenv("LUMIR_FUSED");
  const std::string word = given && *given ? given : "on";
  if (word != "on" && word != "off") throw ArgumentError("LUMIR_FUSED = '" + word + "' is neither 'on' nor 'off'");
  return word == "on";
}

std::atomic<bool>& state() {
  static std::atomic<bool> use{asked_for()};
  return use;
}

}  // namespace

bool fused_kernels() { return state(); }
void use_fused_kernels(bool use) { state() = use; }

}  // namespace lumir::tensor
