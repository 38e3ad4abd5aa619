// Tensors on storages: everything that a file says of them is checked before it is used.

#include "tensor/pickle_value.h"

#include <algorithm>
#include <cstring>

#include <ATen/ops/empty.h>
#include <c10/core/ScalarType.h>

#include "core/error.h"
#include "core/interrupt.h"
#include "core/text.h"

namespace lumir::tensor {
namespace {

constexpr size_t kMostSteps = size_t{1} << 23;
constexpr size_t kStepsBetweenLooks = 65536;  // at Ctrl-C
constexpr int64_t kMostRepeated = 1 << 24;    // elements that tensors may have beyond those of their storages (expand)

/// How many elements a tensor has, and behind how many of the storage its last one stands. False where a number is
/// negative or beyond all bounds.
bool measure(const TensorView& view, int64_t& count, int64_t& last) {
  count = 1;
  last = 0;
  for (size_t i = 0; i < view.sizes.size(); ++i) {
    const int64_t size = view.sizes[i], stride = view.strides[i];
    int64_t reach = 0;
    if (size < 0 || stride < 0 || __builtin_mul_overflow(count, std::max<int64_t>(size, 1), &count)) return false;
    if (__builtin_mul_overflow(std::max<int64_t>(size, 1) - 1, stride, &reach)) return false;
    if (__builtin_add_overflow(last, reach, &last)) return false;
  }
  if (std::find(view.sizes.begin(), view.sizes.end(), 0) != view.sizes.end()) count = 0;
  return true;
}

}  // namespace

std::string shown(std::string_view text) {
  constexpr size_t kMostBytes = 200, kMostColumns = 80;
  return cut(visible(text.substr(0, kMostBytes)), kMostColumns);
}

void Pickled::count_steps(size_t steps) {
  if (steps_ / kStepsBetweenLooks != (steps_ + steps) / kStepsBetweenLooks) check_interrupt();
  steps_ += steps;
  if (steps_ <= kMostSteps) return;
  throw Error(where_ + ": its pickle has more than " + std::to_string(kMostSteps) + " steps");
}

void Pickled::count_bytes(size_t bytes) {
  bytes_ += bytes;
  if (bytes_ > 2 * size_) throw Error(where_ + ": not whole (it unpacks to more than it holds)");
}

uint32_t Pickled::add_storage(std::span<const std::byte> bytes) {
  storages_.push_back({bytes, {}});
  return static_cast<uint32_t>(storages_.size() - 1);
}

at::Tensor Pickled::elements(const StoragePart& part) {
  Storage& storage = storages_.at(part.storage);
  const auto size = static_cast<int64_t>(storage.bytes.size());
  if (!storage.copy.defined()) {
    storage.copy = at::empty({size}, at::kByte);
    if (size > 0) std::memcpy(storage.copy.mutable_data_ptr(), storage.bytes.data(), storage.bytes.size());
  }
  const auto element = static_cast<int64_t>(c10::elementSize(part.type));
  const at::Tensor all = storage.copy.narrow(0, 0, size / element * element).view(part.type);
  const int64_t count = part.count < 0 ? all.numel() - part.begin : part.count;
  if (part.begin < 0 || part.begin > all.numel() || count < 0 || count > all.numel() - part.begin) {
    throw Error(where_ + ": not whole (a storage is larger than its bytes)");
  }
  return all.narrow(0, part.begin, count);
}

at::Tensor Pickled::tensor(const StoragePart& part) { return elements(part); }

at::Tensor Pickled::tensor(const TensorView& view) {
  const at::Tensor all = elements(view.part);
  int64_t count = 0, last = 0;
  const bool known = measure(view, count, last) && view.offset >= 0 && view.offset <= all.numel();
  if (known && count > all.numel()) repeated_ += std::min(count - all.numel(), kMostRepeated + 1);
  if (!known || (count > 0 && last >= all.numel() - view.offset) || repeated_ > kMostRepeated) {
    throw Error(where_ + ": not whole (a tensor reaches beyond its storage)");
  }
  return all.as_strided(view.sizes, view.strides, all.storage_offset() + view.offset);
}

}  // namespace lumir::tensor
