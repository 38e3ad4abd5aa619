// weight_norm: the length of a weight and its direction are learnt apart.

#include <ATen/ops/_weight_norm.h>
#include <ATen/ops/norm_except_dim.h>

#include "nn/parametrized.h"
#include "nn/sizes.h"

namespace lumir::nn {
namespace {

struct WeightNormOptions : ParametrizedOptions {
  std::optional<Position> dim = Position{0};
  static Schema schema() {
    return extend(parametrized_schema<WeightNormOptions>(),
                  Option{"dim", &WeightNormOptions::dim,
                         "each place along this dimension, from 1, has a length of its own; 'none': one for all"});
  }
};

class WeightNorm final : public Parametrized<WeightNormOptions> {
 public:
  using Parametrized::Parametrized;

 protected:
  void learn(const at::Tensor& weight) override {
    add_parameter(slot_name("original0"), length_, at::norm_except_dim(weight, 2, dim()));
    add_parameter(slot_name("original1"), direction_, weight);
  }
  at::Tensor weight() override { return at::_weight_norm(direction_, length_, dim()); }

 private:
  int64_t dim() const { return option().dim ? option().dim->number : -1; }
  at::Tensor length_, direction_;
};

const RegisterModule<WeightNorm> registered{
    "weight_norm",
    {.summary = "A module whose weight is learnt as a length and a direction: g v / |v|.",
     .returns = "what the module gives",
     .example = "nn.weight_norm(nn.Linear(64, 20))(torch.randn(8, 64))",
     .source = "torch.nn.utils.parametrizations.weight_norm; Salimans and Kingma (2016)"}};

}  // namespace
}  // namespace lumir::nn
