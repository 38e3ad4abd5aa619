// Which way axes go through an operator.

#include "tensor/handed.h"

#include <algorithm>
#include <array>
#include <utility>

#include <ATen/core/enum_tag.h>

namespace lumir::tensor {
namespace {

bool is_in_place(std::string_view name) { return name.ends_with('_') && !name.starts_with('_'); }

/// Operators that leave the numbers as they are.
bool copies(std::string_view name) {
  static constexpr std::array<std::string_view, 4> kCopies = {"clone", "contiguous", "detach", "alias"};
  return std::find(kCopies.begin(), kCopies.end(), name) != kCopies.end();
}

std::optional<double> number_in(const at::Tensor& tensor) {
  if (tensor.numel() != 1 || !tensor.is_cpu() || tensor.is_complex()) return std::nullopt;
  return tensor.item<double>();
}

/// What the other operand is, beside `tensor`.
Operation operation_with(std::string_view name, const at::Tensor& tensor, const c10::IValue& other, bool first) {
  Operation operation{name, first};
  if (other.isScalar() && !other.toScalar().isComplex()) operation.number = other.toScalar().toDouble();
  if (other.isTensor() && other.toTensor().defined()) {
    operation.itself = other.toTensor().is_same(tensor);
    operation.number = number_in(other.toTensor());
    operation.single = other.toTensor().numel() == 1;
  }
  operation.single = operation.single || operation.number.has_value();
  return operation;
}

/// The factor that add and sub give the other operand; 1 where none was given, nothing where it is not known.
std::optional<double> factor_in(const Overload& overload, std::span<const std::optional<c10::IValue>> arguments) {
  for (size_t i = 0; i < overload.parameters.size() && i < arguments.size(); ++i) {
    if (overload.parameters[i].name != "alpha" || !arguments[i]) continue;
    if (!arguments[i]->isScalar() || arguments[i]->toScalar().isComplex()) return std::nullopt;
    return arguments[i]->toScalar().toDouble();
  }
  return 1;
}

/// "mel:add(1, { alpha = -5 })" adds -5; where the tensor itself is the one that is multiplied, nothing is known.
Operation scaled(Operation operation, std::optional<double> factor) {
  if (factor == 1) return operation;
  operation.single = operation.single && operation.first;
  operation.number = operation.number && factor ? std::optional(*operation.number * *factor) : std::nullopt;
  return operation;
}

/// How a sum of that name is called; what the names here do not say gives other numbers.
std::string_view word_of_sum(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kWords = {{{"mean", "mean"},
                                                                                            {"nanmean", "mean"},
                                                                                            {"median", "median"},
                                                                                            {"nanmedian", "median"},
                                                                                            {"amax", "greatest"},
                                                                                            {"max", "greatest"},
                                                                                            {"amin", "least"},
                                                                                            {"min", "least"},
                                                                                            {"sum", "summed"},
                                                                                            {"nansum", "summed"}}};
  for (const auto& [known, word] : kWords) {
    if (known == name) return word;
  }
  return {};
}

/// The dimensions that the user names, counted from 1 or from the end, as places from 0.
std::vector<int64_t> dimensions_in(const c10::IValue& value, int64_t dimensions) {
  std::vector<int64_t> places;
  const auto add = [&](int64_t number) { places.push_back(number > 0 ? number - 1 : number + dimensions); };
  if (value.isInt()) add(value.toInt());
  if (value.isIntList()) {
    for (const int64_t number : value.toIntVector()) add(number);
  }
  return places;
}

}  // namespace

Handed::Handed(std::string_view operation, std::span<const at::Tensor> operands) : way_(Way::elements) {
  if (!any_described()) return;
  for (size_t i = 0; i < operands.size(); ++i) {
    Described known = described(operands[i]);
    if (!known.axes) continue;
    const auto with = operation_with(operation, operands[i], operands[operands.size() - 1 - i], i == 0);
    AxesPtr numbers = numbers_after(known.axes, with);
    known_.push_back({operands[i], std::move(known), std::move(numbers)});
  }
}

Handed::Handed(const Operator& operation, const Overload& overload,
               std::span<const std::optional<c10::IValue>> arguments) {
  if (!any_described()) return;
  in_place_ = is_in_place(operation.name);
  std::string_view name = operation.name;
  if (in_place_) name.remove_suffix(1);
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i] || !arguments[i]->isTensor() || !arguments[i]->toTensor().defined()) continue;
    const at::Tensor& tensor = arguments[i]->toTensor();
    Described known = described(tensor);
    if (!known.axes) continue;
    const size_t other = i == 0 ? 1 : 0;
    const bool beside = other < arguments.size() && arguments[other];
    const auto with = operation_with(name, tensor, beside ? *arguments[other] : c10::IValue(), i == 0);
    AxesPtr numbers = numbers_after(known.axes, scaled(with, factor_in(overload, arguments)));
    known_.push_back({tensor, std::move(known), std::move(numbers)});
  }
  gather(name, overload, arguments);
  if (overload.handle.hasTag(at::Tag::pointwise)) way_ = Way::elements;
  if (copies(name)) way_ = Way::copy;
  if (way_ != Way::none || known_.empty()) return;
  for (size_t i = 0; i < overload.parameters.size() && i < arguments.size(); ++i) {
    const std::string& parameter = overload.parameters[i].name;
    const c10::IValue given = arguments[i].value_or(overload.parameters[i].default_value.value_or(c10::IValue()));
    if (parameter == "dim") summed_ = dimensions_in(given, known_[0].tensor.dim());
    if (parameter == "keepdim") {
      way_ = Way::sum;
      keeps_ = given.isBool() && given.toBool();
    }
  }
  word_ = word_of_sum(name);
}

