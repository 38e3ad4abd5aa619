// Memories by their addresses, with weak pointers that say whether they are still the same.

#include "tensor/exposed.h"

#include <algorithm>
#include <map>
#include <mutex>

namespace lumir::tensor {
namespace {

using Held = c10::weak_intrusive_ptr<c10::StorageImpl>;

struct Exposed {
  std::mutex guard;
  std::map<const void*, Held> memories;
  size_t next_sweep = 1024;
};

Exposed& exposed() {
  static Exposed all;
  return all;
}

}  // namespace

void note_exposed(const at::Tensor& tensor) {
  auto& [guard, memories, next_sweep] = exposed();
  const std::lock_guard lock(guard);
  const auto storage = tensor.storage().getWeakStorageImpl();
  memories.insert_or_assign(tensor.storage().unsafeGetStorageImpl(), storage);
  if (memories.size() < next_sweep) return;
  std::erase_if(memories, [](const auto& memory) { return memory.second.expired(); });
  next_sweep = std::max<size_t>(1024, 2 * memories.size());
}

bool is_exposed(const at::Tensor& tensor) {
  auto& [guard, memories, next_sweep] = exposed();
  const std::lock_guard lock(guard);
  const auto found = memories.find(tensor.storage().unsafeGetStorageImpl());
  return found != memories.end() && !found->second.expired();
}

}  // namespace lumir::tensor
