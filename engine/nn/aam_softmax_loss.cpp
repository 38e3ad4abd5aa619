// AAMSoftmaxLoss: ArcFace as it is set for voices.

#include "nn/margin_loss.h"

namespace lumir::nn {
namespace {

struct AAMSoftmaxOptions : MarginOptions {
  AAMSoftmaxOptions() {
    margin = 0.2;
    scale = 30;
  }
  static Schema schema() { return margin_schema<AAMSoftmaxOptions>(); }
};

using AAMSoftmaxLoss = MarginLoss<AAMSoftmaxOptions>;

LUMIR_MODULE(AAMSoftmaxLoss,
             {.summary = "Cross-entropy of scale cos(angle) to a learnt direction of each class, the true one's angle "
                         "being larger by a margin. optim.Adam { net, loss } learns network and directions, "
                         "as nn.fit does.",
              .returns = "a number; with reduction = 'none' one for each row",
              .example = "nn.AAMSoftmaxLoss(3, 8)(torch.randn(4, 8), torch.tensor { 1, 3, 2, 1 })",
              .source = "Xiang et al., Margin Matters (2019); Desplanques et al., ECAPA-TDNN (2020)"});

}  // namespace
}  // namespace lumir::nn
