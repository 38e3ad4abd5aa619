// Pictures of networks and trainings: texts inside and apart, bands over folds, overfitting in numbers.

#include <algorithm>

#include <ATen/core/Tensor.h>
#include <ATen/ops/zeros.h>

#include "nn/blocks.h"

#undef CHECK  // LibTorch's logging has one too
#include <catch2/catch.hpp>

#include "core/random.h"
#include "engine/report/placed.h"
#include "report/curve.h"
#include "report/diagram_figure.h"
#include "report/experiment.h"
#include "report/images_figure.h"
#include "report/matrix_figure.h"
#include "report/overfitting.h"

using namespace lumir;
using namespace lumir::report;
using namespace lumir::tests;

namespace {

Matrix noise(size_t rows, size_t columns) {
  Random random(1, "images");
  Matrix values(rows, columns);
  for (double& value : values.values) value = random.normal();
  return values;
}

std::string trouble_of(Figure& figure, Medium medium) {
  figure.title = "A title";
  return trouble(drawing_of(figure, medium), figure.size(medium));
}

/// Epochs with losses and accuracies of both sides; the validation loss is least at epoch 2.
Curve trained(double better) {
  Curve curve;
  const double losses[] = {2.0, 1.0, 0.5, 0.3, 0.2}, valid[] = {2.1, 1.4, 1.5, 1.7, 1.9};
  const double shares[] = {0.2, 0.5, 0.8, 0.9, 0.95};
  for (int i = 0; i < 5; ++i) {
    curve.add({{"loss", losses[i]},
               {"valid_loss", valid[i]},
               {"accuracy", shares[i]},
               {"valid_accuracy", 0.5 * shares[i] + better}});
  }
  return curve;
}

nn::Block block(const std::string& name, std::vector<int64_t> output) {
  return {
      name, "64, 128, 3, { stride = 2, padding = 1, bias = false }", {"BatchNorm2d", "ReLU"}, std::move(output), 73728};
}

}  // namespace

TEST_CASE("sheets of pictures have their texts inside and apart, on a slide and in a column", "[report]") {
  for (const size_t n : {1, 2, 6, 16, 64}) {
    for (const auto& [rows, columns] : std::vector<std::pair<size_t, size_t>>{{7, 7}, {16, 32}, {32, 8}}) {
      std::vector<NamedImage> images;
      for (size_t i = 0; i < n; ++i) images.push_back({"epoch " + std::to_string(i + 1), noise(rows, columns)});
      ImagesOptions options;
      options.x_label = "frames of the layer";
      options.y_label = "bands of the layer";
      options.unit = "activation";
      for (const bool square : {false, true}) {
        options.square = square;
        ImagesFigure figure(images, options);
        INFO(n << " of " << rows << " x " << columns << (square ? ", square" : ""));
        CHECK(trouble_of(figure, Medium::slide).empty());
        CHECK(trouble_of(figure, Medium::column).empty());
      }
    }
  }
  CHECK_THROWS_WITH(ImagesFigure({}, {}), "images: there is nothing to draw");
  CHECK_THROWS_WITH(ImagesFigure({{"a", Matrix()}}, {}), "images: 'a' has no cells");
}

TEST_CASE("diagrams have their texts inside and apart, from one block to forty", "[report]") {
  for (const size_t n : {1, 5, 6, 13, 23}) {
    std::vector<nn::Block> blocks;
    for (size_t i = 0; i < n; ++i)
      blocks.push_back(block("TransformerEncoderLayer", {128, 512, 16, static_cast<int>(i)}));
    DiagramFigure figure({128, 1, 128, 1292}, blocks);
    INFO(n);
    CHECK(trouble_of(figure, Medium::slide).empty());
    CHECK(trouble_of(figure, Medium::column).empty());
  }
  CHECK_THROWS_WITH(DiagramFigure({1}, {}), "diagram: the network calls no module");
  CHECK_THROWS_WITH(DiagramFigure({1}, std::vector<nn::Block>(41)),
                    "diagram: 41 blocks, at most 40 have room; a smaller 'depth' tells fewer apart");
}

TEST_CASE("folds are one line with a band: the mean, and a standard deviation to either side", "[report]") {
  Curve one, two;
  for (const double loss : {2.0, 1.0}) one.add({{"loss", loss}, {"lr", loss}});
  for (const double loss : {3.0, 1.0, 0.5}) two.add({{"loss", loss}, {"lr", loss}});
  const auto figures = figures_of({&one, &two}, "lstm64");
  REQUIRE(figures.size() == 1);  // rates are not what they came to
  CHECK(figures[0]->title == "Loss by epoch, lstm64");
  CHECK(figures[0]->caption.find("Means of 2 trainings") == 0);
  const Series series = line_of({&one, &two}, "loss");
  CHECK(series.x == std::vector<double>{1, 2, 3});
  CHECK(series.y == std::vector<double>{2.5, 1, 0.5});
  CHECK(series.low == std::vector<double>{2, 1, 0.5});
  CHECK(series.high == std::vector<double>{3, 1, 0.5});
  CHECK_THROWS_WITH(CurveFigure({{"loss", {1, 2}, {1, 2}, {1}, {2}}}, "", ""),
                    "curve: the band of 'loss' has 1 low and 1 high for 2 x");
}

