// LearnedPositionalEncoding: numbers that are learnt say which place of a sequence this is.

#include "nn/init.h"
#include "nn/positions.h"

namespace lumir::nn {
namespace {

class LearnedPositionalEncoding final : public Positions {
 public:
  using Positions::Positions;

 protected:
  void build() override { add_parameter("weight", table_, draw_normal({option().max_len, option().d_model}, 0.02)); }
};

LUMIR_MODULE(LearnedPositionalEncoding,
             {.summary = "Adds learnt numbers to each place of a sequence of at most max_len places; then dropout.",
              .returns = "the shape of x",
              .example = "nn.LearnedPositionalEncoding(64, { max_len = 200 })(torch.randn(8, 100, 64))",
              .source = "Devlin et al., BERT (2018); Gehring et al. (2017)"});

}  // namespace
}  // namespace lumir::nn
