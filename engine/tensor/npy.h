// NumPy's format for one array, as bytes: a head in Python's words, then the numbers.

#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "tensor/array_file.h"

namespace lumir::tensor {

inline constexpr std::string_view kNpyMagic = "\x93NUMPY";

/// What stands before the numbers; with them behind it the file is whole. Throws ArgumentError, begun by `who`, for
/// bfloat16.
std::string npy_head(const Array& array, const std::string& who);
/// A whole file of words, '<U12'.
std::string to_npy(const Texts& texts);
/// The type that NumPy calls "f8".
std::optional<ElementType> numpy_type(std::string_view code);
/// Numbers whose bytes are as many as the shape takes, '<' or '>' being their order; on the bytes, which `owner` keeps,
/// where they lie row by row and little-endian.
Array numpy_array(ElementType type, char order, bool by_columns, std::vector<int64_t> shape,
                  std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner);
/// Adds what the bytes hold under a name. Numbers stand on the bytes, which `owner` keeps, where NumPy wrote them row by
/// row and little-endian. Throws Error, begun by `where`.
void read_npy(const std::string& where, const std::string& name, std::span<const std::byte> bytes,
              const std::shared_ptr<const void>& owner, NamedArrays& into);

}  // namespace lumir::tensor
