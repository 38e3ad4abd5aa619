// One array: {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), } and its numbers.
// The format: numpy.org/doc/stable/reference/generated/numpy.lib.format.html, versions 1 to 3.

#include "tensor/npy.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "core/error.h"

namespace lumir::tensor {
namespace {

struct NumberType {
  const char* name;  // without the order of its bytes
  ElementType type;
};

constexpr NumberType kTypes[] = {
    {"f8", ElementType::float64},   {"f4", ElementType::float32},    {"f2", ElementType::float16},
    {"i8", ElementType::int64},     {"i4", ElementType::int32},      {"i2", ElementType::int16},
    {"i1", ElementType::int8},      {"u8", ElementType::uint64},     {"u4", ElementType::uint32},
    {"u2", ElementType::uint16},    {"u1", ElementType::uint8},      {"b1", ElementType::boolean},
    {"c8", ElementType::complex64}, {"c16", ElementType::complex128}};

constexpr size_t kFixed = 10;          // magic, version, length of the head
constexpr size_t kMostHead = 1 << 20;  // NumPy's own limit is 10,000 characters
constexpr size_t kMostWord = 1 << 28;
constexpr char32_t kEscaped = 0xdc00;  // where Python puts bytes that are no UTF-8

[[noreturn]] void refuse(const std::string& where, const std::string& reason) {
  throw Error(where + ": not a whole .npy file (" + reason + ")");
}

std::string shape_words(const std::vector<int64_t>& shape) {
  std::string words;
  for (const int64_t side : shape) words += (words.empty() ? "" : ", ") + std::to_string(side);
  return "(" + words + (shape.size() == 1 ? ",)" : ")");
}

/// Version 1.0, padded so that the numbers begin at a multiple of 64 bytes.
std::string head_of(const std::string& descr, const std::vector<int64_t>& shape) {
  std::string head = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape_words(shape) + ", }";
  head.append(63 - (kFixed + head.size()) % 64, ' ');
  head += "\n";
  std::string bytes(kNpyMagic);
  bytes += {'\x01', '\x00', static_cast<char>(head.size() & 0xff), static_cast<char>(head.size() >> 8)};
  return bytes + head;
}

/// The characters of a text; bytes that are no UTF-8 as Python's surrogateescape has them.
std::u32string characters_of(std::string_view text) {
  std::u32string characters;
  for (size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    const size_t length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    char32_t character = length == 1 ? first : first & (0xff >> (length + 1));
    bool good = (first < 0x80 || first >= 0xc2) && first < 0xf5 && at + length <= text.size();
    for (size_t i = 1; good && i < length; ++i) {
      const auto next = static_cast<unsigned char>(text[at + i]);
      good = next >> 6 == 2;
      character = character << 6 | (next & 0x3f);
    }
    constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    good = good && character >= kLeast[length] && character <= 0x10ffff && (character < 0xd800 || character > 0xdfff);
    characters += good ? character : kEscaped + first;
    at += good ? length : 1;
  }
  return characters;
}

void add_character(std::string& text, char32_t character) {
  if (character >= kEscaped + 0x80 && character <= kEscaped + 0xff) {
    text += static_cast<char>(character - kEscaped);
  } else if (character < 0x80) {
    text += static_cast<char>(character);
  } else {
    const int more = character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
    text += static_cast<char>(0xff00 >> (more + 1) | static_cast<int>(character >> 6 * more));
    for (int i = more - 1; i >= 0; --i) text += static_cast<char>(0x80 | (character >> 6 * i & 0x3f));
  }
}

/// The head of a file, as far as it is NumPy's: a dict of three keys.
struct Head {
  std::string descr;
  bool by_columns = false;
  std::vector<int64_t> shape;
};

/// Reads Python's literals one by one.
class HeadReader {
 public:
  HeadReader(const std::string& where, std::string_view text) : where_(where), text_(text) {}
  Head read() {
    Head head;
    int found = 0;
    expect('{');
    while (!next_is('}')) {
      const std::string key = word();
      expect(':');
      if (key == "descr") {
        if (next_is('[')) refuse_kind("records");
        head.descr = word();
        found |= 1;
      } else if (key == "fortran_order") {
        head.by_columns = boolean();
        found |= 2;
      } else if (key == "shape") {
        head.shape = numbers();
        found |= 4;
      } else {
        refuse(where_, "its head has a key too many");
      }
      if (!next_is(',')) {
        expect('}');
        break;
      }
    }
    if (found != 7) refuse(where_, "its head lacks a key");
    return head;
  }