void Handed::gather(std::string_view name, const Overload& overload,
                    std::span<const std::optional<c10::IValue>> arguments) {
  const bool joins = name == "cat" || name == "concat" || name == "concatenate";
  if (!joins && name != "index_select") return;
  std::vector<at::Tensor> parts;
  at::Tensor which;
  int64_t dimension = 1;
  for (size_t i = 0; i < overload.parameters.size() && i < arguments.size(); ++i) {
    if (!arguments[i]) continue;
    const std::string& parameter = overload.parameters[i].name;
    if (arguments[i]->isTensorList()) parts = arguments[i]->toTensorVector();
    if (parameter == "self" && arguments[i]->isTensor()) parts = {arguments[i]->toTensor()};
    if (parameter == "index" && arguments[i]->isTensor()) which = arguments[i]->toTensor();
    if (parameter == "dim" && arguments[i]->isInt()) dimension = arguments[i]->toInt();
  }
  if (parts.empty() || (!joins && !which.defined())) return;
  const int64_t place = dimensions_in(dimension, parts[0].dim()).at(0);
  gathered_ = joins ? joined_axes(parts, place) : chosen_axes(parts[0], place, which);
  if (!gathered_.axes) return;
  way_ = Way::gather;
  known_.assign(1, {parts[0], gathered_, nullptr});
}

Described Handed::summed_up(const Known& known, at::IntArrayRef sizes) const {
  auto axes = std::make_shared<Axes>(word_.empty() ? *with_values(known.what.axes, "") : *known.what.axes);
  Dimensions dimensions;
  std::vector<int64_t> left;
  for (int64_t d = 0; d < known.tensor.dim(); ++d) {
    const Along along = known.what.dimensions[static_cast<size_t>(d)];
    const bool gone = std::find(summed_.begin(), summed_.end(), d) != summed_.end();
    if (gone) sum_up(*axes, along, std::string(word_));
    if (gone && !keeps_) continue;
    left.push_back(gone ? 1 : known.tensor.size(d));
    dimensions.push_back(gone && along == Along::time ? Along::other : along);
  }
  if (sizes != left) return {};
  return {axes, dimensions};
}

Described Handed::of_result(const Known& known, const at::Tensor& result) const {
  const bool same_shape = result.sizes() == known.tensor.sizes();
  switch (way_) {
    case Way::elements: return same_shape ? Described{known.numbers, known.what.dimensions} : Described{};
    case Way::copy: return same_shape ? known.what : Described{};
    case Way::sum: return summed_up(known, result.sizes());
    case Way::gather: return gathered_;
    case Way::none: break;
  }
  if (in_place_ || !result.is_alias_of(known.tensor)) return {};
  return result.is_same(known.tensor) ? known.what : view_axes(result, known.tensor);
}

void Handed::to(const at::Tensor& result) const {
  if (!result.defined()) return;
  for (const Known& known : known_) {
    const Described found = of_result(known, result);
    if (found.runs(Along::rows) || found.runs(Along::time)) return describe(result, found.axes, found.dimensions);
  }
  if (in_place_) describe(result, nullptr);
}

void Handed::to(std::span<const c10::IValue> results) const {
  if (known_.empty() && !in_place_) return;
  for (const c10::IValue& result : results) {
    if (result.isTensor()) to(result.toTensor());
    if (result.isTensorList()) {
      for (const at::Tensor& one : result.toTensorVector()) to(one);
    }
    if (way_ == Way::sum) return;
  }
}

}  // namespace lumir::tensor
