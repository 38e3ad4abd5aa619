// Descriptions of networks, for those that make and copy them.

#pragma once

#include "nn/module.h"

namespace lumir::nn {

/// What errors call them, and where they are registered.
inline const MadeKind kModules{"nn", "module"};

/// While one lives, weights are drawn that are to be replaced: the random numbers go on afterwards as if none had been.
class UndrawnScope {
 public:
  UndrawnScope();
  ~UndrawnScope();
  UndrawnScope(const UndrawnScope&) = delete;
  UndrawnScope& operator=(const UndrawnScope&) = delete;

 private:
  at::Tensor before_;
};

/// Throws ArgumentError, begun by `who`, where a network is not as its description has made it: names or sizes of
/// parameters, kinds or options of parts are others, because somebody gave it parts behind its init. What has no size
/// yet may have any. Of a Sequential that was made shorter the modules that are left count.
void check_as_made(const std::string& who, Module& module, Module& made);

/// What makes a slot the same as another: its tensor, whoever holds it; where that has no size yet, the place itself.
const void* identity_of(const Slot& slot);

}  // namespace lumir::nn
