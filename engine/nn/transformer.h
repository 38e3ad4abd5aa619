// What the layers of Transformers share, and how copies of a layer follow each other.

#pragma once

#include <functional>

#include "nn/module.h"

namespace lumir::nn {

struct TransformerLayerOptions {
  int d_model = 1, nhead = 1;
  int dim_feedforward = 2048;
  double dropout = 0.1;
  std::string activation = "relu";
  double layer_norm_eps = 1e-5;
  bool batch_first = false;
  bool norm_first = false;
  bool bias = true;
  static Schema schema();
};

/// Attentions and then two dense layers, each with what comes in added and normalised.
class TransformerLayer : public Described<Module, TransformerLayerOptions> {
 public:
  using Described::Described;

 protected:
  /// Makes the parts, an attention of each name, in PyTorch's order.
  void make(const std::vector<std::string>& attentions);

  /// Where an input by name belongs: to which attention, and under what name.
  struct Beside {
    size_t attention = 0;
    std::string name;
  };
  using Table = std::map<std::string, Beside>;
  using Named = std::map<std::string, at::Tensor>;
  /// What stands beside each attention. Throws ArgumentError for a name that is not in the table.
  std::vector<Named> sorted(const Flow& input, const Table& table) const;
  at::Tensor attended(size_t attention, const Tensors& inputs, const Named& beside) const;

  /// One of its parts, without what is added and normalised.
  using Part = std::function<at::Tensor(const at::Tensor& x)>;
  /// The parts in order, then the dense layers.
  at::Tensor run(at::Tensor x, std::vector<Part> parts) const;

 private:
  ModulePtr part(const std::string& child, const std::string& kind, const Map& options);
  at::Tensor fed(const at::Tensor& x) const;

  std::vector<ModulePtr> attentions_, norms_, dropouts_;
  ModulePtr linear1_, dropout_, linear2_;
};

/// Copies of a layer one after the other, each with weights of its own.
class TransformerStack : public Module {
 protected:
  using Module::Module;
  void make(const ModulePtr& layer, int count, const std::optional<ModulePtr>& norm);
  /// The first tensor goes from layer to layer; each sees the others, and what comes by name.
  Flow run(const Flow& input) const;

 private:
  ModulePtr layers_, norm_;
};

}  // namespace lumir::nn
