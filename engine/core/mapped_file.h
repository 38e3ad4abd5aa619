// A file seen as memory: read where it is looked at, and never whole.

#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace lumir {

/// A whole file, mapped for reading until the last copy goes. A file that is replaced meanwhile (by rename) stays as it
/// was mapped.
class MappedFile {
 public:
  /// Throws Error("PATH: No such file or directory"), also where the path is no regular file.
  explicit MappedFile(const std::string& path);
  std::span<const std::byte> bytes() const;
  std::string_view text() const;
  /// The same bytes, for who goes on with them: what is written there stays in this process.
  std::span<std::byte> own_bytes() const;
  /// Lets go of the memory behind bytes `first` to `last` - 1, which are read anew where somebody looks at them again.
  /// Only for what nobody has written to.
  void release(size_t first, size_t last) const;
  /// Keeps the bytes alive.
  std::shared_ptr<const void> owner() const { return mapping_; }

 private:
  struct Mapping;
  std::shared_ptr<const Mapping> mapping_;
};

/// The same as MappedFile::release for bytes of whose owner no more is known; what is no mapped file stays as it is.
void release_mapped(const std::shared_ptr<const void>& owner, std::span<const std::byte> bytes);

}  // namespace lumir