TEST_CASE("overfitting in numbers is that of the best epoch, and says when learning by heart began", "[report]") {
  const auto found = overfitting_of(trained(0.1));
  REQUIRE(found);
  CHECK(found->epoch == 2);
  CHECK(found->epochs == 5);
  REQUIRE(found->gaps.size() == 2);
  CHECK(
      sentences_of({*found}) ==
      std::vector<std::string>{
          "At epoch 2 of 5, the best, accuracy is 0.500 on what was learnt from and 0.350 in validation: a "
          "gap of 0.150.",
          "At epoch 2 of 5, the best, loss is 1.000 on what was learnt from and 1.400 in validation: a gap "
          "of 0.400.",
          "Up to epoch 5 the training loss fell on, from 1.000 to 0.200, while the validation loss rose from 1.400 to "
          "1.900: from there on it learnt by heart."});
  const auto known = overfitting_of(trained(0.1), 3);
  CHECK(known->gaps[0].train == 0.8);
  CHECK(sentences_of({*known}).size() == 2);  // two epochs behind the best say nothing
  Curve unwatched;
  unwatched.add({{"loss", 1.0}, {"accuracy", 0.5}});
  CHECK(!overfitting_of(unwatched));
}

TEST_CASE("errors are worse where they are larger, in overfitting as in metrics", "[report]") {
  Curve curve;
  curve.add({{"loss", 1.0}, {"valid_loss", 2.0}, {"mean_absolute_error", 3.0}, {"valid_mean_absolute_error", 5.0}});
  const auto found = overfitting_of(curve);
  REQUIRE(found);
  CHECK(sentences_of({*found})[1] ==
        "At epoch 1 of 1, the best, mean_absolute_error is 3.000 on what was learnt from and 5.000 in validation: a "
        "gap of 2.000.");
}

TEST_CASE("overfitting of folds is told by means, and a row for each", "[report]") {
  Experiment experiment;
  experiment.title = "Folds";
  for (const double better : {0.1, 0.0}) {
    experiment.overfitting.push_back(*overfitting_of(trained(better), 2, "fold " + std::to_string(better)));
  }
  CHECK(
      sentences_of(experiment.overfitting)[0] ==
      "At the best epochs of 2 trainings accuracy is 0.500 on what was learnt from and 0.300 in validation (means): a "
      "gap of 0.200, from 0.150 to 0.250.");
  CHECK(table_of(experiment.overfitting).rows.size() == 2);
  const auto document = deck_of(experiment);
  const bool there = std::any_of(document.slides.begin(), document.slides.end(),
                                 [](const Slide& slide) { return slide.title == "Overfitting in numbers"; });
  CHECK(there);
  for (const auto& page : pages_of(document)) CHECK(trouble(page, kSlideSize) == "");
}

TEST_CASE("what holds others is one block, equal blocks come once, and what is small stands by the side", "[nn]") {
  const auto held = [](const nn::ModulePtr& module) { return Value(std::make_shared<const std::any>(module)); };
  const auto linear = [](int in, int out) {
    return nn::make_module("Linear", {{"in_features", in}, {"out_features", out}});
  };
  const auto residual = [&] { return nn::make_module("Residual", {{"body", held(linear(4, 4))}}); };
  const auto net = nn::make_module(
      "Sequential",
      {{"modules", List{held(residual()), held(residual()), held(linear(4, 3)), held(nn::make_module("ReLU", {}))}}});
  const auto blocks = nn::blocks_of(net, {{at::zeros({2, 4})}});
  REQUIRE(blocks.size() == 2);
  CHECK(blocks[0].name == "Residual");
  CHECK(blocks[0].times == 2);
  CHECK(blocks[0].parameters == 20);
  CHECK(blocks[1].options == "4, 3");
  CHECK(blocks[1].with == std::vector<std::string>{"ReLU"});
  CHECK(blocks[1].output == std::vector<int64_t>{2, 3});
  const auto deeper = nn::blocks_of(net, {{at::zeros({2, 4})}}, 2);
  CHECK(deeper[0].name == "Linear");
  CHECK(net->training());
}
