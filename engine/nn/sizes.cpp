// Reading and writing sizes, padding and positions.

#include "nn/sizes.h"

#include "tensor/positions.h"

namespace lumir::nn {

namespace {

template <class To, class From>
std::vector<To> spread(const std::vector<From>& each, size_t dimensions, const std::string& who,
                       const std::string& name) {
  if (each.size() == 1) return std::vector<To>(dimensions, each[0]);
  if (each.size() == dimensions) return {each.begin(), each.end()};
  throw ArgumentError(who + ": '" + name + "' must be one number or a list of " + std::to_string(dimensions) +
                      ", got " + std::to_string(each.size()));
}

}  // namespace

std::vector<int64_t> Sizes::over(size_t dimensions, const std::string& who, const std::string& name) const {
  return spread<int64_t>(each, dimensions, who, name);
}

std::vector<double> Factors::over(size_t dimensions, const std::string& who, const std::string& name) const {
  return spread<double>(each, dimensions, who, name);
}

std::string shape_words(size_t rank) {
  static const std::string places[] = {"time", "height, width", "depth, height, width"};
  return "[batch, channels, " + places[rank - 1] + "]";
}

}  // namespace lumir::nn

namespace lumir::detail {

namespace {

/// One number, or a list of them.
template <class T>
std::vector<T> read_each(const std::string& who, const Parameter& parameter, const Value& value) {
  if (value.number()) return {Field<T>::read(who, parameter, value)};
  if (!value.list() || value.list()->empty()) wrong_type(who, parameter, value);
  return Field<std::vector<T>>::read(who, parameter, value);
}

template <class T>
Value write_each(const std::vector<T>& each) {
  return each.size() == 1 ? Value(each[0]) : Field<std::vector<T>>::write(each);
}

}  // namespace

nn::Sizes Field<nn::Sizes>::read(const std::string& who, const Parameter& parameter, const Value& value) {
  return read_each<int>(who, parameter, value);
}

Value Field<nn::Sizes>::write(const nn::Sizes& sizes) { return write_each(sizes.each); }

nn::Factors Field<nn::Factors>::read(const std::string& who, const Parameter& parameter, const Value& value) {
  return {read_each<double>(who, parameter, value)};
}

Value Field<nn::Factors>::write(const nn::Factors& factors) { return write_each(factors.each); }

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
