// The safetensors format: eight bytes of length, a JSON header, then the numbers of every array without a gap.
//
// A file may come from anywhere, so nothing in it is believed: lengths, shapes and offsets are checked
// against the size of the file before a byte is copied.

#include "tensor/safetensors.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <tuple>

#include "core/error.h"
#include "core/file.h"
#include "core/mapped_file.h"

namespace lumir::tensor {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

constexpr const char* kOurKey = "lumir";
constexpr const char* kMetadata = "__metadata__";
constexpr size_t kLargestHeader = 100'000'000;  // as the reference implementation has it
constexpr int kDeepest = 64;

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
  throw Error(path + ": not a whole safetensors file (" + reason + ")");
}

/// Deep nesting would exhaust the stack of a recursive reader, so it is refused before.
bool too_deep(std::string_view json) {
  int depth = 0;
  bool in_text = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_text = !in_text;
    } else if (!in_text && (c == '[' || c == '{')) {
      if (++depth > kDeepest) return true;
    } else if (!in_text && (c == ']' || c == '}')) {
      --depth;
    }
  }
  return false;
}

Value parse(const std::string& path, std::string_view json, const char* what) {
  if (too_deep(json)) refuse(path, std::string(what) + " is nested too deeply");
  try {
    return from_json(json, path);
  } catch (const Error&) {
    refuse(path, std::string(what) + " is no JSON");
  }
}

/// A name from the file, short and on one line, for an error text.
std::string quoted(const std::string& name) {
  std::string out = "'";
  for (const char c : name.substr(0, 60)) out += static_cast<unsigned char>(c) < 32 || c == 127 ? '?' : c;
  return out + "'";
}

struct NumberType {
  const char* name;
  ElementType type;
};

constexpr NumberType kTypes[] = {
    {"F64", ElementType::float64},   {"F32", ElementType::float32},  {"F16", ElementType::float16},
    {"BF16", ElementType::bfloat16}, {"I64", ElementType::int64},    {"I32", ElementType::int32},
    {"I16", ElementType::int16},     {"I8", ElementType::int8},      {"U64", ElementType::uint64},
    {"U32", ElementType::uint32},    {"U16", ElementType::uint16},   {"U8", ElementType::uint8},
    {"BOOL", ElementType::boolean},  {"C64", ElementType::complex64}};

const char* name_of(ElementType type) {
  const auto known = [type](const NumberType& one) { return one.type == type; };
  return std::find_if(std::begin(kTypes), std::end(kTypes), known)->name;
}

/// A whole number from the header, at most `limit`.
size_t whole(const std::string& path, const Value& value, size_t limit, const std::string& what) {
  const double* number = value.number();
  if (!number || *number < 0 || *number != std::floor(*number) || *number > static_cast<double>(limit)) {
    refuse(path, what + " is out of range");
  }
  return static_cast<size_t>(*number);
}

struct Extent {
  size_t begin;
  size_t end;
  std::string name;
};

ElementType type_of(const std::string& path, const std::string& name, const Value& described) {
  const std::string* dtype = described["dtype"].text();
  if (!dtype) refuse(path, quoted(name) + " has no dtype");
  for (const auto& type : kTypes) {
    if (*dtype == type.name) return type.type;
  }
  throw Error(path + ": " + quoted(name) + " has numbers of type " + quoted(*dtype) + ", which are not read here");
}

/// One array of the header, on the bytes of the file.
Array read_array(const std::string& path, const std::string& name, const Value& described, const MappedFile& file,
                 size_t first, std::vector<Extent>& extents) {
  const ElementType type = type_of(path, name, described);
  const List* shape = described["shape"].list();
  const List* offsets = described["data_offsets"].list();
  if (!shape) refuse(path, quoted(name) + " has no shape");
  if (!offsets || offsets->size() != 2) refuse(path, quoted(name) + " has no data_offsets");

  const auto data = file.bytes().subspan(first);
  std::vector<int64_t> sides;
  size_t count = 1;
  const size_t most = data.size() / size_of(type);
  for (const auto& side : *shape) {
    const size_t length = whole(path, side, size_t{1} << 53, "the shape of " + quoted(name));
    sides.push_back(static_cast<int64_t>(length));
    if (length > 0 && count > most / length) refuse(path, quoted(name) + " is larger than the file");
    count *= length;
  }
  const size_t begin = whole(path, (*offsets)[0], data.size(), "the place of " + quoted(name));
  const size_t end = whole(path, (*offsets)[1], data.size(), "the place of " + quoted(name));
  if (end < begin || end - begin != count * size_of(type)) refuse(path, quoted(name) + " does not fill its place");
  extents.push_back({begin, end, name});
  return {type, std::move(sides), data.subspan(begin, end - begin), file.owner()};
}

