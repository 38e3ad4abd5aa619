// A range of addresses that the system fills with memory where it is written; free parts of it are known by
// place, to be joined with their neighbours, and by size, so that the smallest that is large enough is taken.

#include "core/large_blocks.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <new>
#include <set>

#include <sys/mman.h>

namespace lumir {
namespace {

constexpr size_t kRange = size_t{1} << 38;  // of addresses, not of memory
constexpr size_t kKept = size_t{2} << 30;
constexpr size_t kPage = 4096;

/// The first address of the range; 0 before the first block, and where the system refused.
std::atomic<uintptr_t> range{0};

class LargeBlocks {
 public:
  LargeBlocks() {
    void* found = mmap(nullptr, kRange, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (found != MAP_FAILED) range = reinterpret_cast<uintptr_t>(found);
  }

  void* take(size_t bytes) {
    // a line more than is asked for: blocks that all began at one place of a page would
    // share few lines of the cache
    constexpr size_t kLine = 64;
    const size_t size = (bytes + 2 * kLine - 1) / kLine * kLine;
    const std::lock_guard lock(guard_);
    const auto found = by_size_.lower_bound({size, 0});
    const size_t place = found == by_size_.end() ? end_ : found->second;
    if (found != by_size_.end()) {
      const size_t rest = found->first - size;
      forget(free_.find(place));
      if (rest > 0) remember(place + size, rest);
    } else {
      if (size > kRange - end_) return nullptr;
      end_ += size;
      furthest_ = std::max(furthest_, end_);
    }
    idle_ -= std::min(idle_, size);
    taken_[place] = size;
    taken_bytes_ += size;
    return reinterpret_cast<void*>(range + place);
  }

  size_t size(void* block) {
    const std::lock_guard lock(guard_);
    return taken_.at(place_of(block));
  }

  void give_back(void* block) {
    const std::lock_guard lock(guard_);
    const auto found = taken_.find(place_of(block));
    size_t place = found->first, size = found->second;
    taken_.erase(found);
    taken_bytes_ -= size;
    idle_ += size;
    auto next = free_.lower_bound(place);
    if (next != free_.begin()) {
      const auto before = std::prev(next);
      if (before->first + before->second == place) {
        place = before->first;
        size += before->second;
        forget(before);
      }
    }
    if (next != free_.end() && next->first == place + size) {
      size += next->second;
      forget(next);
    }
    if (place + size == end_) {
      end_ = place;
    } else {
      remember(place, size);
    }
    if (idle_ > kKept) let_go();
  }

  size_t taken_bytes() const { return taken_bytes_; }

 private:
  using Parts = std::map<size_t, size_t>;  // sizes by place

  static size_t place_of(void* block) { return reinterpret_cast<uintptr_t>(block) - range; }
  void remember(size_t place, size_t size) {
    free_[place] = size;
    by_size_.insert({size, place});
  }
  void forget(Parts::iterator part) {
    by_size_.erase({part->second, part->first});
    free_.erase(part);
  }
  /// The system takes the memory of whole pages back; their addresses stay.
  static void empty(size_t begin, size_t end) {
    begin = (begin + kPage - 1) / kPage * kPage;
    end = end / kPage * kPage;
    if (begin < end) madvise(reinterpret_cast<void*>(range + begin), end - begin, MADV_DONTNEED);
  }
  void let_go() {
    for (const auto& [place, size] : free_) empty(place, place + size);
    empty(end_, furthest_);
    furthest_ = end_;
    idle_ = 0;
  }

  std::mutex guard_;
  Parts taken_, free_;
  std::set<std::pair<size_t, size_t>> by_size_;  // size and place of what is free
  size_t end_ = 0;                               // behind the last block
  size_t furthest_ = 0;                          // behind all that blocks have had
  size_t idle_ = 0;                              // bytes that were freed and may still have memory
  std::atomic<size_t> taken_bytes_ = 0;
};

/// Never destroyed: blocks are freed until the process ends.
LargeBlocks& blocks() {
  static auto* const all = new LargeBlocks;
  return *all;
}

}  // namespace

void* take_large_block(size_t bytes) {
  LargeBlocks& all = blocks();
  return range == 0 ? nullptr : all.take(bytes);
}

bool is_large_block(const void* block) {
  const uintptr_t begin = range.load(std::memory_order_relaxed);
  return begin != 0 && reinterpret_cast<uintptr_t>(block) - begin < kRange;
}

size_t size_of_large_block(void* block) { return blocks().size(block); }
void free_large_block(void* block) { blocks().give_back(block); }
size_t large_block_bytes() { return range == 0 ? 0 : blocks().taken_bytes(); }

}  // namespace lumir
