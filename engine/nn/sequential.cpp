// Sequential: modules one after the other.

#include "nn/module.h"

namespace lumir::nn {
namespace {

struct SequentialOptions {
  std::vector<ModulePtr> modules;
  static Schema schema() {
    return {Option{"modules", &SequentialOptions::modules, "what to do, in order", kListed}};
  }
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
    for (const auto& module : option().modules) current = (*module)(current);
    return current;
  }
};

LUMIR_MODULE(Sequential, {.summary = "Modules one after the other; each takes what the one before gives.",
                          .returns = "what the last one gives",
                          .example = "nn.Sequential { nn.Linear(512, 64), nn.ReLU(), nn.Linear(64, 20) }",
                          .source = "torch.nn.Sequential"});

}  // namespace
}  // namespace lumir::nn
