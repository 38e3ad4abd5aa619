// CTCLoss: how unlikely a sequence of labels is where nobody knows which frame has which.

#include <ATen/ops/arange.h>
#include <ATen/ops/ctc_loss.h>

#include "nn/loss.h"
#include "nn/sizes.h"

namespace lumir::nn {
namespace {

struct CtcOptions {
  Position blank{0};
  std::string reduction = "mean";
  bool zero_infinity = false;
  static Schema schema() {
    using S = CtcOptions;
    return {Option{"blank", &S::blank, "the class, from 1, that says nothing; -1 is the last"}, reduction_option<S>(),
            Option{"zero_infinity", &S::zero_infinity, "labels that no path can have count 0, not infinity"}};
  }
};

/// Those labels that count: what fills a row up to the longest may be anything.
at::Tensor counted(const at::Tensor& labels, const at::Tensor& lengths) {
  if (labels.dim() != 2 || lengths.dim() != 1 || lengths.size(0) != labels.size(0)) return labels;
  const at::Tensor places = at::arange(labels.size(1), labels.options().dtype(at::kLong));
  return labels.masked_select(places.lt(lengths.to(labels.device()).unsqueeze(1)));
}

class CTCLoss final : public Described<Module, CtcOptions> {
 public:
  using Described::Described;
  std::vector<size_t> positions() const override { return {1}; }

 protected:
  Flow flow(const Flow& input) override {
    if (input.tensors.size() != 4 || !input.named.empty()) {
      throw ArgumentError(name() + ": takes log-probabilities, labels, the lengths of both, got " +
                          std::to_string(input.tensors.size()) + " tensors");
    }
    const Tensors& x = input.tensors;
    const int64_t classes = x[0].size(-1), given = option().blank.number;
    const int64_t blank = given < 0 ? given + classes : given;
    if (blank < 0 || blank >= classes) {
      throw ArgumentError(name() + ": 'blank' is none of the " + std::to_string(classes) + " classes");
    }
    check_labels(counted(x[1], x[3]), classes);
    return {{at::ctc_loss(x[0], x[1], x[2].to(at::kLong), x[3].to(at::kLong), blank, reduction_of(option().reduction),
                          option().zero_infinity)}};
  }

 private:
  /// LibTorch looks scores up by labels wherever that may be.
  void check_labels(const at::Tensor& labels, int64_t classes) const {
    if (labels.numel() == 0) return;
    const auto least = labels.min().item<int64_t>(), most = labels.max().item<int64_t>();
    if (least >= 0 && most < classes) return;
    throw ArgumentError(name() + ": the scores are of classes 1 to " + std::to_string(classes) + ", the labels hold " +
                        std::to_string(least < 0 ? least : most + 1));
  }
};

LUMIR_MODULE(
    CTCLoss,
    {.summary = "How unlikely labels are by log-probabilities of frames (LogSoftmax), over all ways to stretch "
                "them with blanks between. Takes x [time, batch, classes], labels [batch, longest] from 1 (or "
                "all of them in one row), the lengths of each x and of each row of labels.",
     .returns = "a number; with reduction = 'none' one for each sequence",
     .example = "nn.CTCLoss()(torch.randn(10, 2, 5):log_softmax(3), torch.tensor { { 2, 3 }, { 4, 2 } }, "
                "torch.tensor { 10, 8 }, torch.tensor { 2, 1 })",
     .source = "torch.nn.CTCLoss; Graves et al. (2006)"});

}  // namespace
}  // namespace lumir::nn
