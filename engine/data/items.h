// Items: rows of a Table that are no rows of numbers (frames, tensors, clips). They stand on disk; one that is asked
// for is read by a map of its file, so that a corpus larger than memory can be gone through again and again.

#pragma once

#include <any>
#include <cstddef>
#include <memory>
#include <span>

namespace lumir::data {

class Items {
 public:
  virtual ~Items() = default;
  virtual size_t size() const = 0;
  /// 0-based. From any thread. Throws Error where the file of the recording is needed again and cannot be read.
  virtual std::any at(size_t i) const = 0;
};
using ItemsPtr = std::shared_ptr<const Items>;

/// These of the items (0-based, in this order).
ItemsPtr take_items(ItemsPtr items, std::span<const int> which);

}  // namespace lumir::data
