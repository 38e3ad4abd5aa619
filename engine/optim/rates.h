// What a schedule sees of an optimiser: rates by group.

#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace lumir::optim {

class Rates {
 public:
  virtual ~Rates() = default;
  /// Groups of parameters; 0 before there are any.
  virtual size_t groups() const = 0;
  /// The rate of a group as it is now; of an optimiser that is not bound, as it was made.
  virtual double lr(size_t group = 0) const = 0;
  /// Throws ArgumentError for a rate that is none.
  virtual void set_lr(size_t group, double lr) = 0;
  /// The rate that schedules reckon from: what a group had when the first of them was bound, whatever set it since.
  virtual double initial_lr(size_t group) = 0;
  /// What OneCycleLR turns beside the rate: momentum, or the first beta; null where there is no such thing.
  virtual double* momentum(size_t group) = 0;
  /// What it is called: "AdamW".
  virtual const std::string& title() const = 0;
};
using RatesPtr = std::shared_ptr<Rates>;

}  // namespace lumir::optim
