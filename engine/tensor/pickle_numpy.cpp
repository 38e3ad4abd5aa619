// NumPy's arrays and numbers in a pickle: their bytes stand in it, and are read as those of an .npy file.

#include <algorithm>

#include "tensor/npy.h"
#include "tensor/pickle_names.h"

namespace lumir::tensor {
namespace {

const NumpyType& type_at(Unpickler& pickle, const Item& item) {
  const auto* type = pickle.store().as<NumpyType>(item);
  if (!type) pickle.refuse("an array of NumPy has no type");
  return *type;
}

std::vector<int64_t> shape_at(Unpickler& pickle, const Item& item) {
  std::vector<int64_t> shape;
  for (const Item& side : pickle.items(item, "the shape of an array")) {
    shape.push_back(pickle.whole(side, "the shape of an array"));
  }
  pickle.store().count_steps(shape.size());
  return shape;
}

/// The bytes stand on the file, or on what the store keeps.
Array array_of(Unpickler& pickle, const NumpyType& type, std::vector<int64_t> shape, bool by_columns,
               std::string_view bytes) {
  pickle.store().count_bytes(bytes.size());
  const auto found = numpy_type(type.code);
  if (!found) {
    throw Error(pickle.store().where() + ": an array of NumPy has elements of type '" + shown(type.code) +
                "', which are not read here");
  }
  uint64_t size = size_of(*found);
  for (const int64_t side : shape) {
    if (side < 0 || __builtin_mul_overflow(size, static_cast<uint64_t>(side), &size)) size = bytes.size() + 1;
  }
  if (size != bytes.size()) pickle.refuse("an array of NumPy has other bytes than its shape asks for");
  const std::span all(reinterpret_cast<const std::byte*>(bytes.data()), bytes.size());
  return numpy_array(*found, type.order, by_columns, std::move(shape), all, nullptr);
}

}  // namespace

/// numpy.dtype('f8', False, True)
Item make_numpy_type(Unpickler& pickle, const std::vector<Item>& arguments) {
  if (arguments.empty()) pickle.refuse("numpy.dtype has too few arguments");
  return pickle.store().add(NumpyType{pickle.text(arguments[0], "a type of NumPy")});
}

/// (type, bytes)
Item make_numpy_scalar(Unpickler& pickle, const std::vector<Item>& arguments) {
  if (arguments.size() != 2) pickle.refuse("a number of NumPy has not two arguments");
  const Array one =
      array_of(pickle, type_at(pickle, arguments[0]), {}, false, pickle.text(arguments[1], "a number of NumPy"));
  if (is_complex(one.type())) pickle.refuse("a number of NumPy is complex");
  const double value = one.doubles()[0];
  return one.type() == ElementType::boolean ? Item(value != 0) : Item(value);
}

Item make_numpy_array(Unpickler& pickle, const std::vector<Item>&) {
  return pickle.store().add(std::shared_ptr<const Array>());
}

/// (bytes, type, shape, 'C' or 'F'): what protocol 5 has.
Item make_numpy_from_buffer(Unpickler& pickle, const std::vector<Item>& arguments) {
  if (arguments.size() != 4) pickle.refuse("an array of NumPy has not four arguments");
  return pickle.store().add(std::make_shared<const Array>(array_of(
      pickle, type_at(pickle, arguments[1]), shape_at(pickle, arguments[2]),
      pickle.text(arguments[3], "the order of an array") == "F", pickle.text(arguments[0], "an array's bytes"))));
}

void set_state(Unpickler& pickle, NumpyType& type, const Item& state) {
  const auto& parts = pickle.items(state, "the state of a type");
  const std::string_view order = parts.size() < 2 ? "" : pickle.text(parts[1], "the order of bytes");
  if (order != "<" && order != ">" && order != "|" && order != "=") pickle.refuse("a type has no order of bytes");
  type.order = order[0];
}

void set_state(Unpickler& pickle, std::shared_ptr<const Array>& array, const Item& state) {
  const auto& parts = pickle.items(state, "the state of an array");
  if (parts.size() != 5) pickle.refuse("the state of an array has not five parts");
  const auto* by_columns = std::get_if<bool>(&parts[3]);
  array = std::make_shared<const Array>(array_of(pickle, type_at(pickle, parts[2]), shape_at(pickle, parts[1]),
                                                 by_columns && *by_columns, pickle.text(parts[4], "an array's bytes")));
}

}  // namespace lumir::tensor
