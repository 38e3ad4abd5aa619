// All of a network that a trial of it changes, to be put back bit by bit.

#pragma once

#include "nn/module.h"

namespace lumir::nn {

/// Parameters with their gradients, buffers, modes.
class Snapshot {
 public:
  explicit Snapshot(ModulePtr module);
  void restore() const;

 private:
  struct Kept {
    at::Tensor tensor, value, gradient;
  };
  ModulePtr module_;
  std::vector<Kept> kept_;
  std::vector<std::pair<ModulePtr, bool>> modes_;
};

}  // namespace lumir::nn
