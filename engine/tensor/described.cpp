// The axes of tensors, by tensor.

#include "tensor/described.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace lumir::tensor {
namespace {

using Weak = c10::weak_intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;

/// A weak handle keeps the tensor's address from being another's, and none of its numbers.
struct Known {
  Weak tensor;
  Described what;
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

/// Whether a tensor of these sizes can have them.
bool fits(const Axes& axes, const Dimensions& dimensions, at::IntArrayRef sizes) {
  if (dimensions.size() != sizes.size()) return false;
  for (size_t d = 0; d < sizes.size(); ++d) {
    if (dimensions[d] == Along::rows && !axes.fit(static_cast<size_t>(sizes[d]))) return false;
  }
  return true;
}

}  // namespace

std::string name_of(Along along) {
  constexpr std::array<const char*, 3> kNames = {"rows", "time", "other"};
  return kNames.at(static_cast<size_t>(along));
}

bool Described::runs(Along along) const {
  return std::find(dimensions.begin(), dimensions.end(), along) != dimensions.end();
}

void describe(const at::Tensor& tensor, AxesPtr axes, Dimensions dimensions) {
  if (axes && !fits(*axes, dimensions, tensor.sizes())) axes = nullptr;
  if (tensor.scalar_type() == at::kBool) axes = with_values(axes, "");  // a mask has no unit
  Book& all = book();
  const std::lock_guard lock(all.guard);
  if (!axes) {
    all.pages.erase(tensor.unsafeGetTensorImpl());
  } else {
    sweep(all);
    Known known{Weak(tensor.getIntrusivePtr()), {std::move(axes), std::move(dimensions)}, tensor.sizes().vec()};
    all.pages.insert_or_assign(tensor.unsafeGetTensorImpl(), std::move(known));
  }
  all.size = all.pages.size();
}

Described described(const at::Tensor& tensor) {
  Book& all = book();
  if (all.size == 0) return {};
  const std::lock_guard lock(all.guard);
  const auto found = all.pages.find(tensor.unsafeGetTensorImpl());
  if (found == all.pages.end() || tensor.sizes() != found->second.shape) return {};
  return found->second.what;
}

bool any_described() { return book().size > 0; }

at::Tensor described_as(at::Tensor result, const at::Tensor& source) {
  if (auto known = described(source); known.axes) describe(result, std::move(known.axes), std::move(known.dimensions));
  return result;
}

}  // namespace lumir::tensor
