// LibTorch's operators by name, described so that Lua can call them by their own schema.
//
// Only operators of the namespace `aten` that users may call: private ones (_name), gradients of others, variants for
// one backend or for compilers, and overloads that write into an argument given as `out` are left out, and so is every
// operator with a whole number that positions.cpp does not know. Looked up when first asked for.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>

#include "tensor/positions.h"

namespace lumir::tensor {

/// What an argument takes.
enum class Kind {
  tensor,
  integer,
  number,
  scalar,
  boolean,
  text,
  dtype,
  device,
  layout,
  memory_format,
  generator,
  none
};

struct Parameter {
  std::string name;        // the schema's, but `stop` for `end`, which is a reserved word of Lua
  Kind kind = Kind::none;  // of the elements, for a list
  Mark mark = Mark::value;
  bool list = false;
  bool holes = false;     // elements of the list may be missing (index)
  int length = 0;         // a single number stands for that many; 0 for a list of any length
  bool optional = false;  // 'none' and nil are answers
  bool named = false;     // comes by keyword only
  std::optional<c10::IValue> default_value;
};

struct Result {
  std::string name;  // often empty
  Kind kind = Kind::none;
  Mark mark = Mark::value;
};

struct Overload {
  c10::OperatorHandle handle;
  std::vector<Parameter> parameters;
  std::vector<Result> results;
};

struct Operator {
  std::string name;
  std::vector<Overload> overloads;
};

/// By a user's name ("unique" is "_unique2"); null where there is none to call.
const Operator* find_operator(std::string_view name);
/// Every name that users may call, sorted; in-place ones (add_) are found but not listed.
const std::vector<std::string>& operator_names();

/// "tensor_split.tensor_indices_or_sections tensor_indices_or_sections": overloads that users could call if
/// positions.cpp had a row for that argument or result. Sorted.
std::vector<std::string> unmarked();

/// A list of LibTorch's that holds elements of this kind.
c10::impl::GenericList list_of(const Parameter& parameter);

/// Calls with the user's numbers: positions are converted here, in both directions. A missing argument takes its
/// default. Errors of LibTorch come as ArgumentError in one line, with positions as the user counts them.
std::vector<c10::IValue> call(const Operator& operation, const Overload& overload,
                              std::vector<std::optional<c10::IValue>> arguments);

}  // namespace lumir::tensor
