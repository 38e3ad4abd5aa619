// Zip archives as NumPy's .npz and PyTorch's .pth files are: whole members, plain or deflated. Nothing else of the format.

#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lumir::tensor {

struct Member {
  std::string name;
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;  // keeps the bytes: the mapped file, or memory where they were deflated
};

/// An archive whose members are listed, and read when they are asked for.
class Archive {
 public:
  /// Throws Error with the path for what is no whole archive, and where members lie upon each other.
  explicit Archive(const std::string& path);
  Archive(Archive&&) noexcept;
  ~Archive();
  /// In the order of the list.
  std::vector<std::string> names() const;
  /// The member of that place in the list, checked by its CRC. Throws Error with the path.
  Member read(size_t i) const;
  /// The same of one that stands in the file as it is: where it is deflated, Error. A CRC of 0 stands for none, as
  /// PyTorch writes where it is told not to reckon any.
  Member read_plain(size_t i) const;

 private:
  struct Contents;
  std::unique_ptr<const Contents> contents_;
};

/// What makes up one file.
struct Part {
  std::string name;
  std::string head;  // comes before the bytes
  std::span<const std::byte> bytes;
};
/// Members in this order, without times, so that equal contents give equal bytes. Throws Error on a full disk.
void write_zip(const std::string& path, std::span<const Part> parts, bool deflated);

}  // namespace lumir::tensor
