// Sequential: modules one after the other.
//
// Between two of them goes one tensor, the first, and what is known of it by name: a recurrent layer's states stay
// behind. The last one's results come out whole.

#include <algorithm>

#include <ATen/core/Tensor.h>

#include "nn/joined.h"
#include "nn/layout.h"
#include "nn/module.h"
#include "nn/named_parts.h"
#include "tensor/fused.h"
#include "tensor/operator_record.h"

namespace lumir::nn {
namespace {

struct SequentialOptions {
  std::vector<ModulePtr> modules;
  std::vector<std::string> names;
  static Schema schema() {
    return {Option{"modules", &SequentialOptions::modules, "what to do, in order", kListed},
            names_option<SequentialOptions>()};
  }
};

bool is_convolution(const NamedModule& part) { return part.module->name() == "Conv2d"; }
/// What is written in Lua, and hooks, may look at how a tensor lies.
bool is_watched(const NamedModule& part) { return part.module->is_watched() || !is_module(part.module->entry()); }

/// Whether pictures may lie otherwise in a Sequential than it is given them: see nn/layout.h.
bool lays_out(const Flow& flow, Module& parts) {
  if (Layout::is_on() || flow.tensors.empty() || !tensor::fused_kernels() || tensor::records_operators()) return false;
  if (!flow.tensors[0].is_cpu() || flow.tensors[0].scalar_type() != at::kFloat) return false;
  const auto all = all_of(parts.shared_from_this());
  // hooks of the outermost itself see what comes in and what goes out
  return std::any_of(all.begin(), all.end(), is_convolution) && std::none_of(all.begin() + 1, all.end(), is_watched);
}

class Sequential final : public Described<Module, SequentialOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    for (const auto& part : named_parts(option().modules, option().names, name())) add_child(part.name, part.module);
  }
  Flow flow(const Flow& input) override {
    Flow current = input;
    const bool outermost = lays_out(current, *this);
    const Layout layout(outermost);
    for (size_t place = 0; place < option().modules.size();) {
      if (current.tensors.size() > 1 && place > 0) current.tensors.resize(1);
      place += joined_.run(option().modules, place, current);
    }
    for (auto& tensor : current.tensors) {
      if (outermost) tensor = Layout::put_back(tensor);
    }
    return current;
  }

 private:
  Joined joined_;
};

LUMIR_MODULE(Sequential, {.summary = "Modules one after the other; each takes what the one before gives.",
                          .returns = "what the last one gives",
                          .example = "nn.Sequential { nn.Linear(512, 64), nn.ReLU(), nn.Linear(64, 20) }",
                          .source = "torch.nn.Sequential"});

}  // namespace
}  // namespace lumir::nn
