// The axes of tensors, by tensor.

#include "tensor/described.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <ATen/core/enum_tag.h>

namespace lumir::tensor {
namespace {

using Weak = c10::weak_intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;

/// A weak handle keeps the tensor's address from being another's, and none of its numbers.
struct Known {
  Weak tensor;
  AxesPtr axes;
  std::vector<int64_t> shape;
};

struct Book {
  std::mutex guard;
  std::unordered_map<const c10::TensorImpl*, Known> pages;
  size_t sweep_at = 64;
  std::atomic<size_t> size = 0;  // to be asked without the guard: most programs describe nothing
};

Book& book() {
  static Book& one = *new Book;  // handles may still be let go when the program ends
  return one;
}

/// Lets go of tensors that are gone, each time there are twice as many as were left.
void sweep(Book& all) {
  if (all.pages.size() < all.sweep_at) return;
  std::erase_if(all.pages, [](const auto& page) { return page.second.tensor.expired(); });
  all.sweep_at = std::max<size_t>(64, 2 * all.pages.size());
}

bool is_in_place(std::string_view name) { return name.ends_with('_') && !name.starts_with('_'); }

/// Operators that leave the numbers as they are.
bool copies(std::string_view name) {
  static constexpr std::array<std::string_view, 4> kCopies = {"clone", "contiguous", "detach", "alias"};
  return std::find(kCopies.begin(), kCopies.end(), name) != kCopies.end();
}

AxesPtr of_sizes(const AxesPtr& axes) {
  if (!axes || axes->measure != Measure::complex) return axes;
  return with_values(axes, "magnitude", axes->unit, Measure::magnitude);
}

}  // namespace

void describe(const at::Tensor& tensor, AxesPtr axes) {
  Book& all = book();
  const std::lock_guard lock(all.guard);
  if (!axes) {
    all.pages.erase(tensor.unsafeGetTensorImpl());
  } else {
    sweep(all);
    Known known{Weak(tensor.getIntrusivePtr()), std::move(axes), tensor.sizes().vec()};
    all.pages.insert_or_assign(tensor.unsafeGetTensorImpl(), std::move(known));
  }
  all.size = all.pages.size();
}

AxesPtr axes_of(const at::Tensor& tensor) {
  Book& all = book();
  if (all.size == 0) return nullptr;
  const std::lock_guard lock(all.guard);
  const auto found = all.pages.find(tensor.unsafeGetTensorImpl());
  if (found == all.pages.end() || tensor.sizes() != found->second.shape) return nullptr;
  return found->second.axes;
}

Handed::Handed(std::span<const at::Tensor> operands) {
  for (const at::Tensor& operand : operands) take(operand);
  axes_ = with_values(axes_, "");
}

Handed::Handed(const Operator& operation, const Overload& overload,
               std::span<const std::optional<c10::IValue>> arguments) {
  if (book().size == 0) return;
  const bool copy = copies(operation.name);
  if (!copy && !overload.handle.hasTag(at::Tag::pointwise)) {
    forgets_ = is_in_place(operation.name);
    return;
  }
  for (const auto& argument : arguments) {
    if (argument && argument->isTensor() && argument->toTensor().defined()) take(argument->toTensor());
  }
  if (copy) return;
  axes_ = operation.name == "abs" ? of_sizes(axes_) : with_values(axes_, "");
}

void Handed::take(const at::Tensor& operand) {
  if (axes_) return;
  axes_ = axes_of(operand);
  if (axes_) shape_ = operand.sizes().vec();
}

void Handed::to(const at::Tensor& result) const {
  if (forgets_ || (axes_ && result.sizes() == shape_)) describe(result, axes_);
}

at::Tensor described_as(at::Tensor result, const at::Tensor& source) {
  if (auto axes = axes_of(source)) describe(result, std::move(axes));
  return result;
}

}  // namespace lumir::tensor
