// A small reader of MATLAB's files (version 5), for golden numbers that reference implementations left in them.
//
//   const MatFile file(fixture("golden-matlab/feature-chromafb-001.mat"));
//   file.number("sr");                 // 8000
//   const MatArray& wanted = file["wts"];
//   wanted(row, column);
//
// It knows what such files hold: real and complex matrices of any number type, and text; plain or compressed (zlib).
// Structures, cells and sparse matrices are passed over.

#pragma once

#include <complex>
#include <cstdint>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <zlib.h>

#include "core/file.h"

namespace lumir::tests {

/// A matrix: [rows, columns], column after column as MATLAB keeps it; dimensions beyond the second count as columns.
struct MatArray {
  size_t rows = 0;
  size_t columns = 0;
  std::vector<double> values;
  std::vector<double> imaginary;  // empty where the matrix is real
  std::string text;               // of a row of characters

  double operator()(size_t row, size_t column) const { return values.at(column * rows + row); }
  std::complex<double> complex(size_t row, size_t column) const {
    return {(*this)(row, column), imaginary.empty() ? 0.0 : imaginary.at(column * rows + row)};
  }
};

namespace detail {

/// What element types are called in the file's format.
enum MatType : uint32_t {
  kInt8 = 1,
  kUint8 = 2,
  kInt16 = 3,
  kUint16 = 4,
  kInt32 = 5,
  kUint32 = 6,
  kSingle = 7,
  kDouble = 9,
  kInt64 = 12,
  kUint64 = 13,
  kMatrix = 14,
  kCompressed = 15,
  kUtf8 = 16,
  kUtf16 = 17,
};

template <class T>
T read_number(std::string_view bytes, size_t at) {
  if (at + sizeof(T) > bytes.size()) throw std::runtime_error("a MATLAB file ends early");
  T number;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

struct MatElement {
  uint32_t type = 0;
  std::string_view data;
};

/// The element at the front of `bytes`, which then begin behind it.
inline MatElement take_element(std::string_view& bytes) {
  const auto word = read_number<uint32_t>(bytes, 0);
  // an element of at most four bytes has its size in the upper half of the first word
  const bool small = word >> 16 != 0;
  const uint32_t type = small ? word & 0xffff : word;
  const size_t size = small ? word >> 16 : read_number<uint32_t>(bytes, 4);
  const size_t begin = small ? 4 : 8;
  if (begin + size > bytes.size()) throw std::runtime_error("a MATLAB file ends early");
  const MatElement element{type, bytes.substr(begin, size)};
  // elements fill multiples of eight bytes, but for compressed ones
  const size_t end = small ? 8 : type == kCompressed ? begin + size : (begin + size + 7) / 8 * 8;
  bytes.remove_prefix(std::min(end, bytes.size()));
  return element;
}

inline std::string inflate(std::string_view compressed) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) throw std::runtime_error("zlib does not start");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
  stream.avail_in = static_cast<uInt>(compressed.size());
  std::string out;
  int state = Z_OK;
  while (state == Z_OK) {
    const size_t before = out.size();
    out.resize(before + (1 << 16));
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = 1 << 16;
    state = ::inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END) throw std::runtime_error("a MATLAB file's compressed part is broken");
  return out;
}

template <class T>
std::vector<double> numbers_of(std::string_view data) {
  std::vector<double> out;
  for (size_t at = 0; at + sizeof(T) <= data.size(); at += sizeof(T)) {
    out.push_back(static_cast<double>(read_number<T>(data, at)));
  }
  return out;
}

inline std::vector<double> numbers_of(const MatElement& element) {
  switch (element.type) {
    case kInt8: return numbers_of<int8_t>(element.data);
    case kUint8:
    case kUtf8: return numbers_of<uint8_t>(element.data);
    case kInt16: return numbers_of<int16_t>(element.data);
    case kUint16:
    case kUtf16: return numbers_of<uint16_t>(element.data);
    case kInt32: return numbers_of<int32_t>(element.data);
    case kUint32: return numbers_of<uint32_t>(element.data);
    case kSingle: return numbers_of<float>(element.data);
    case kDouble: return numbers_of<double>(element.data);
    case kInt64: return numbers_of<int64_t>(element.data);
    case kUint64: return numbers_of<uint64_t>(element.data);
    default: throw std::runtime_error("a MATLAB file holds numbers of type " + std::to_string(element.type));
  }
}

}  // namespace detail

class MatFile {
 public:
  explicit MatFile(const std::string& path) {
    constexpr size_t kHeader = 128;
    const std::string bytes = read_file(path);
    if (bytes.size() < kHeader || bytes.substr(126, 2) != "IM") {
      throw std::runtime_error(path + ": no MATLAB file of version 5 with the lowest byte first");
    }
    read_elements(std::string_view(bytes).substr(kHeader));
  }
  /// Throws where the file has no matrix of that name.
  const MatArray& operator[](const std::string& name) const {
    const auto found = arrays_.find(name);
    if (found == arrays_.end()) throw std::runtime_error("the MATLAB file has no '" + name + "'");
    return found->second;
  }
  /// The first number of a matrix.
  double number(const std::string& name) const { return (*this)[name].values.at(0); }
  const std::map<std::string, MatArray>& arrays() const { return arrays_; }

 private:
  void read_elements(std::string_view bytes) {
    while (bytes.size() >= 8) {
      const auto element = detail::take_element(bytes);
      if (element.type == detail::kCompressed) read_elements(detail::inflate(element.data));
      if (element.type == detail::kMatrix) read_matrix(element.data);
    }
  }

  void read_matrix(std::string_view bytes) {
    constexpr uint32_t kText = 4,
                       kFirstNumber = 6;  // classes of matrices; below: cells, structures, objects; 5: sparse
    const auto flags = detail::read_number<uint32_t>(detail::take_element(bytes).data, 0);
    const uint32_t kind = flags & 0xff;
    const bool complex = (flags >> 8 & 8) != 0;
    if (kind != kText && kind < kFirstNumber) return;
    const auto sizes = detail::numbers_of(detail::take_element(bytes));
    const std::string name(detail::take_element(bytes).data);
    MatArray array;
    array.rows = static_cast<size_t>(sizes.at(0));
    array.columns = 1;
    for (size_t i = 1; i < sizes.size(); ++i) array.columns *= static_cast<size_t>(sizes[i]);
    array.values = detail::numbers_of(detail::take_element(bytes));
    if (complex) array.imaginary = detail::numbers_of(detail::take_element(bytes));
    if (kind == kText) {
      for (double letter : array.values) array.text += static_cast<char>(letter);
    }
    arrays_[name] = std::move(array);
  }

  std::map<std::string, MatArray> arrays_;
};

}  // namespace lumir::tests
