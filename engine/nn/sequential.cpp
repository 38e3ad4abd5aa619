// Sequential: modules one after the other.
//
// Between two of them goes one tensor, the first, and what is known of it by name: a recurrent layer's states stay
// behind. The last one's results come out whole.

#include "nn/module.h"

namespace lumir::nn {
namespace {

struct SequentialOptions {
  std::vector<ModulePtr> modules;
  static Schema schema() { return {Option{"modules", &SequentialOptions::modules, "what to do, in order", kListed}}; }
};

class Sequential final : public Described<Module, SequentialOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    int place = 0;
    for (const auto& module : option().modules) add_child(std::to_string(place++), module);
  }
  Flow flow(const Flow& input) override {
    Flow current = input;
    for (const auto& module : option().modules) {
      if (current.tensors.size() > 1 && &module != &option().modules.front()) current.tensors.resize(1);
      current = (*module)(current);
    }
    return current;
  }
};

LUMIR_MODULE(Sequential, {.summary = "Modules one after the other; each takes what the one before gives.",
                          .returns = "what the last one gives",
                          .example = "nn.Sequential { nn.Linear(512, 64), nn.ReLU(), nn.Linear(64, 20) }",
                          .source = "torch.nn.Sequential"});

}  // namespace
}  // namespace lumir::nn
