// Blocks of 512 bytes: a head for each member, then its bytes.
// The format: pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html, "ustar Interchange Format".

#include "tensor/tar.h"

#include <cstdint>

#include "core/error.h"

namespace lumir::tensor {
namespace {

constexpr size_t kBlock = 512, kNameSize = 100, kSizeAt = 124, kSizeSize = 12, kKindAt = 156, kMagicAt = 257;
constexpr std::string_view kMagic = "ustar";

/// Text up to its first zero.
std::string_view field(std::string_view block, size_t at, size_t size) {
  const std::string_view whole = block.substr(at, size);
  return whole.substr(0, whole.find('\0'));
}

/// In octal digits; beyond 8 GB in binary, most first.
uint64_t size_of_member(const std::string& where, std::string_view block) {
  const std::string_view digits = block.substr(kSizeAt, kSizeSize);
  uint64_t size = 0;
  if ((digits[0] & 0x80) != 0) {
    for (const char digit : digits.substr(4)) size = size << 8 | static_cast<unsigned char>(digit);
    return size;
  }
  for (const char digit : digits) {
    if (digit == '\0' || digit == ' ') continue;
    if (digit < '0' || digit > '7') throw Error(where + ": not whole (a member of the archive has no size)");
    size = size * 8 + static_cast<uint64_t>(digit - '0');
  }
  return size;
}

}  // namespace

bool is_tar(std::string_view file) { return file.size() >= kBlock && file.substr(kMagicAt).starts_with(kMagic); }

std::map<std::string, std::string_view> read_tar(const std::string& where, std::string_view file) {
  std::map<std::string, std::string_view> members;
  while (file.size() >= kBlock && file[0] != '\0') {
    const std::string_view block = file.substr(0, kBlock);
    if (!is_tar(block)) throw Error(where + ": not whole (a member of the archive is missing)");
    const uint64_t size = size_of_member(where, block);
    file.remove_prefix(kBlock);
    if (size > file.size()) throw Error(where + ": not whole (it is cut off)");
    const char kind = block[kKindAt];
    if (kind == '0' || kind == '\0') members.emplace(field(block, 0, kNameSize), file.substr(0, size));
    file.remove_prefix(std::min<uint64_t>(file.size(), (size + kBlock - 1) / kBlock * kBlock));
  }
  return members;
}

}  // namespace lumir::tensor
