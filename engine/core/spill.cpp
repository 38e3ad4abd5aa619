// Numbers in files without a name, mapped.

#include "core/spill.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/error.h"
#include "core/file.h"
#include "core/once.h"

namespace lumir {
namespace {

constexpr std::align_val_t kAlignment{64};
constexpr size_t kLargePage = size_t{2} << 20;
constexpr size_t kManyPages = 2 * kLargePage;

struct Region {
  void* begin = nullptr;
  size_t bytes = 0;
};
struct Regions {
  std::mutex guard;
  std::vector<Region> list;
  std::atomic<size_t> bytes{0};
};
/// Never destroyed: numbers of static objects may go later.
Regions& regions() {
  static auto* const all = new Regions;
  return *all;
}

/// A file that is gone when it is closed.
int open_nameless(const std::string& folder) {
  const int file = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) return file;
  std::string path = folder + "/spill-XXXXXX";  // for file systems that know no O_TMPFILE
  const int named = mkostemp(path.data(), O_CLOEXEC);
  if (named >= 0) unlink(path.c_str());
  return named;
}

/// Mapped numbers; null, and why, where the folder cannot hold them.
void* map_file(size_t bytes, std::string& why) {
  try {
    why = cache_folder();
  } catch (const Error& problem) {
    why = problem.what();
    return nullptr;
  }
  const int file = open_nameless(why);
  if (file < 0) {
    why += std::string(": ") + std::strerror(errno);
    return nullptr;
  }
  // room for all of it now: a full disk must not stop a later write into the map
  const int problem = posix_fallocate(file, 0, static_cast<off_t>(bytes));
  void* numbers = problem == 0 ? mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;
  if (numbers == MAP_FAILED) {
    why += std::string(": ") + std::strerror(problem != 0 ? problem : errno);
    numbers = nullptr;
  }
  close(file);
  return numbers;
}

void* spill(size_t bytes) {
  std::string why;
  void* numbers = map_file(bytes, why);
  if (!numbers) {
    warn_once(why + ": numbers stay in memory");
    return nullptr;
  }
  Regions& all = regions();
  const std::lock_guard lock(all.guard);
  all.list.push_back({numbers, bytes});
  all.bytes += bytes;
  return numbers;
}

/// False where they are no spilled ones.
bool unspill(void* numbers) {
  Regions& all = regions();
  const std::lock_guard lock(all.guard);
  const auto found =
      std::find_if(all.list.begin(), all.list.end(), [&](const Region& region) { return region.begin == numbers; });
  if (found == all.list.end()) return false;
  munmap(found->begin, found->bytes);
  all.bytes -= found->bytes;
  all.list.erase(found);
  return true;
}

/// A song's samples are thousands of pages, which the system hands out one by one as they are written to.
void ask_for_large_pages(void* numbers, size_t bytes) {
  const auto begin = (reinterpret_cast<uintptr_t>(numbers) + kLargePage - 1) / kLargePage * kLargePage;
  const auto end = (reinterpret_cast<uintptr_t>(numbers) + bytes) / kLargePage * kLargePage;
  if (end > begin) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

}  // namespace

void* allocate_numbers(size_t bytes) {
  if (bytes >= kSpillBytes) {
    if (void* numbers = spill(bytes)) return numbers;
  }
  void* numbers = ::operator new(bytes, kAlignment);
  if (bytes >= kManyPages) ask_for_large_pages(numbers, bytes);
  return numbers;
}

void free_numbers(void* numbers, size_t bytes) {
  if (bytes >= kSpillBytes && unspill(numbers)) return;
  ::operator delete(numbers, kAlignment);
}

void relieve_memory() {
  Regions& all = regions();
  if (all.bytes == 0) return;
  const std::lock_guard lock(all.guard);
  for (const Region& region : all.list) madvise(region.begin, region.bytes, MADV_DONTNEED);
}

size_t spill_room() {
  try {
    std::error_code unknown;
    const auto space = std::filesystem::space(cache_folder(), unknown);
    return unknown ? 0 : space.available;
  } catch (const Error&) {
    return 0;
  }
}

size_t spilled_bytes() { return regions().bytes; }

}  // namespace lumir
