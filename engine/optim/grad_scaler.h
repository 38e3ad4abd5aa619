// GradScaler: losses that are multiplied before backward, so that gradients in float16 do not vanish below its smallest
// number; gradients are divided again before the step. Where one is infinite the factor was too large: no step is made,
// and the factor shrinks; after many steps without it grows.

#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "optim/optimizer.h"

namespace lumir::optim {

struct ScalerOptions {
  double init_scale = 65536;
  double growth_factor = 2;
  double backoff_factor = 0.5;
  int growth_interval = 2000;
  static Schema schema();
};

class GradScaler final : public Stateful {
 public:
  explicit GradScaler(const ScalerOptions& options) : options_(options), factor_(options.init_scale) {}

  at::Tensor scale(const at::Tensor& loss) const;
  /// Divides the gradients of an optimiser's parameters; answers whether all are finite. Throws ArgumentError the second
  /// time before update.
  bool unscale(const Optimizer& optimizer);
  /// The optimiser's step with gradients that are divided, unless one is infinite or NaN; answers whether it was made.
  /// Throws ArgumentError the second time before update.
  bool step(Optimizer& optimizer);
  /// After the steps of a batch: the factor for the next one.
  void update();

  double factor() const { return factor_; }
  /// Batches whose step was not made.
  long skipped() const { return skipped_; }
  const ScalerOptions& options() const { return options_; }

  /// "scale", "growth_tracker", "skipped".
  State state() const override;
  void load_state(const State& state, const std::string& who) override;

 private:
  ScalerOptions options_;
  double factor_;
  int good_ = 0;  // steps since the factor has changed
  long skipped_ = 0;
  struct Divided {
    bool finite = true;
    bool stepped = false;
  };
  std::map<uint64_t, Divided> divided_;  // by the number of an optimiser whose gradients are; it may be gone
};

}  // namespace lumir::optim
