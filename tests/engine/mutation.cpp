// Each mutation is a function of bytes; a file goes through one to three of them.

#include "engine/mutation.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace lumir::tests {
namespace {

constexpr size_t kHead = 512;  // bytes where headers are: half of what we change lies there
constexpr size_t kMagic = 16;  // bytes that a format is known by: two files in three keep them, to be read further

uint32_t below(Random& random, size_t n) { return random.below(static_cast<uint32_t>(std::max<size_t>(1, n))); }

size_t any_place(const std::string& bytes, Random& random) {
  const size_t reach = random.below(2) == 0 ? std::min(kHead, bytes.size()) : bytes.size();
  return below(random, reach);
}

std::string change_bytes(std::string& bytes, Random& random) {
  const size_t count = size_t{1} << random.below(7);
  for (size_t i = 0; i < count && !bytes.empty(); ++i)
    bytes[any_place(bytes, random)] = static_cast<char>(random.next());
  return "bytes changed";
}

std::string flip_bits(std::string& bytes, Random& random) {
  const size_t count = size_t{1} << random.below(5);
  for (size_t i = 0; i < count && !bytes.empty(); ++i) {
    bytes[any_place(bytes, random)] ^= static_cast<char>(1 << random.below(8));
  }
  return "bits flipped";
}

std::string cut_end(std::string& bytes, Random& random) {
  bytes.resize(any_place(bytes, random));
  return "cut";
}

std::string cut_start(std::string& bytes, Random& random) {
  bytes.erase(0, any_place(bytes, random));
  return "start lost";
}

std::string remove_block(std::string& bytes, Random& random) {
  const size_t from = any_place(bytes, random);
  bytes.erase(from, 1 + below(random, 4096));
  return "block removed";
}

std::string repeat_block(std::string& bytes, Random& random) {
  const size_t from = any_place(bytes, random);
  const std::string block = bytes.substr(from, 1 + below(random, 4096));
  const uint32_t times = 1 + random.below(20);
  for (uint32_t i = 0; i < times; ++i) bytes.insert(from, block);
  return "block repeated";
}

std::string swap_blocks(std::string& bytes, Random& random) {
  const size_t length = 1 + below(random, 1024), one = any_place(bytes, random), two = any_place(bytes, random);
  if (std::max(one, two) + length > bytes.size() || (one < two ? two - one : one - two) < length) return "as it was";
  const auto at = [&](size_t place) { return bytes.begin() + static_cast<long>(place); };
  std::swap_ranges(at(one), at(one + length), at(two));
  return "blocks swapped";
}

std::string fill_block(std::string& bytes, Random& random) {
  const size_t from = any_place(bytes, random), length = std::min<size_t>(1 + below(random, 2048), bytes.size() - from);
  std::fill_n(bytes.begin() + static_cast<long>(from), length, random.below(2) == 0 ? '\0' : '\xff');
  return "block filled";
}

/// Writes a number that programs stumble over where a length, a rate or a count of channels may stand.
std::string forge_number(std::string& bytes, Random& random) {
  static const uint64_t numbers[] = {0,          1,          2,          255,         256,        65535,
                                     65536,      384000,     768000,     0x7fffffff,  0x80000000, 0xfffffff0,
                                     0xffffffff, 0x7fff0000, 0x00ffffff, ~uint64_t{0}};
  const size_t count = size_t{1} << random.below(3);
  for (size_t i = 0; i < count; ++i) {
    uint64_t number = numbers[random.below(std::size(numbers))];
    const size_t size = size_t{1} << (1 + random.below(3));
    if (random.below(2) == 0) number = __builtin_bswap64(number) >> (64 - 8 * size);
    const size_t at = any_place(bytes, random) & ~size_t{1};
    if (at + size <= bytes.size()) std::memcpy(bytes.data() + at, &number, size);
  }
  return "numbers forged";
}

std::string put_garbage_before(std::string& bytes, Random& random) {
  std::string garbage(1 + below(random, 3000), '\0');
  for (char& byte : garbage) byte = static_cast<char>(random.next());
  bytes.insert(0, garbage);
  return "garbage before";
}

/// An ID3 tag that claims any length.
std::string put_tag_before(std::string& bytes, Random& random) {
  std::string tag("ID3\x04\0\0", 6);
  for (int i = 0; i < 4; ++i) tag += static_cast<char>(random.below(128));
  bytes.insert(0, tag + "TIT2" + std::string(random.below(200), 'a'));
  return "tag before";
}

using Mutation = std::string (*)(std::string&, Random&);
constexpr Mutation kMutations[] = {change_bytes, change_bytes, flip_bits,    flip_bits,          cut_end,
                                   cut_start,    remove_block, repeat_block, swap_blocks,        fill_block,
                                   forge_number, forge_number, forge_number, put_garbage_before, put_tag_before};

}  // namespace

SpoiltFile spoil(const std::vector<SeedFile>& seeds, Random& random) {
  const SeedFile& seed = seeds[below(random, seeds.size())];
  SpoiltFile file{seed.name + ":", seed.ending, seed.bytes};
  const uint32_t rounds = 1 + random.below(3);
  for (uint32_t round = 0; round < rounds; ++round) {
    file.story += " " + kMutations[random.below(std::size(kMutations))](file.bytes, random) + ",";
  }
  if (random.below(3) != 0 && file.bytes.size() >= kMagic && seed.bytes.size() >= kMagic) {
    file.bytes.replace(0, kMagic, seed.bytes, 0, kMagic);
    file.story += " first bytes kept,";
  }
  if (random.below(8) == 0) {  // the end of another file
    const SeedFile& other = seeds[below(random, seeds.size())];
    file.bytes += other.bytes.substr(any_place(other.bytes, random));
    file.story += " end of " + other.name + ",";
  }
  if (random.below(8) == 0) {
    file.ending = seeds[below(random, seeds.size())].ending;
    file.story += " named ." + file.ending + ",";
  }
  file.story.pop_back();
  return file;
}

}  // namespace lumir::tests