 private:
  [[noreturn]] void refuse_kind(const std::string& what) {
    throw Error(where_ + ": holds " + what + ", which are not read here");
  }
  void spaces() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n')) text_.remove_prefix(1);
  }
  bool next_is(char c) {
    spaces();
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!next_is(c)) refuse(where_, "its head is no Python dict");
  }
  std::string word() {
    spaces();
    const char quote = text_.empty() ? '\0' : text_[0];
    if (quote != '\'' && quote != '"') refuse(where_, "its head is no Python dict");
    const size_t end = text_.find(quote, 1);
    if (end == std::string_view::npos) refuse(where_, "its head is cut off");
    const std::string inside(text_.substr(1, end - 1));
    text_.remove_prefix(end + 1);
    return inside;
  }
  bool boolean() {
    spaces();
    for (const bool value : {true, false}) {
      const std::string_view spelt = value ? "True" : "False";
      if (!text_.starts_with(spelt)) continue;
      text_.remove_prefix(spelt.size());
      return value;
    }
    refuse(where_, "'fortran_order' is neither True nor False");
  }
  std::vector<int64_t> numbers() {
    std::vector<int64_t> all;
    expect('(');
    while (!next_is(')')) {
      spaces();
      int64_t number = -1;
      const auto [end, problem] = std::from_chars(text_.data(), text_.data() + text_.size(), number);
      if (problem != std::errc() || number < 0) refuse(where_, "its shape is out of range");
      all.push_back(number);
      text_.remove_prefix(static_cast<size_t>(end - text_.data()));
      next_is('L');  // Python 2
      if (!next_is(',')) {
        expect(')');
        break;
      }
    }
    return all;
  }

  const std::string& where_;
  std::string_view text_;
};

/// How many elements; checked against the bytes that are there.
size_t count_of(const std::string& where, const std::vector<int64_t>& shape, size_t element, size_t bytes) {
  size_t count = 1;
  const bool none = std::find(shape.begin(), shape.end(), 0) != shape.end();
  for (const int64_t side : shape) {
    if (!none && count > bytes / std::max<size_t>(element, 1) / static_cast<size_t>(side)) {
      refuse(where, "its numbers are cut off");
    }
    count *= static_cast<size_t>(none ? 0 : side);
  }
  return count;
}

/// Calls body(place in columns) for each place in rows, in order: column-major numbers, row by row.
template <class Body>
void each_by_rows(const std::vector<int64_t>& shape, size_t count, Body body) {
  std::vector<size_t> step(shape.size(), 1), at(shape.size());
  for (size_t i = 1; i < shape.size(); ++i) step[i] = step[i - 1] * static_cast<size_t>(shape[i - 1]);
  size_t place = 0;
  for (size_t k = 0; k < count; ++k) {
    body(place);
    for (size_t i = shape.size(); i-- > 0;) {
      place += step[i];
      if (++at[i] < static_cast<size_t>(shape[i])) break;
      place -= step[i] * at[i];
      at[i] = 0;
    }
  }
}

/// The same elements row by row, and as this machine has them.
std::vector<std::byte> in_our_order(std::span<const std::byte> bytes, const std::vector<int64_t>& shape,
                                    bool by_columns, size_t element, size_t turned) {
  const size_t count = bytes.size() / element;
  std::vector<std::byte> out(bytes.size());
  auto to = out.begin();
  const auto take = [&](size_t place) {
    const auto from = bytes.subspan(place * element, element);
    to = std::copy(from.begin(), from.end(), to);
  };
  if (by_columns) {
    each_by_rows(shape, count, take);
  } else {
    for (size_t i = 0; i < count; ++i) take(i);
  }
  if (turned > 1) {
    for (auto one = out.begin(); one != out.end(); one += static_cast<ptrdiff_t>(turned)) {
      std::reverse(one, one + static_cast<ptrdiff_t>(turned));
    }
  }
  return out;
}

