// AveragedModel: running averages of weights beside those that are trained, exponential or plain (stochastic weight
// averaging). As it is made it is options only; bound to weights it averages them.

#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/state.h"
#include "optim/optimizer.h"

namespace lumir::optim {

struct AverageOptions {
  std::optional<double> decay;
  bool use_buffers = false;
  int start = 1;
  static Schema schema();
};

class AveragedModel final : public Stateful {
 public:
  explicit AveragedModel(const AverageOptions& options) : options_(options) {}
  /// One of these weights, which has averaged nothing yet. Throws ArgumentError where there is nothing to average.
  std::shared_ptr<AveragedModel> bind(std::vector<NamedTensor> parameters) const;
  bool bound() const { return !parameters_.empty(); }

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
  void require_bound(const char* method) const;
  AverageOptions options_;
  std::vector<NamedTensor> parameters_;
  std::vector<at::Tensor> averages_;  // while they are swapped, the weights
  long updates_ = 0;
  bool swapped_ = false;
};
using AveragedModelPtr = std::shared_ptr<AveragedModel>;

}  // namespace lumir::optim
