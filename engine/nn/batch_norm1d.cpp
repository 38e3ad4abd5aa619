// BatchNorm1d: every channel of rows or sequences gets mean 0 and deviation 1 over the batch, then a learnt scale.

#include "nn/batch_norm.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

class BatchNorm1d final : public BatchNorm {
 public:
  using BatchNorm::BatchNorm;

 protected:
  void check(const at::Tensor& x) const override {
    if (x.dim() == 2 || x.dim() == 3) return;
    throw ArgumentError(name() + ": takes [batch, channels] or [batch, channels, time], got " +
                        tensor::show_shape(x.sizes()));
  }
};

LUMIR_MODULE(BatchNorm1d,
             {.summary = "Gives every channel mean 0 and deviation 1 over the batch (in eval: over what it "
                         "has seen in training), then a learnt scale and shift.",
              .returns = "the shape of x: [batch, channels] or [batch, channels, time]",
              .example = "nn.BatchNorm1d(256)(torch.randn(8, 256))",
              .source = "torch.nn.BatchNorm1d; Ioffe and Szegedy, Batch Normalization (2015)"});

}  // namespace
}  // namespace lumir::nn
