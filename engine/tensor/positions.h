// What the whole numbers of LibTorch's operators mean, so that Lua can count from 1.
//
// LibTorch counts positions (of elements, of dimensions) from 0, users count them from 1. A schema says only `int`:
// whether that is a position, an amount or a plain number stands in one table, in positions.cpp. An operator with a
// whole number that the table does not know is not shown to Lua at all.
//
// Seen by users: 1 is the first, -1 is the last, 0 is an error.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>

namespace lumir::tensor {

enum class Mark {
  value,     // a plain number, left alone: shifts, the offset of a diagonal, a seed
  count,     // an amount, left alone: sizes, strides, kernel sizes; -1 in a size stays "infer"
  position,  // counted from 1 by users; negative ones count from the end and stay as they are
  stop,      // a position that ends a slice and belongs to it; LibTorch's end does not
  label,     // the class of an example: a position, unless it has the shape of the scores and holds shares
  word,      // a choice that LibTorch numbers and users name: reduction = 'sum'
};
std::string_view name_of(Mark mark);

/// The mark of an argument; none where the table has no row. `operation` is "sum" or, for one overload, "sum.dim";
/// the underscore of in-place operators is ignored. For tensors: value unless the name or the table says otherwise.
std::optional<Mark> argument_mark(std::string_view operation, std::string_view overload, std::string_view argument,
                                  bool is_tensor);
/// The mark of result `number`, counted from 1. `name` is the schema's name of it, which may be empty.
std::optional<Mark> result_mark(std::string_view operation, std::string_view overload, int number,
                                std::string_view name, bool is_tensor);

/// The words of a word argument, in the order of LibTorch's numbers.
const std::vector<std::string>& words_of(std::string_view argument);

/// One row of the table, for the tests: "position", "dim", "unsqueeze" (empty for every operator).
struct MarkRow {
  Mark mark;
  std::string name;
  std::string operation;
};
std::vector<MarkRow> mark_rows();

/// LibTorch's number for a user's. Throws ArgumentError for 0, naming function and argument.
int64_t from_user(int64_t number, Mark mark, const std::string& who, const std::string& argument);
/// A new tensor of LibTorch's numbers; truth values and empty tensors stay. Whole numbers kept as floats become int64.
at::Tensor from_user(const at::Tensor& numbers, Mark mark, const std::string& who, const std::string& argument);
/// A user's number for LibTorch's; negative ones (none) stay.
at::Tensor to_user(const at::Tensor& numbers, Mark mark);

}  // namespace lumir::tensor
