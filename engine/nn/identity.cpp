// Identity: nothing is changed; a place in a network that is left open.

#include "nn/module.h"

namespace lumir::nn {
namespace {

class Identity final : public Described<Module, NoOptions> {
 public:
  using Described::Described;

 protected:
  Flow flow(const Flow& input) override { return input; }
};

LUMIR_MODULE(Identity, {.summary = "Changes nothing.",
                        .returns = "what comes in",
                        .example = "nn.Identity()(torch.randn(8, 64))",
                        .source = "torch.nn.Identity"});

}  // namespace
}  // namespace lumir::nn
