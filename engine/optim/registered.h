// What an optimiser and a schedule have in common: a registered name with options, that a description builds again.

#pragma once

#include <memory>
#include <string>

#include "core/makers.h"
#include "core/registry.h"
#include "core/state.h"

namespace lumir::optim {

class Registered : public Stateful {
 public:
  Registered(const Registered&) = delete;
  Registered& operator=(const Registered&) = delete;

  const Entry& entry() const { return *entry_; }
  const std::string& name() const { return entry_->name; }
  /// Every option with its value, as it was made.
  virtual Map options() const = 0;
  /// { name = "optim.AdamW", options = {...} }: enough to make it again.
  Value description() const { return Map{{"name", entry_->full_name()}, {"options", options()}}; }
  /// "AdamW { lr = 0.01 }": options that are no defaults only.
  std::string show() const { return show_made(*entry_, options()); }

 protected:
  explicit Registered(const Entry& entry) : entry_(&entry) {}

 private:
  const Entry* entry_;
};

}  // namespace lumir::optim
