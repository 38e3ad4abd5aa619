// LastFrame: what a recurrent layer knows when it has heard everything.
//
// A padded sequence ends where it truly ends: at its length, if lengths flow beside it.

#include <ATen/TensorOperators.h>
#include <ATen/ops/gather.h>

#include "nn/lengths.h"
#include "nn/module.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

struct LastFrameOptions {
  bool batch_first = true;
  static Schema schema() {
    return {Option{"batch_first", &LastFrameOptions::batch_first,
                   "takes [batch, time, features]; false: [time, batch, features]"}};
  }
};

class LastFrame final : public Described<Layer, LastFrameOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& x) override { return rows(x).select(1, -1); }
  at::Tensor forward_timed(const at::Tensor& x, const at::Tensor& lengths) override {
    const at::Tensor frames = rows(x);
    const at::Tensor last = checked_lengths(lengths, frames, 0, 1, name()) - 1;
    const at::Tensor place = last.view({-1, 1, 1}).expand({-1, 1, frames.size(2)});
    return at::gather(frames, 1, place).squeeze(1);
  }
  at::Tensor lengths_after(const at::Tensor&) const override { return {}; }

 private:
  /// [batch, time, features]
  at::Tensor rows(const at::Tensor& x) const {
    const bool timed = x.dim() == 3 && x.size(option().batch_first ? 1 : 0) > 0;
    if (timed) return option().batch_first ? x : x.transpose(0, 1);
    throw ArgumentError(name() + ": takes " +
                        (option().batch_first ? "[batch, time, features]" : "[time, batch, features]") +
                        " of one frame at least, got " + tensor::show_shape(x.sizes()));
  }
};

LUMIR_MODULE(LastFrame, {.summary = "The last frame of each sequence; by its true length where lengths are given.",
                         .returns = "[batch, features]",
                         .example = "nn.LastFrame()(torch.randn(8, 100, 64))",
                         .source = "Sutskever et al., Sequence to Sequence Learning (2014)"});

}  // namespace
}  // namespace lumir::nn
