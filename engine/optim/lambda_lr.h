// Functions of the steps so far as options of schedules.

#pragma once

#include "core/function_option.h"

namespace lumir::optim {

/// From the steps so far, 0 at first, to a number.
using StepFunction = std::function<double(double)>;

}  // namespace lumir::optim
