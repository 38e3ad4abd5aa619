// Zip archives as NumPy's .npz files are: whole members, plain or deflated. Nothing else of the format.

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

/// Every member, checked by its CRC. Throws Error with the path for what is no whole archive.
std::vector<Member> read_zip(const std::string& path);

/// What makes up one file.
struct Part {
  std::string name;
  std::string head;  // comes before the bytes
  std::span<const std::byte> bytes;
};
/// Members in this order, without times, so that equal contents give equal bytes. Throws Error on a full disk.
void write_zip(const std::string& path, std::span<const Part> parts, bool deflated);

}  // namespace lumir::tensor
