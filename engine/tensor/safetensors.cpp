// The safetensors format: eight bytes of length, a JSON header, then the numbers of every array without a
// gap.
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

double half_to_double(uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const int fraction = bits & 1023;
  const double sign = bits >> 15 ? -1 : 1;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  if (exponent == 31) return fraction ? std::nan("") : sign * HUGE_VAL;
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

double bfloat_to_double(uint16_t bits) { return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }

template <class T>
double convert(T value) {
  return static_cast<double>(value);
}

/// Reads `values.size()` numbers of type T, each turned into a double.
template <class T>
void read_numbers(const char* bytes, std::vector<double>& values, double (*to_double)(T)) {
  for (size_t i = 0; i < values.size(); ++i) {
    T number;
    std::memcpy(&number, bytes + i * sizeof(T), sizeof(T));
    values[i] = to_double(number);
  }
}

struct NumberType {
  const char* name;
  size_t size;
  void (*read)(const char* bytes, std::vector<double>& values);
};

template <class T>
constexpr NumberType plain(const char* name) {
  return {name, sizeof(T), [](const char* bytes, std::vector<double>& v) { read_numbers<T>(bytes, v, convert<T>); }};
}

constexpr NumberType kTypes[] = {
    plain<double>("F64"),
    plain<float>("F32"),
    {"F16", 2, [](const char* b, std::vector<double>& v) { read_numbers<uint16_t>(b, v, half_to_double); }},
    {"BF16", 2, [](const char* b, std::vector<double>& v) { read_numbers<uint16_t>(b, v, bfloat_to_double); }},
    plain<int64_t>("I64"),
    plain<int32_t>("I32"),
    plain<int16_t>("I16"),
    plain<int8_t>("I8"),
    plain<uint64_t>("U64"),
    plain<uint32_t>("U32"),
    plain<uint16_t>("U16"),
    plain<uint8_t>("U8"),
    plain<uint8_t>("BOOL"),
};

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

const NumberType& type_of(const std::string& path, const std::string& name, const Value& described) {
  const std::string* dtype = described["dtype"].text();
  if (!dtype) refuse(path, quoted(name) + " has no dtype");
  for (const auto& type : kTypes) {
    if (*dtype == type.name) return type;
  }
  throw Error(path + ": " + quoted(name) + " has numbers of type " + quoted(*dtype) + ", which are not read here");
}

/// One array of the header, its numbers taken from `data`.
Array read_array(const std::string& path, const std::string& name, const Value& described, std::string_view data,
                 std::vector<Extent>& extents) {
  const NumberType& type = type_of(path, name, described);
  const List* shape = described["shape"].list();
  const List* offsets = described["data_offsets"].list();
  if (!shape) refuse(path, quoted(name) + " has no shape");
  if (!offsets || offsets->size() != 2) refuse(path, quoted(name) + " has no data_offsets");

  Array array;
  size_t count = 1;
  const size_t most = data.size() / type.size;
  for (const auto& side : *shape) {
    const size_t length = whole(path, side, size_t{1} << 53, "the shape of " + quoted(name));
    array.shape.push_back(static_cast<int64_t>(length));
    if (length > 0 && count > most / length) refuse(path, quoted(name) + " is larger than the file");
    count *= length;
  }
  const size_t begin = whole(path, (*offsets)[0], data.size(), "the place of " + quoted(name));
  const size_t end = whole(path, (*offsets)[1], data.size(), "the place of " + quoted(name));
  if (end < begin || end - begin != count * type.size) refuse(path, quoted(name) + " does not fill its place");
  array.values.resize(count);
  type.read(data.data() + begin, array.values);
  extents.push_back({begin, end, name});
  return array;
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

size_t size_of(const std::string& name, const Array& array) {
  size_t count = 1;
  for (const int64_t side : array.shape) count *= static_cast<size_t>(side);
  if (count != array.values.size()) throw std::logic_error("safetensors: the shape of " + name + " is wrong");
  return count * sizeof(double);
}

}  // namespace

void save_safetensors(const std::string& path, const SafeTensors& contents) {
  Map header;
  if (!contents.metadata.empty()) header[kMetadata] = Map{{kOurKey, to_json(contents.metadata)}};
  std::string data;
  for (const auto& [name, array] : contents.arrays) {
    if (name == kMetadata) throw std::logic_error("safetensors: no array can be called " + name);
    const size_t begin = data.size(), bytes = size_of(name, array);
    data.append(reinterpret_cast<const char*>(array.values.data()), bytes);
    const List shape(array.shape.begin(), array.shape.end());
    header[name] = Map{{"dtype", "F64"}, {"shape", shape}, {"data_offsets", List{begin, begin + bytes}}};
  }
  std::string text = to_json(header);
  text.append((8 - text.size() % 8) % 8, ' ');  // so that the numbers are aligned
  const uint64_t length = text.size();
  std::string file(reinterpret_cast<const char*>(&length), sizeof length);
  write_file(path, file + text + data);
}

SafeTensors load_safetensors(const std::string& path) {
  const std::string file = read_file(path);
  uint64_t length = 0;
  if (file.size() < sizeof length) refuse(path, "it has " + std::to_string(file.size()) + " bytes");
  std::memcpy(&length, file.data(), sizeof length);
  if (length > kLargestHeader || length > file.size() - sizeof length) refuse(path, "its header is cut off");
  const std::string_view all = file;
  const Value header = parse(path, all.substr(sizeof length, length), "its header");
  if (!header.map()) refuse(path, "its header is no table");

  SafeTensors contents;
  const std::string_view data = all.substr(sizeof length + length);
  std::vector<Extent> extents;
  for (const auto& [name, described] : *header.map()) {
    if (name == kMetadata) continue;
    contents.arrays[name] = read_array(path, name, described, data, extents);
  }
  check_extents(path, std::move(extents), data.size());
  contents.metadata = read_metadata(path, header[kMetadata]);
  return contents;
}

}  // namespace lumir::tensor
