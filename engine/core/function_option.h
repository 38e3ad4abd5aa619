// Functions as options of schemas: the very function that was given; no text describes it. Give its type a word
// (core/kind.h), so that errors can say what was found.

#pragma once

#include <any>
#include <functional>
#include <memory>

#include "core/schema.h"

namespace lumir::detail {

template <class Answer, class... Arguments>
struct Field<std::function<Answer(Arguments...)>> {
  using Function = std::function<Answer(Arguments...)>;
  static std::string type(const Parameter&) { return "function"; }
  static Function read(const std::string& who, const Parameter& parameter, const Value& value) {
    const auto* object = value.object();
    const auto* function = object ? std::any_cast<Function>(object->get()) : nullptr;
    if (!function) wrong_type(who, parameter, value);
    return *function;
  }
  static Value write(const Function& function) {
    return function ? Value(std::make_shared<const std::any>(function)) : Value();
  }
};

}  // namespace lumir::detail
