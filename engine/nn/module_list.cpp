// ModuleList: modules that a network calls one by one, by place.

#include "nn/module.h"

namespace lumir::nn {
namespace {

struct ModuleListOptions {
  std::vector<ModulePtr> modules;
  static Schema schema() { return {Option{"modules", &ModuleListOptions::modules, "what it holds", kListed}}; }
};

class ModuleList final : public Described<Module, ModuleListOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    int place = 0;
    for (const auto& module : option().modules) add_child(std::to_string(place++), module);
  }
  Flow flow(const Flow&) override {
    throw ArgumentError(name() + ": holds modules and computes nothing; call them one by one, as list[1](x)");
  }
};

LUMIR_MODULE(ModuleList, {.summary = "Modules by place, for networks that call them one by one: list[1](x).",
                          .returns = "nothing: it cannot be called",
                          .example = "nn.ModuleList { nn.Linear(8, 8), nn.Linear(8, 8) }[2]",
                          .source = "torch.nn.ModuleList"});

}  // namespace
}  // namespace lumir::nn
