// Options of layers that no other part of the engine has: sizes along dimensions, padding, and positions.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/schema.h"

namespace lumir::nn {

/// A number for each dimension, or one for all of them: a kernel, a stride, the shape of what is normalised.
struct Sizes {
  std::vector<int> each;

  Sizes(int all = 1) : each{all} {}
  Sizes(std::vector<int> numbers) : each(std::move(numbers)) {}
  /// One number for each of `dimensions`. Throws ArgumentError, begun by `who`, where there are others.
  std::vector<int64_t> over(size_t dimensions, const std::string& who, const std::string& name) const;
};

/// The same of fractions: by how much each dimension grows.
struct Factors {
  std::vector<double> each;
  std::vector<double> over(size_t dimensions, const std::string& who, const std::string& name) const;
};

/// What is added at both ends of each dimension: numbers, or 'same' for as much as keeps the size, 'valid' for none.
struct Padding {
  Sizes sizes{0};
  std::string word = "";
};

/// What layers take that look along so many dimensions: "[batch, channels, height, width]" for two.
std::string shape_words(size_t rank);

/// A dimension, a class, a row of a table: users count from 1 (-1 is the last), the engine from 0.
struct Position {
  int64_t number = 0;
};

}  // namespace lumir::nn

namespace lumir::detail {

template <>
struct Field<nn::Sizes> {
  static std::string type(const Parameter&) { return "integer or list"; }
  static nn::Sizes read(const std::string& who, const Parameter& parameter, const Value& value);
  static Value write(const nn::Sizes& sizes);
};
template <>
struct Field<nn::Factors> {
  static std::string type(const Parameter&) { return "number or list"; }
  static nn::Factors read(const std::string& who, const Parameter& parameter, const Value& value);
  static Value write(const nn::Factors& factors);
};
template <>
struct Field<nn::Padding> {
  static std::string type(const Parameter&) { return "integer, list or word"; }
  static nn::Padding read(const std::string& who, const Parameter& parameter, const Value& value);
  static Value write(const nn::Padding& padding);
};
template <>
struct Field<nn::Position> {
  static std::string type(const Parameter&) { return "position"; }
  static nn::Position read(const std::string& who, const Parameter& parameter, const Value& value);
  static Value write(const nn::Position& position);
};

}  // namespace lumir::detail
