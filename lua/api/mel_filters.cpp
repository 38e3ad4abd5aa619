// lumir.feature.mel_filters and its picture: the triangles themselves, to multiply with or to look at.

#include <ATen/core/Tensor.h>

#include "api/figures.h"
#include "bind/bind.h"
#include "report/curve_figure.h"
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

struct MelFiltersShow : MelFilterOptions, LimitOptions {
  static Schema schema() {
    using S = MelFiltersShow;
    Schema schema =
        extend(signal::mel_schema<S>(), Option{"rate", &S::rate, "of the sound", Range{1, 1e6}, Unit{"Hz"}});
    for (auto& option : limited<S>({})) schema.push_back(option);
    return schema;
  }
};

/// report.mel_filters({ n_mels = 40 }): each triangle over the frequencies that it hears.
int mel_filter_figure(Call& call) {
  call.at_most(1);
  const auto options = call.options<MelFiltersShow>(1);
  const auto bank = signal::mel_filters(options, options.rate);
  const auto weights = signal::dense(bank, options.bins());
  const auto bins = static_cast<size_t>(options.bins());
  std::vector<report::Series> triangles;
  for (size_t band = 0; band < static_cast<size_t>(options.n_mels); ++band) {
    report::Series triangle{"band " + std::to_string(band + 1), {}, {}};
    for (size_t bin = 0; bin < bins; ++bin) {
      const bool inside = weights[band * bins + bin] > 0;
      const bool edge = !inside && ((bin > 0 && weights[band * bins + bin - 1] > 0) ||
                                    (bin + 1 < bins && weights[band * bins + bin + 1] > 0));
      if (!inside && !edge) continue;
      triangle.x.push_back(static_cast<double>(bin) * options.rate / options.n_fft);
      triangle.y.push_back(weights[band * bins + bin]);
    }
    triangles.push_back(std::move(triangle));
  }
  auto figure = std::make_shared<report::CurveFigure>(std::move(triangles), "frequency (Hz)", "weight");
  figure->legend = false;
  figure->x_limits = limits_at(options.xlim);
  figure->y_limits = limits_at(options.ylim);
  return call.push(named(figure, "mel_filters", options));
}

const Module report_module =
    Module("report").function("mel_filters", mel_filter_figure,
                              {.summary = "The triangles that make mel bands, over the frequencies that they hear.",
                               .returns = "a Figure",
                               .example = "report.mel_filters { n_mels = 20, rate = 16000 }",
                               .source = "librosa's gallery of mel filter banks",
                               .parameters = schema_of<MelFiltersShow>()});

const Module feature_module =
    Module("feature").function("mel_filters", mel_filters,
                               {.summary = "The triangles that make mel bands of the bins of a spectrogram.",
                                .returns = "a Tensor of [n_mels, n_fft / 2 + 1]",
                                .example = "feature.mel_filters { n_mels = 40, rate = 16000 }",
                                .source = "librosa.filters.mel",
                                .parameters = schema_of<MelFilterOptions>()});

}  // namespace
}  // namespace lumir::lua
