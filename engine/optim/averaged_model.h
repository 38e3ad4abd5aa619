// AveragedModel: running averages of weights beside those that are trained, exponential or plain (stochastic weight
// averaging).

#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/state.h"
#include "optim/optimizer.h"

namespace lumir::optim {

struct AverageOptions {
  std::optional<double> decay;
  static Schema schema();
};

class AveragedModel final : public Stateful {
 public:
  /// Throws ArgumentError where there is nothing to average.
  AveragedModel(std::vector<NamedTensor> parameters, const AverageOptions& options);

  /// Takes the weights as they are now into the averages; the first time they are the averages.
  void update();
  /// The averages take the place of the weights, or the weights theirs again. Throws ArgumentError before the first
  /// update.
  void swap();
  /// How often update was called.
  long updates() const { return updates_; }
  /// Whether the averages stand where the weights were.
  bool swapped() const { return swapped_; }
  const AverageOptions& options() const { return options_; }

  /// "n_averaged", "swapped", "average.0.weight" ...
  State state() const override;
  void load_state(const State& state, const std::string& who) override;

 private:
  AverageOptions options_;
  std::vector<NamedTensor> parameters_;
  std::vector<at::Tensor> averages_;  // while they are swapped, the weights
  long updates_ = 0;
  bool swapped_ = false;
};
using AveragedModelPtr = std::shared_ptr<AveragedModel>;

}  // namespace lumir::optim
