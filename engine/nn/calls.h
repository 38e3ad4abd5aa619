// Who sees every call of a module while it lives, before it begins and after it ended: profiles, diagrams, attention maps.
//
// A hook sees one module, once it is done, and modules that have one look after their layout differently. A CallWatch
// sees all of them and changes nothing.

#pragma once

#include "nn/module.h"

namespace lumir::nn {

/// One at a time in a thread is told, the last that was made.
class CallWatch {
 public:
  CallWatch();
  virtual ~CallWatch();
  CallWatch(const CallWatch&) = delete;
  CallWatch& operator=(const CallWatch&) = delete;

  virtual void before(Module& /*module*/, const Flow& /*input*/) {}
  /// Not for a call that threw.
  virtual void after(Module& module, const Flow& input, const Flow& output) = 0;

  /// Null for nobody.
  static CallWatch* current();

 private:
  CallWatch* before_;
};

}  // namespace lumir::nn
