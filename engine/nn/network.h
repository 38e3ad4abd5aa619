// A network as the room `model` knows it: what evaluate, reports, submissions and model files take, like any learner.

#pragma once

#include "model/model.h"
#include "nn/module.h"

namespace lumir::data {
struct Batch;
class TensorRows;
}  // namespace lumir::data

namespace lumir::nn {

/// Sets a module to judging without gradients, and gives back the modes that it and its parts had.
class Judging {
 public:
  explicit Judging(Module& module);
  ~Judging();
  Judging(const Judging&) = delete;
  Judging& operator=(const Judging&) = delete;

 private:
  std::vector<std::pair<ModulePtr, bool>> modes_;
  Module& module_;
  bool mode_;
  bool gradients_;
};

/// Has a module that judges answer for every row, in batches of rows of one shape (data/batches.h) that lie where its
/// weights do. Throws ArgumentError where a weight has no size yet.
void each_answer(Module& module, const data::TensorRows& rows, int batch_size,
                 const std::function<void(const data::Batch&, const at::Tensor&)>& use);

/// The part of a network at a path, "trunk.3"; the network itself for "". Throws ArgumentError, begun by `who`, for
/// another path, with the nearest one.
ModulePtr find_part(const ModulePtr& network, const std::string& path, const std::string& who);
/// What a part of a model's network gives for every row of a table, flattened: a matrix of [rows, numbers].
Matrix outputs_of(const model::Model& model, const std::string& path, const data::Table& table, const std::string& who);

/// The module as a model: the same weights, not a copy. What it knows of its data (chain, classes, label) is what the
/// module was trained or judged on; where it was on none, that of `table` (null: nothing).
/// `options` are those of nn.Network.
model::Model model_of(const ModulePtr& module, const data::Table* table = nullptr, Map options = {});
/// True where it was trained or judged on data; how long it was trained may be known without.
bool knows_data(const Module& module);
/// Remembers what a network is trained on, in place of what it knew.
void remember(Module& module, const data::Table& table);
void remember(Module& module, const data::Dataset& dataset);
/// Remembers what a network is judged on, where it knows nothing yet. A chain that draws gives way to the one that it is
/// judged with: a recording to come is heard once, as it is.
void remember_judged(Module& module, const data::Table& table);
/// How long a network has been trained so far; its models say so.
double fit_seconds(const Module& module);
void set_fit_seconds(Module& module, double seconds);
/// Remembers the scores from which on a row has each tag.
void set_thresholds(Module& module, const std::vector<double>& thresholds);
/// The module of a model; null where its estimator is none.
ModulePtr module_of(const model::Model& model);

}  // namespace lumir::nn
