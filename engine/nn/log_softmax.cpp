// LogSoftmax: logarithms of the shares that Softmax gives.

#include <ATen/ops/log_softmax.h>

#include "nn/module.h"
#include "nn/sizes.h"

namespace lumir::nn {
namespace {

struct LogSoftmaxOptions {
  Position dim{-1};
  static Schema schema() {
    return {Option{"dim", &LogSoftmaxOptions::dim, "along which dimension, from 1; -1 is the last", kArgument}};
  }
};

class LogSoftmax final : public Described<Layer, LogSoftmaxOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& x) override { return at::log_softmax(x, option().dim.number); }
};

LUMIR_MODULE(LogSoftmax, {.summary = "Logarithms of the shares that scores make along one dimension.",
                          .returns = "the shape of x",
                          .example = "nn.LogSoftmax(-1)(torch.randn(8, 20))",
                          .source = "torch.nn.LogSoftmax"});

}  // namespace
}  // namespace lumir::nn
