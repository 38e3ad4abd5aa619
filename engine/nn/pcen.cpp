// PCEN: bands are divided by what they were like before, and compressed, by numbers that are learnt.

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>
#include <ATen/ops/lerp.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/stack.h>

#include "nn/module.h"
#include "nn/spectrum.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

struct PcenOptions {
  int n_bands = 1;
  int rate = 22050, hop_length = 512;
  double gain = 0.98, bias = 2, power = 0.5, time_constant = 0.4, eps = 1e-6;
  bool trainable = true;
  static Schema schema() {
    using S = PcenOptions;
    return {Option{"n_bands", &S::n_bands, "bands that come in", Range{1}, kArgument},
            rate_option<S>(),
            Option{"hop_length", &S::hop_length, "from one frame to the next", Unit{"samples"}, Range{1}},
            Option{"gain", &S::gain, "how much a band is divided by its past", kNonNegative},
            Option{"bias", &S::bias, "added before the compression", kPositive},
            Option{"power", &S::power, "the compression", kPositive},
            Option{"time_constant", &S::time_constant, "how long the past is remembered", Unit{"s"}, kPositive},
            Option{"eps", &S::eps, "added to the past", kPositive},
            Option{"trainable", &S::trainable, "gain, bias and power of each band are learnt"}};
  }
};

class PCEN final : public Described<Layer, PcenOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    put("gain", gain_, option().gain);
    put("bias", bias_, option().bias);
    put("power", power_, option().power);
    const double frames = option().time_constant * option().rate / option().hop_length;
    share_ = (std::sqrt(1 + 4 * frames * frames) - 1) / (2 * frames * frames);
  }
  at::Tensor forward(const at::Tensor& x) override {
    if (x.dim() < 2 || x.size(-2) != option().n_bands || x.size(-1) == 0) {
      throw ArgumentError(name() + ": takes [..., " + std::to_string(option().n_bands) + ", frames], got " +
                          tensor::show_shape(x.sizes()));
    }
    const at::Tensor gain = gain_.unsqueeze(1), bias = bias_.unsqueeze(1), power = power_.unsqueeze(1);
    const at::Tensor even = x / at::pow(past(x) + option().eps, gain);
    return at::pow(even + bias, power) - at::pow(bias, power);
  }

 private:
  void put(const std::string& name, at::Tensor& member, double value) {
    at::Tensor numbers = at::full({option().n_bands}, value, at::kFloat);
    if (option().trainable) {
      add_parameter(name, member, std::move(numbers));
    } else {
      add_buffer(name, member, std::move(numbers));
    }
  }
  /// A running mean, which begins as librosa's: as if 1 had gone before.
  at::Tensor past(const at::Tensor& x) const {
    Tensors means;
    for (const auto& frame : x.unbind(-1)) {
      means.push_back(means.empty() ? frame * share_ + (1 - share_) : at::lerp(means.back(), frame, share_));
    }
    return at::stack(means, -1);
  }

  at::Tensor gain_, bias_, power_;
  double share_ = 1;
};

LUMIR_MODULE(PCEN, {.summary = "Per-channel energy normalisation of bands: (x / (eps + past)^gain + bias)^power - "
                               "bias^power, whose gain, bias and power are learnt for each band.",
                    .returns = "the shape of x: [..., n_bands, frames]",
                    .example = "nn.PCEN(40)(torch.rand(2, 40, 100))",
                    .source = "Wang et al., Trainable Frontend for Robust and Far-field Keyword Spotting (2017); "
                              "librosa.pcen"});

}  // namespace
}  // namespace lumir::nn
