// What weight_norm and spectral_norm share: a module one of whose weights is reckoned anew each time, from what is
// learnt in its place.
//
// It stands for the module that it holds, as PyTorch's parametrizations do: what else that has keeps its name, and what
// is learnt for "weight" is "parametrizations.weight.original" and the like.

#pragma once

#include <algorithm>

#include "nn/module.h"

namespace lumir::nn {

struct ParametrizedOptions {
  ModulePtr module;
  std::string name = "weight";
};
template <class S>
Schema parametrized_schema() {
  return {Option{"module", static_cast<ModulePtr S::*>(&S::module), "whose weight it is", kArgument},
          Option{"name", static_cast<std::string S::*>(&S::name), "which of its parameters", kPlace}};
}

template <class HowOptions>
class Parametrized : public Described<Module, HowOptions> {
 public:
  using Described<Module, HowOptions>::Described;
  std::vector<NamedModule> children() const override { return held().children(); }
  std::vector<size_t> positions() const override { return held().positions(); }
  std::vector<size_t> result_positions() const override { return held().result_positions(); }

 protected:
  /// What is learnt in place of a weight becomes slots.
  virtual void learn(const at::Tensor& weight) = 0;
  /// The weight as it is now.
  virtual at::Tensor weight() = 0;

  std::string slot_name(const std::string& part) const {
    return "parametrizations." + this->option().name + "." + part;
  }
  Module& held() const { return *this->option().module; }

  void build() override {
    const std::string& wanted = this->option().name;
    for (const Slot& slot : held().slots()) {
      if (slot.name == wanted && slot.trained && slot.tensor->defined()) place_ = slot.tensor;
    }
    if (!place_) throw ArgumentError(this->name() + ": " + held().show() + " has no parameter '" + wanted + "' yet");
    for (const Slot& slot : held().slots()) {
      if (slot.name == wanted) continue;
      if (slot.trained) {
        this->add_parameter(slot.name, *slot.tensor, *slot.tensor);
      } else {
        this->add_buffer(slot.name, *slot.tensor, *slot.tensor, slot.persistent);
      }
    }
    learn(place_->detach());
  }
  Flow flow(const Flow& input) override {
    held().train(this->training());
    *place_ = weight();
    return held()(input);
  }

 private:
  at::Tensor* place_ = nullptr;  // where the module has its weight
};

}  // namespace lumir::nn
