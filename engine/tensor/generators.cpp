// Generators by device.

#include "tensor/generators.h"

#include <utility>
#include <vector>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>

#include "core/error.h"
#include "tensor/convert.h"
#include "tensor/messages.h"

namespace lumir::tensor {
namespace {

/// By the names that their states have; the generators themselves, not copies.
std::vector<std::pair<std::string, at::Generator>> generators() {
  std::vector<std::pair<std::string, at::Generator>> all{{"generator", at::detail::getDefaultCPUGenerator()}};
  const size_t gpus = at::hasCUDA() ? at::getNumGPUs() : 0;
  for (size_t i = 0; i < gpus; ++i) {
    const at::Device device(at::kCUDA, static_cast<c10::DeviceIndex>(i));
    all.emplace_back("generator." + device.str(), at::globalContext().defaultGenerator(device));
  }
  return all;
}

}  // namespace

State generator_states() {
  State states;
  for (const auto& [name, generator] : generators()) states[name] = to_array(generator.get_state(), "generator");
  return states;
}

void set_generator_states(const State& states, const std::string& who) {
  if (!states.contains("generator")) throw Error(who + ": has no state of the generator");
  for (auto& [name, generator] : generators()) {
    const auto found = states.find(name);
    if (found == states.end()) continue;
    try {
      generator.set_state(from_array(found->second));
    } catch (const c10::Error& problem) {
      throw Error(who + ": '" + name + "' is no state of a generator: " + in_words(problem.what_without_backtrace()));
    }
  }
}

}  // namespace lumir::tensor
