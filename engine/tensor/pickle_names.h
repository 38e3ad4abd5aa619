// The names that a pickle may use, and what each of them makes: nothing else is read.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/pickle.h"

namespace lumir::tensor {

struct KnownName {
  std::string name;  // "collections.OrderedDict"
  /// What calling it gives; null for what is not called here.
  Item (*make)(Unpickler&, const std::vector<Item>& arguments) = nullptr;
  /// Of a type of storage: its elements.
  std::optional<at::ScalarType> elements = std::nullopt;
  /// Of an element type as PyTorch calls it: torch.float16.
  std::optional<at::ScalarType> dtype = std::nullopt;
};

/// Null where the name is none of those that are read.
const KnownName* find_known_name(std::string_view module, std::string_view name);

// NumPy's part of them: tensor/pickle_numpy.cpp.

Item make_numpy_type(Unpickler& pickle, const std::vector<Item>& arguments);
Item make_numpy_scalar(Unpickler& pickle, const std::vector<Item>& arguments);
/// An array without numbers, which its state brings.
Item make_numpy_array(Unpickler& pickle, const std::vector<Item>& arguments);
Item make_numpy_from_buffer(Unpickler& pickle, const std::vector<Item>& arguments);
/// (version, order ...): the order of the bytes.
void set_state(Unpickler& pickle, NumpyType& type, const Item& state);
/// (version, shape, type, by columns, bytes).
void set_state(Unpickler& pickle, std::shared_ptr<const Array>& array, const Item& state);

}  // namespace lumir::tensor
