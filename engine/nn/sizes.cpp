// Reading and writing sizes, padding and positions.

#include "nn/sizes.h"

#include "tensor/positions.h"

namespace lumir::nn {

std::vector<int64_t> Sizes::over(size_t dimensions, const std::string& who, const std::string& name) const {
  if (each.size() == 1) return std::vector<int64_t>(dimensions, each[0]);
  if (each.size() == dimensions) return {each.begin(), each.end()};
  throw ArgumentError(who + ": '" + name + "' must be one number or a list of " + std::to_string(dimensions) +
                      ", got " + std::to_string(each.size()));
}

}  // namespace lumir::nn

namespace lumir::detail {

nn::Sizes Field<nn::Sizes>::read(const std::string& who, const Parameter& parameter, const Value& value) {
  if (value.number()) return Field<int>::read(who, parameter, value);
  if (!value.list() || value.list()->empty()) wrong_type(who, parameter, value);
  return Field<std::vector<int>>::read(who, parameter, value);
}

Value Field<nn::Sizes>::write(const nn::Sizes& sizes) {
  if (sizes.each.size() == 1) return sizes.each[0];
  return Field<std::vector<int>>::write(sizes.each);
}

nn::Padding Field<nn::Padding>::read(const std::string& who, const Parameter& parameter, const Value& value) {
  if (value.text()) return {{0}, Field<std::string>::read(who, parameter, value)};
  return {Field<nn::Sizes>::read(who, parameter, value)};
}

Value Field<nn::Padding>::write(const nn::Padding& padding) {
  return padding.word.empty() ? Field<nn::Sizes>::write(padding.sizes) : Value(padding.word);
}

nn::Position Field<nn::Position>::read(const std::string& who, const Parameter& parameter, const Value& value) {
  const int number = Field<int>::read(who, parameter, value);
  return {tensor::from_user(number, tensor::Mark::position, who, parameter.name)};
}

Value Field<nn::Position>::write(const nn::Position& position) {
  return static_cast<long>(position.number < 0 ? position.number : position.number + 1);
}

}  // namespace lumir::detail
