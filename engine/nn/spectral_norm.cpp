// spectral_norm: a weight is divided by its largest singular value, so that nothing grows on its way through.

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/dot.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mv.h>
#include <ATen/ops/norm.h>

#include "nn/parametrized.h"
#include "nn/sizes.h"

namespace lumir::nn {
namespace {

struct SpectralNormOptions : ParametrizedOptions {
  int n_power_iterations = 1;
  double eps = 1e-12;
  std::optional<Position> dim;
  static Schema schema() {
    using S = SpectralNormOptions;
    return extend(
        parametrized_schema<S>(),
        Option{"n_power_iterations", &S::n_power_iterations, "steps towards it at each pass in training", Range{1}},
        Option{"eps", &S::eps, "the least length of a vector", kNonNegative},
        Option{"dim", &S::dim,
               "the dimension, from 1, of what comes out; 'none': the first, of transposed convolutions the "
               "second"});
  }
};

class SpectralNorm final : public Parametrized<SpectralNormOptions> {
 public:
  using Parametrized::Parametrized;

 protected:
  void learn(const at::Tensor& weight) override {
    add_parameter(slot_name("original"), original_, weight);
    if (weight.dim() == 1) return;
    const at::Tensor matrix = as_matrix(weight);
    const auto drawn = [&](int64_t size) { return unit(at::empty({size}, weight.options()).normal_(0, 1)); };
    add_buffer(slot_name("0._u"), u_, drawn(matrix.size(0)));
    add_buffer(slot_name("0._v"), v_, drawn(matrix.size(1)));
    iterate(matrix, 15 + option().n_power_iterations);  // PyTorch has a pass as it registers
  }
  at::Tensor weight() override {
    if (original_.dim() == 1) return unit(original_);
    const at::Tensor matrix = as_matrix(original_);
    if (training()) iterate(matrix, option().n_power_iterations);
    return original_ / at::dot(u_.clone(), at::mv(matrix, v_.clone()));  // later passes change them in place
  }

 private:
  at::Tensor as_matrix(const at::Tensor& weight) const {
    const int64_t transposed = held().name().starts_with("ConvTranspose") ? 1 : 0;
    return weight.movedim(option().dim ? option().dim->number : transposed, 0).flatten(1);
  }
  at::Tensor unit(const at::Tensor& x) const { return x / at::norm(x).clamp_min(option().eps); }
  void iterate(const at::Tensor& matrix, int steps) {
    const at::NoGradGuard guard;
    for (int i = 0; i < steps; ++i) {
      u_.copy_(unit(at::mv(matrix, v_)));
      v_.copy_(unit(at::mv(matrix.t(), u_)));
    }
  }

  at::Tensor original_, u_, v_;
};

const RegisterModule<SpectralNorm> registered{
    "spectral_norm",
    {.summary = "A module whose weight is divided by its largest singular value, found step by step in training.",
     .returns = "what the module gives",
     .example = "nn.spectral_norm(nn.Linear(64, 20))(torch.randn(8, 64))",
     .source = "torch.nn.utils.parametrizations.spectral_norm; Miyato et al. (2018)"}};

}  // namespace
}  // namespace lumir::nn
