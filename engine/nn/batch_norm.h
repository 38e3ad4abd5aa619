// What batch norms of rows, sequences and pictures share.

#pragma once

#include "nn/module.h"

namespace lumir::nn {

struct BatchNormOptions {
  int num_features = 1;
  double eps = 1e-5;
  std::optional<double> momentum = 0.1;
  bool affine = true;
  bool track_running_stats = true;
  static Schema schema();
};

/// Normalises every channel over the batch and all positions; channels are the second dimension.
class BatchNorm : public Described<Layer, BatchNormOptions> {
 public:
  using Described::Described;

 protected:
  void build() override;
  at::Tensor forward(const at::Tensor& x) override;
  /// Throws ArgumentError where x has not the dimensions that it takes.
  virtual void check(const at::Tensor& x) const = 0;

 private:
  void check_channels(const at::Tensor& x) const;
  void check_values(const at::Tensor& x) const;
  double share_of_this_batch();

  at::Tensor weight_, bias_, mean_, var_, batches_;
};

}  // namespace lumir::nn
