// Codes as pickletools has them, at places where a machine that believes them would go wrong.

#include "engine/tensor/pickle_mutation.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace lumir::tests {
namespace {

uint32_t below(Random& random, size_t n) { return random.below(static_cast<uint32_t>(std::max<size_t>(1, n))); }

/// A place between the first codes and the last.
size_t any_place(const std::string& bytes, Random& random) {
  return std::min<size_t>(2 + below(random, bytes.size()), bytes.size());
}

std::string times(std::string_view codes, size_t count) {
  std::string all;
  for (size_t i = 0; i < count; ++i) all += codes;
  return all;
}

std::string put_codes(std::string& bytes, Random& random) {
  static constexpr std::string_view codes =
      "(.0123FIJKLMNPQRSTUVXabcdeghijlopqrstu}])BC\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90"
      "\x91\x92\x93\x94\x95\x96\x97\x98";
  std::string soup;
  const size_t count = size_t{1} << random.below(9);
  for (size_t i = 0; i < count; ++i) {
    soup += random.below(8) == 0 ? static_cast<char>(random.next()) : codes[below(random, codes.size())];
  }
  bytes.insert(any_place(bytes, random), soup);
  return "codes put in";
}

/// Where one of some codes seems to stand; the size where none does.
size_t find_code(const std::string& bytes, std::string_view codes, Random& random) {
  const size_t from = any_place(bytes, random);
  const size_t found = bytes.find_first_of(codes, from);
  return found == std::string::npos ? bytes.size() : found;
}

std::string forge_places(std::string& bytes, Random& random) {
  for (int i = 0; i < 8; ++i) {
    const size_t at = find_code(bytes, "qrhj", random);
    for (size_t k = at + 1; k < std::min(at + 5, bytes.size()); ++k) bytes[k] = static_cast<char>(random.next());
  }
  return "places of the memory forged";
}

std::string forge_lengths(std::string& bytes, Random& random) {
  static constexpr uint32_t lengths[] = {0, 1, 255, 65536, 0x7fffffff, 0x80000000, 0xffffffff};
  for (int i = 0; i < 4; ++i) {
    const size_t at = find_code(bytes, "XBTJ\x8b", random);
    if (at + 5 <= bytes.size()) std::memcpy(bytes.data() + at + 1, &lengths[random.below(7)], 4);
  }
  return "lengths forged";
}

std::string forge_sizes(std::string& bytes, Random& random) {
  for (int i = 0; i < 8; ++i) {
    const size_t at = find_code(bytes, "KM", random);
    if (at + 1 < bytes.size()) bytes[at + 1] = static_cast<char>(random.next());
  }
  return "sizes forged";
}

std::string put_number(std::string& bytes, Random& random) {
  static constexpr int64_t numbers[] = {-1, 0, int64_t{1} << 40, INT64_MAX, INT64_MIN, 1 << 30};
  std::string code("\x8a\x08", 2);
  code.append(reinterpret_cast<const char*>(&numbers[random.below(6)]), 8);
  const size_t at = find_code(bytes, "K", random);
  if (at + 2 <= bytes.size()) bytes.replace(at, 2, code);
  return "a number put in";
}

std::string put_name(std::string& bytes, Random& random) {
  static constexpr std::string_view names[] = {"cos\nsystem\n",
                                               "cbuiltins\neval\n",
                                               "c__builtin__\nset\n",
                                               "cnumpy.core.multiarray\n_reconstruct\n",
                                               "ctorch._utils\n_rebuild_tensor_v2\n",
                                               "c\n\n",
                                               "ctorch\nFloatStorage\n",
                                               "cargparse\nNamespace\n"};
  const size_t at = find_code(bytes, "c", random);
  bytes.insert(at, names[random.below(8)]);
  return "a name put in";
}

std::string nest(std::string& bytes, Random& random) {
  const size_t depth = size_t{1} << random.below(17);
  const std::string_view opens[] = {"]", "(", "}K\x01", ")"};
  const std::string_view closes[] = {"a", "t", "s", "\x85"};
  const size_t kind = random.below(4);
  bytes.insert(any_place(bytes, random), times(opens[kind], depth) + times(closes[kind], depth));
  return "nested";
}

std::string hold_itself(std::string& bytes, Random& random) {
  const std::string_view codes[] = {
      "]q\x07h\x07"
      "a",
      "}q\x07K\x01h\x07s", "(]q\x07h\x07h\x07t",
      "]q\x07(h\x07h\x07h\x07"
      "e"};
  bytes.insert(any_place(bytes, random), codes[random.below(4)]);
  return "a list that holds itself";
}

/// Each list holds the one before twice.
std::string double_lists(std::string& bytes, Random& random) {
  std::string codes("]q\0", 3);
  const size_t count = size_t{1} << random.below(12);
  for (size_t i = 0; i < count; ++i) codes.append("h\0h\0\x86q\0", 7);
  bytes.insert(any_place(bytes, random), codes);
  return "lists doubled";
}

/// One text or one tensor again and again.
std::string repeat_object(std::string& bytes, Random& random) {
  const size_t count = size_t{1} << random.below(14);
  const std::string_view codes[] = {"0h\x01", "2", "h\x02h\x03R",
                                    "h\x01h\x02"
                                    "b"};
  bytes.insert(any_place(bytes, random), "(" + times(codes[random.below(4)], count));
  return "an object repeated";
}

using Mutation = std::string (*)(std::string&, Random&);
constexpr Mutation kMutations[] = {put_codes, put_codes, forge_places, forge_lengths, forge_sizes,  put_number,
                                   put_name,  nest,      hold_itself,  double_lists,  repeat_object};

}  // namespace

std::string spoil_pickle(std::string& bytes, Random& random) {
  return kMutations[random.below(std::size(kMutations))](bytes, random);
}

}  // namespace lumir::tests
