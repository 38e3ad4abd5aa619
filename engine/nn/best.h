// Best: the weights of the epoch that did best so far.

#pragma once

#include <optional>

#include "nn/module.h"

namespace lumir::nn {

class Best final : public Stateful {
 public:
  /// `highest`: whether more is better (accuracy) or less (loss).
  Best(ModulePtr module, bool highest);

  /// Keeps the weights where the value is better than all before; NaN never is. Answers whether it was.
  bool offer(double value);
  /// Gives the kept weights back to the module. Throws ArgumentError where nothing was offered yet.
  void restore();

  std::optional<double> value() const { return value_; }
  /// Which offer was the best, from 1; 0 before the first.
  int at() const { return at_; }
  /// How many offers came after it.
  int since() const { return offers_ - at_; }

  State state() const override;
  void load_state(const State& state, const std::string& who) override;

 private:
  ModulePtr module_;
  bool highest_;
  std::optional<double> value_;
  int at_ = 0;
  int offers_ = 0;
  State weights_;
};
using BestPtr = std::shared_ptr<Best>;

}  // namespace lumir::nn
