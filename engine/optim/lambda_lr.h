// Functions of the steps so far as options of schedules.

#pragma once

#include <any>
#include <functional>
#include <memory>

#include "core/schema.h"

namespace lumir::optim {

/// From the steps so far, 0 at first, to a number.
using StepFunction = std::function<double(double)>;

}  // namespace lumir::optim

namespace lumir::detail {

/// The very function that was given; no text describes it.
template <>
struct Field<optim::StepFunction> {
  static std::string type(const Parameter&) { return "function"; }
  static optim::StepFunction read(const std::string& who, const Parameter& parameter, const Value& value);
  static Value write(const optim::StepFunction& function) {
    return function ? Value(std::make_shared<const std::any>(function)) : Value();
  }
};

}  // namespace lumir::detail
