// NTXentLoss: two views of one example find each other among all views of a batch (SimCLR).

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/matmul.h>

#include <limits>

#include "nn/loss.h"

namespace lumir::nn {
namespace {

struct NTXentOptions {
  double temperature = 0.5;
  std::string reduction = "mean";
  static Schema schema() {
    return {Option{"temperature", &NTXentOptions::temperature, "what similarities are divided by", kPositive},
            reduction_option<NTXentOptions>()};
  }
};

class NTXentLoss final : public Described<Loss, NTXentOptions> {
 public:
  using Described::Described;

 protected:
  at::Tensor forward(const at::Tensor& first, const at::Tensor& second) override {
    check_views(first, second, name());
    const int64_t rows = first.size(0);
    const at::Tensor both = unit_rows(at::cat({first, second}));
    const at::Tensor itself = at::eye(2 * rows, both.options()).to(at::kBool);
    const at::Tensor similar = (at::matmul(both, both.t()) / option().temperature)
                                   .masked_fill(itself, -std::numeric_limits<double>::infinity());
    const at::Tensor other = (at::arange(2 * rows, both.options().dtype(at::kLong)) + rows).remainder(2 * rows);
    return at::cross_entropy_loss(similar, other, {}, reduction_of(option().reduction));
  }
};

LUMIR_MODULE(NTXentLoss,
             {.summary = "Of two views of each example: how unlikely each finds its other view among all others of the "
                         "batch, by cosine similarity over a temperature.",
              .returns = "a number; with reduction = 'none' one for each view",
              .example = "nn.NTXentLoss()(torch.randn(4, 8), torch.randn(4, 8))",
              .source = "Chen et al., A Simple Framework for Contrastive Learning (SimCLR, 2020)"});

}  // namespace
}  // namespace lumir::nn