/// '<U12' has four bytes a character, 'S12' one; both end with zeros.
Texts read_texts(const std::string& where, const Head& head, std::span<const std::byte> bytes) {
  const bool wide = head.descr[1] == 'U';
  size_t length = 0;
  const std::string digits = head.descr.substr(2);
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  const bool known = problem == std::errc() && *end == '\0' && length > 0 && length <= kMostWord;
  if (!known) refuse(where, "its words have no length");
  const size_t unit = wide ? 4 : 1, element = length * unit;
  const size_t count = count_of(where, head.shape, element, bytes.size());
  const std::vector<std::byte> plain =
      in_our_order(bytes.first(count * element), head.shape, head.by_columns, element, head.descr[0] == '>' ? unit : 1);
  Texts texts{head.shape, {}};
  for (size_t i = 0; i < count; ++i) {
    std::string word;
    for (size_t k = 0; k < length; ++k) {
      uint32_t character = 0;
      std::memcpy(&character, plain.data() + i * element + k * unit, unit);
      if (wide) {
        add_character(word, character);
      } else {
        word += static_cast<char>(character);
      }
    }
    word.erase(word.find_last_not_of('\0') + 1);
    texts.words.push_back(std::move(word));
  }
  return texts;
}

}  // namespace

std::string npy_head(const Array& array, const std::string& who) {
  for (const auto& known : kTypes) {
    if (known.type != array.type()) continue;
    const std::string order = size_of(known.type) == 1 ? "|" : "<";
    return head_of(order + known.name, array.shape());
  }
  throw ArgumentError(who + ": NumPy's files have no bfloat16 (take :float(), or write .safetensors)");
}

std::string to_npy(const Texts& texts) {
  std::vector<std::u32string> words;
  size_t longest = 1;  // NumPy writes none shorter
  for (const auto& word : texts.words) {
    words.push_back(characters_of(word));
    longest = std::max(longest, words.back().size());
  }
  std::string bytes = head_of("<U" + std::to_string(longest), texts.shape);
  for (auto& word : words) {
    word.resize(longest);
    bytes.append(reinterpret_cast<const char*>(word.data()), longest * sizeof(char32_t));
  }
  return bytes;
}

std::optional<ElementType> numpy_type(std::string_view code) {
  for (const auto& known : kTypes) {
    if (code == known.name) return known.type;
  }
  return std::nullopt;
}

Array numpy_array(ElementType type, char order, bool by_columns, std::vector<int64_t> shape,
                  std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner) {
  const size_t turned = order == '>' ? size_of(type) / (is_complex(type) ? 2 : 1) : 1;
  if (!by_columns && turned == 1) return {type, std::move(shape), bytes, owner};
  const auto kept =
      std::make_shared<const std::vector<std::byte>>(in_our_order(bytes, shape, by_columns, size_of(type), turned));
  return {type, std::move(shape), *kept, kept};
}

void read_npy(const std::string& where, const std::string& name, std::span<const std::byte> bytes,
              const std::shared_ptr<const void>& owner, NamedArrays& into) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.size() < kFixed + 2 || !text.starts_with(kNpyMagic)) refuse(where, "it does not begin as one");
  const int version = text[6];
  if (version < 1 || version > 3) refuse(where, "its version is " + std::to_string(version));
  const size_t width = version == 1 ? 2 : 4;
  uint32_t length = 0;
  std::memcpy(&length, text.data() + 8, width);
  if (length > kMostHead || length > text.size() - 8 - width) refuse(where, "its head is cut off");
  const Head head = HeadReader(where, text.substr(8 + width, length)).read();
  const auto numbers = bytes.subspan(8 + width + length);
  const char order = head.descr.empty() ? '\0' : head.descr[0];
  const std::string kind = head.descr.substr(std::min<size_t>(1, head.descr.size()));
  if (head.descr.find('O') != std::string::npos) throw Error(where + ": holds Python objects, which reading would run");
  if (order == '<' || order == '>' || order == '|' || order == '=') {
    if (const auto type = numpy_type(kind)) {
      const size_t size = count_of(where, head.shape, size_of(*type), numbers.size()) * size_of(*type);
      into.arrays[name] = numpy_array(*type, order, head.by_columns, head.shape, numbers.first(size), owner);
      return;
    }
    if (kind.size() > 1 && (kind[0] == 'U' || kind[0] == 'S')) {
      into.texts[name] = read_texts(where, head, numbers);
      return;
    }
  }
  throw Error(where + ": has elements of type '" + head.descr.substr(0, 40) + "', which are not read here");
}

}  // namespace lumir::tensor
