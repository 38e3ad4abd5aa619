// lumir.report, pictures of networks: what needs no gradient. What does is lua/lumir/network_figures.lua.
//
//   report.diagram(net, { 1, 1, 64, 126 })
//   report.filters(net[1])
//   report.images(x, { names = { 'a', 'b' } })

#include <ATen/core/Tensor.h>

#include "api/figures.h"
#include "api/nn.h"
#include "api/tensor.h"
#include "core/step.h"
#include "model/model.h"
#include "nn/blocks.h"
#include "report/diagram_figure.h"
#include "report/images_figure.h"
#include "tensor/convert.h"
#include "tensor/show.h"

namespace lumir::lua {
namespace {

using report::NamedImage;

struct DiagramShow : TitleOptions {
  int depth = 1;
  static Schema schema() {
    return titled<DiagramShow>(
        {Option{"depth", &DiagramShow::depth, "how far modules within modules are told apart", Range{1, 20}}});
  }
};

/// report.diagram(net, input, { depth })
int diagram(Call& call) {
  const auto net = call.object<nn::ModulePtr>(1, "network");
  const nn::Flow input = example_at(call, 2, *net);
  auto options = call.options<DiagramShow>(3);
  if (options.title.empty()) options.title = "The network: " + net->title();
  if (options.caption.empty()) {
    options.caption = "Under each box the shape that comes out of it; × n: so many of them, one after the other.";
  }
  auto figure = std::make_shared<report::DiagramFigure>(input.tensors.at(0).sizes().vec(),
                                                        nn::blocks_of(net, input, options.depth));
  return call.push(named(figure, "diagram", options));
}

struct ImagesShow : TitleOptions {
  std::string x = "column", y = "row", unit;
  std::vector<std::string> names;
  bool first_on_top = false, around_zero = false, square = false;
  std::optional<double> low, high;
  static Schema schema();
};

/// The schema of a struct that has these and more.
template <class S>
Schema with_image_options(const std::vector<Option>& more) {
  std::vector<Option> options = {
      Option{"x", &S::x, "label of the columns, with its unit"},
      Option{"y", &S::y, "label of the rows, with its unit"},
      Option{"unit", &S::unit, "of the values: 'dB'"},
      Option{"names", &S::names, "stand above the pictures in place of numbers"},
      Option{"first_on_top", &S::first_on_top,
             "the first row on top, as matrices are written; else at the bottom, as frequencies stand"},
      Option{"around_zero", &S::around_zero, "blue below zero, white, red above it"},
      Option{"square", &S::square, "cells as wide as they are high"},
      Option{"low", &S::low, "value of the first colour; 'none': the least"},
      Option{"high", &S::high, "value of the last colour; 'none': the greatest"}};
  options.insert(options.end(), more.begin(), more.end());
  return titled<S>(options);
}

Schema ImagesShow::schema() { return with_image_options<ImagesShow>({}); }

report::ImagesOptions look_of(const ImagesShow& options) {
  report::ImagesOptions look;
  look.x_label = options.x;
  look.y_label = options.y;
  look.unit = options.unit;
  look.first_on_top = options.first_on_top;
  look.around_zero = options.around_zero;
  if (options.around_zero) look.map = report::diverging;
  look.square = options.square;
  look.low = options.low;
  look.high = options.high;
  return look;
}

constexpr int kMostImages = 256;  // more would be too small to see

/// Pictures with their names, or with numbers from 1; `x` is [n, rows, columns].
std::vector<NamedImage> images_of(const at::Tensor& x, const std::vector<std::string>& names, const std::string& who) {
  if (x.dim() != 3) {
    throw ArgumentError(who + ": takes pictures [n, rows, columns], got " + tensor::show_shape(x.sizes()));
  }
  const auto n = static_cast<size_t>(x.size(0));
  if (x.size(0) > kMostImages) {
    throw ArgumentError(who + ": " + std::to_string(n) + " pictures, at most " + std::to_string(kMostImages) +
                        " have room");
  }
  if (!names.empty() && names.size() != n) {
    throw ArgumentError(who + ": " + std::to_string(n) + " pictures but " + std::to_string(names.size()) + " names");
  }
  std::vector<NamedImage> images;
  for (size_t i = 0; i < n; ++i) {
    const at::Tensor picture = x[static_cast<int64_t>(i)].detach().cpu();
    images.push_back({names.empty() ? std::to_string(i + 1) : names[i], tensor::to_matrix(picture, who)});
  }
  return images;
}

int images(Call& call) {
  const auto options = call.options<ImagesShow>(2);
  const auto pictures = images_of(call.object<at::Tensor>(1, "images"), options.names, call.who());
  return call.push(named(std::make_shared<report::ImagesFigure>(pictures, look_of(options)), "images", options));
}

struct FiltersShow : ImagesShow {
  int n = 64, channel = 1;
  FiltersShow() {
    x = "frames";
    y = "bands";
    unit = "weight";
    around_zero = square = true;
  }
  static Schema schema() {
    using S = FiltersShow;
    return with_image_options<S>(
        {Option{"n", &S::n, "how many at most", Range{1, kMostImages}},
         Option{"channel", &S::channel, "which input channel of a convolution over pictures, from 1", Range{1}}});
  }
};

/// The weight of a convolution, [filters, channels, positions ...].
at::Tensor weight_at(Call& call) {
  if (call.is<at::Tensor>(1)) return call.object<at::Tensor>(1);
  const auto layer = call.object<nn::ModulePtr>(1, "layer");
  for (const auto& slot : layer->slots()) {
    if (slot.name == "weight" && slot.tensor->defined() && slot.tensor->dim() >= 3) return *slot.tensor;
  }
  throw ArgumentError("filters: " + layer->show() + " is no convolution; net[1] is the first part of a network");
}

/// report.filters(layer, { n, channel })
int filters(Call& call) {
  auto options = call.options<FiltersShow>(2);
  at::Tensor weight = weight_at(call);
  if (weight.dim() < 3 || weight.dim() > 4) {
    throw ArgumentError("filters: takes a weight of 3 or 4 dimensions, got " + tensor::show_shape(weight.sizes()));
  }
  std::string which;
  if (weight.dim() == 4) {  // over pictures; over rows of numbers each filter is a picture of its own
    if (options.channel > weight.size(1)) {
      throw ArgumentError("filters: 'channel' = " + std::to_string(options.channel) + " is out of range (1 to " +
                          std::to_string(weight.size(1)) + ")");
    }
    if (weight.size(1) > 1) {
      which = ", input channel " + std::to_string(options.channel) + " of " + std::to_string(weight.size(1));
    }
    weight = weight.select(1, options.channel - 1);
  }
  const int64_t all = weight.size(0), n = std::min<int64_t>(all, options.n);
  if (options.title.empty()) options.title = "Filters" + which;
  if (options.caption.empty() && n < all) {
    options.caption = "The first " + std::to_string(n) + " of " + std::to_string(all) + ".";
  }
  const auto pictures = images_of(weight.slice(0, 0, n), options.names, call.who());
  return call.push(named(std::make_shared<report::ImagesFigure>(pictures, look_of(options)), "filters", options));
}

/// What the rows and columns of a network's inputs are, as the options of figures call it: where the chain of its data
/// makes mel spectrograms of sound whose rate it says. Empty where that is not known.
Map axes_of(const nn::Module& network) {
  const auto& about = network.about();
  double rate = 0;
  Map axes;
  for (const auto& step : about && about->chain ? steps_of(about->chain) : std::vector<StepPtr>{}) {
    const auto option = [&](const char* name) {
      const auto found = step->options().find(name);
      return found != step->options().end() && found->second.number() ? *found->second.number() : 0;
    };
    if (option("rate") > 0) rate = option("rate");
    if (step->name() != "melspectrogram" || rate == 0) continue;
    const double fmax = option("fmax");
    axes = {{"frame_rate", rate / option("hop_length")},
            {"fmin", option("fmin")},
            {"fmax", fmax > 0 ? fmax : rate / 2},
            {"n_mels", option("n_mels")}};
  }
  return axes;
}

const Module core_module("core", [](ModuleTable& module) {
  module.function("axes", [](Call& call) { return call.push(Value(axes_of(*call.object<nn::ModulePtr>(1)))); });
});

const Module figures_module =
    Module("report")
        .function("diagram", diagram,
                  {.summary = "A network as boxes in the order in which they are called, each with its options, its "
                              "number of weights and the shape that comes out of it. What keeps a shape and has no "
                              "matrix of weights (norms, activations, dropout) stands in the box before it.",
                   .returns = "a Figure",
                   .example = "report.diagram(nn.Sequential { nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3) }, { 1, 4 })",
                   .source = "torchview's draw_graph",
                   .parameters = with_arguments(
                       {argument("network", "Module", "what is drawn"),
                        argument("input", "list or Tensor", "the shape of a batch, a batch, or a list of tensors")},
                       schema_of<DiagramShow>())})
        .function("images", images,
                  {.summary = "Many small pictures on one sheet, with one bar of colours.",
                   .returns = "a Figure",
                   .example = "report.images(torch.rand(6, 8, 8), { unit = 'share' })",
                   .source = "torchvision.utils.make_grid",
                   .parameters =
                       with_arguments({argument("images", "Tensor", "[n, rows, columns]")}, schema_of<ImagesShow>())})
        .function("filters", filters,
                  {.summary = "The weights of a convolution as pictures: over pictures one of each filter, for one of "
                              "its input channels; over rows of numbers (Conv1d) each filter whole, a row for each "
                              "input channel.",
                   .returns = "a Figure",
                   .example = "report.filters(nn.Conv2d(1, 6, 5))",
                   .source = "Zeiler and Fergus, Visualizing and Understanding Convolutional Networks (2014)",
                   .parameters = with_arguments({argument("layer", "Module or Tensor", "a convolution, or its weight")},
                                                schema_of<FiltersShow>())});

}  // namespace
}  // namespace lumir::lua
