// ZeroPad2d: zeros around a picture.

#include <ATen/ops/constant_pad_nd.h>

#include "nn/module.h"
#include "nn/sizes.h"

namespace lumir::nn {
namespace {

struct ZeroPadOptions {
  Sizes padding{0};
  static Schema schema() {
    return {Option{"padding", &ZeroPadOptions::padding,
                   "columns to the left and to the right, rows above and below: one number, or a list of the four",
                   kArgument}};
  }
};

class ZeroPad2d final : public Described<Layer, ZeroPadOptions> {
 public:
  using Described::Described;

 protected:
  void build() override { around_ = option().padding.over(4, name(), "padding"); }
  at::Tensor forward(const at::Tensor& x) override { return at::constant_pad_nd(x, around_); }

 private:
  std::vector<int64_t> around_;
};

LUMIR_MODULE(ZeroPad2d, {.summary = "Zeros around pictures, on each side as many as wanted; negative numbers cut off.",
                         .returns = "[..., height, width], both longer by what was added",
                         .example = "nn.ZeroPad2d({ 1, 1, 2, 0 })(torch.randn(8, 1, 16, 16))",
                         .source = "torch.nn.ZeroPad2d"});

}  // namespace
}  // namespace lumir::nn
