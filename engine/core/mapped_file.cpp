// Mapping files.

#include "core/mapped_file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"

namespace lumir {
namespace {

[[noreturn]] void fail(const std::string& path) { throw Error(path + ": " + std::strerror(errno)); }

}  // namespace

struct MappedFile::Mapping {
  explicit Mapping(const std::string& path) {
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a pipe must not wait for its writer
    if (file < 0) fail(path);
    struct stat about {};
    const bool known = fstat(file, &about) == 0;
    if (known && S_ISREG(about.st_mode)) {
      size = static_cast<size_t>(about.st_size);
      if (size > 0) start = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, file, 0);
    }
    const int reason = errno;
    close(file);
    if (known && S_ISDIR(about.st_mode)) throw Error(path + ": Is a directory");
    if (known && !S_ISREG(about.st_mode)) throw Error(path + ": is no regular file");
    errno = reason;
    if (!known || start == MAP_FAILED) fail(path);
  }
  ~Mapping() {
    if (size > 0) munmap(start, size);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  void* start = nullptr;
  size_t size = 0;
};

MappedFile::MappedFile(const std::string& path) : mapping_(std::make_shared<const Mapping>(path)) {}

std::span<const std::byte> MappedFile::bytes() const {
  return {static_cast<const std::byte*>(mapping_->start), mapping_->size};
}

std::span<std::byte> MappedFile::own_bytes() const {
  return {static_cast<std::byte*>(mapping_->start), mapping_->size};
}

void MappedFile::release(size_t first, size_t last) const {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const size_t begin = (first + page - 1) / page * page, end = last / page * page;
  if (begin < end) madvise(static_cast<char*>(mapping_->start) + begin, end - begin, MADV_DONTNEED);
}

std::string_view MappedFile::text() const { return {static_cast<const char*>(mapping_->start), mapping_->size}; }

}  // namespace lumir
