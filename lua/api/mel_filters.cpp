// lumir.feature.mel_filters: the triangles themselves, to look at or to multiply with.

#include <ATen/core/Tensor.h>

#include "bind/bind.h"
#include "signal/mel_filters.h"
#include "tensor/convert.h"

namespace lumir::lua {
namespace {

struct MelFilterOptions : signal::MelOptions {
  int rate = 22050;
  static Schema schema() {
    return extend(signal::mel_schema<MelFilterOptions>(),
                  Option{"rate", &MelFilterOptions::rate, "of the sound", Range{1, 1e6}, Unit{"Hz"}});
  }
};

int mel_filters(Call& call) {
  call.at_most(1);
  const auto options = call.options<MelFilterOptions>(1);
  const auto bank = signal::mel_filters(options, options.rate);
  return call.push(tensor::from_floats(signal::dense(bank, options.bins()), {options.n_mels, options.bins()}));
}

const Module feature_module =
    Module("feature").function("mel_filters", mel_filters,
                               {.summary = "The triangles that make mel bands of the bins of a spectrogram.",
                                .returns = "a Tensor of [n_mels, n_fft / 2 + 1]",
                                .example = "feature.mel_filters { n_mels = 40, rate = 16000 }",
                                .source = "librosa.filters.mel",
                                .parameters = schema_of<MelFilterOptions>()});

}  // namespace
}  // namespace lumir::lua