/// Arrays lie side by side from the first byte to the last, as the format asks.
void check_extents(const std::string& path, std::vector<Extent> extents, size_t size) {
  std::sort(extents.begin(), extents.end(),
            [](const Extent& a, const Extent& b) { return std::tie(a.begin, a.end) < std::tie(b.begin, b.end); });
  size_t at = 0;
  for (const auto& extent : extents) {
    if (extent.begin != at) refuse(path, quoted(extent.name) + " overlaps another or leaves a gap");
    at = extent.end;
  }
  if (at != size) refuse(path, "its numbers end at byte " + std::to_string(at) + " of " + std::to_string(size));
}

Map read_metadata(const std::string& path, const Value& stored) {
  if (stored.is_nil()) return {};
  if (!stored.map()) refuse(path, "its metadata are no table");
  Map metadata;
  for (const auto& [key, text] : *stored.map()) {
    if (!text.text()) refuse(path, "its metadata must be texts");
    if (key == kOurKey) continue;
    metadata[key] = text;
  }
  if (const std::string* ours = stored[kOurKey].text()) {
    const Value values = parse(path, *ours, "the description of the model");
    if (!values.map()) refuse(path, "the description of the model is no table");
    for (const auto& [key, value] : *values.map()) metadata[key] = value;
  }
  return metadata;
}

}  // namespace

void save_safetensors(const std::string& path, const SafeTensors& contents) {
  Map header;
  if (!contents.metadata.empty()) header[kMetadata] = Map{{kOurKey, to_json(contents.metadata)}};
  std::vector<std::string_view> pieces(2);
  size_t begin = 0;
  for (const auto& [name, array] : contents.arrays) {
    if (name == kMetadata) throw std::logic_error("safetensors: no array can be called " + name);
    const auto bytes = array.bytes();
    const List shape(array.shape().begin(), array.shape().end());
    header[name] =
        Map{{"dtype", name_of(array.type())}, {"shape", shape}, {"data_offsets", List{begin, begin + bytes.size()}}};
    begin += bytes.size();
    pieces.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  std::string text = to_json(header);
  text.append((8 - text.size() % 8) % 8, ' ');  // so that the numbers are aligned
  const uint64_t length = text.size();
  pieces[0] = {reinterpret_cast<const char*>(&length), sizeof length};
  pieces[1] = text;
  write_file(path, pieces);
}

SafeTensors load_safetensors(const std::string& path) {
  const MappedFile file(path);
  const std::string_view all = file.text();
  uint64_t length = 0;
  if (all.size() < sizeof length) refuse(path, "it has " + std::to_string(all.size()) + " bytes");
  std::memcpy(&length, all.data(), sizeof length);
  if (length > kLargestHeader || length > all.size() - sizeof length) refuse(path, "its header is cut off");
  const Value header = parse(path, all.substr(sizeof length, length), "its header");
  if (!header.map()) refuse(path, "its header is no table");

  SafeTensors contents;
  const size_t first = sizeof length + length;
  std::vector<Extent> extents;
  for (const auto& [name, described] : *header.map()) {
    if (name == kMetadata) continue;
    contents.arrays[name] = read_array(path, name, described, file, first, extents);
  }
  check_extents(path, std::move(extents), all.size() - first);
  contents.metadata = read_metadata(path, header[kMetadata]);
  return contents;
}

}  // namespace lumir::tensor
