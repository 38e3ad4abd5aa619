// Mixed precision by LibTorch's autocast, whose switches are each thread's own.

#include "tensor/autocast.h"

#include <ATen/autocast_mode.h>

namespace lumir::tensor {
namespace {

void set(c10::DeviceType device, const Precision& precision) {
  at::autocast::set_autocast_enabled(device, precision.mixed);
  at::autocast::set_autocast_dtype(device, precision.type);
  at::autocast::set_autocast_cache_enabled(precision.keeps_casts);
}

}  // namespace

Precision precision_now(c10::DeviceType device) {
  return {at::autocast::is_autocast_enabled(device), at::autocast::get_autocast_dtype(device),
          at::autocast::is_autocast_cache_enabled()};
}

Autocast::Autocast(c10::DeviceType device, const Precision& precision)
    : device_(device), before_(precision_now(device)) {
  set(device_, precision);
  at::autocast::increment_nesting();
}

Autocast::~Autocast() {
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  set(device_, before_);
}

}  // namespace lumir::tensor
