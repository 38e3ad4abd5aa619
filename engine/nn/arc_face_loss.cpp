// ArcFaceLoss: classes are directions, and each keeps its angle from the others.

#include "nn/margin_loss.h"

namespace lumir::nn {
namespace {

struct ArcFaceOptions : MarginOptions {
  static Schema schema() { return margin_schema<ArcFaceOptions>(); }
};

using ArcFaceLoss = MarginLoss<ArcFaceOptions>;

LUMIR_MODULE(ArcFaceLoss,
             {.summary = "Cross-entropy of scale cos(angle) to a learnt direction of each class, the true one's angle "
                         "being larger by a margin. optim.Adam { net, loss } learns network and directions, "
                         "as nn.fit does.",
              .returns = "a number; with reduction = 'none' one for each row",
              .example = "nn.ArcFaceLoss(3, 8)(torch.randn(4, 8), torch.tensor { 1, 3, 2, 1 })",
              .source = "Deng et al., ArcFace: Additive Angular Margin Loss for Deep Face Recognition (2019)"});

}  // namespace
}  // namespace lumir::nn
