// Mixed precision: operators that bear it reckon in fewer bits, where that is asked for.

#pragma once

#include <c10/core/DeviceType.h>
#include <c10/core/ScalarType.h>

namespace lumir::tensor {

struct Precision {
  bool mixed = true;
  c10::ScalarType type = c10::ScalarType::BFloat16;  // of those that bear it
  bool keeps_casts = true;                           // of weights, until mixed precision ends
};

/// How operators of a device reckon now, in this thread.
Precision precision_now(c10::DeviceType device);

/// While it lives, operators of a device reckon so in this thread.
class Autocast {
 public:
  Autocast(c10::DeviceType device, const Precision& precision);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  const c10::DeviceType device_;
  const Precision before_;
};

}  // namespace lumir::tensor
