// Copies between tensors and plain numbers, and the names of element types.

#include "tensor/convert.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

#include <ATen/ops/_lazy_clone.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/impl/COW.h>

#include "core/error.h"
#include "core/mapped_file.h"
#include "core/parallel.h"
#include "tensor/exposed.h"
#include "tensor/gpu.h"

namespace lumir::tensor {
namespace {

constexpr std::array<std::pair<const char*, at::ScalarType>, 15> kTypes = {{
    {"float32", at::kFloat},
    {"float64", at::kDouble},
    {"float16", at::kHalf},
    {"bfloat16", at::kBFloat16},
    {"int64", at::kLong},
    {"int32", at::kInt},
    {"int16", at::kShort},
    {"int8", at::kChar},
    {"uint8", at::kByte},
    {"uint16", at::kUInt16},
    {"uint32", at::kUInt32},
    {"uint64", at::kUInt64},
    {"bool", at::kBool},
    {"complex64", at::kComplexFloat},
    {"complex128", at::kComplexDouble},
}};

/// What PyTorch calls some of them beside, as its methods do.
constexpr std::array<std::pair<const char*, at::ScalarType>, 6> kOtherNames = {{
    {"float", at::kFloat},
    {"double", at::kDouble},
    {"half", at::kHalf},
    {"long", at::kLong},
    {"int", at::kInt},
    {"short", at::kShort},
}};

constexpr std::array<std::pair<ElementType, at::ScalarType>, 15> kElements = {{
    {ElementType::float64, at::kDouble},
    {ElementType::float32, at::kFloat},
    {ElementType::float16, at::kHalf},
    {ElementType::bfloat16, at::kBFloat16},
    {ElementType::int64, at::kLong},
    {ElementType::int32, at::kInt},
    {ElementType::int16, at::kShort},
    {ElementType::int8, at::kChar},
    {ElementType::uint64, at::kUInt64},
    {ElementType::uint32, at::kUInt32},
    {ElementType::uint16, at::kUInt16},
    {ElementType::uint8, at::kByte},
    {ElementType::boolean, at::kBool},
    {ElementType::complex64, at::kComplexFloat},
    {ElementType::complex128, at::kComplexDouble},
}};

at::ScalarType scalar_of(ElementType type) {
  const auto known = [type](const auto& pair) { return pair.first == type; };
  return std::find_if(kElements.begin(), kElements.end(), known)->second;
}

template <class Number>
at::Tensor copy_of(std::span<const Number> values, const std::vector<int64_t>& shape, at::ScalarType type) {
  at::Tensor tensor = at::empty(shape, type);
  if (static_cast<size_t>(tensor.numel()) != values.size()) {
    throw std::logic_error("a tensor's shape and its numbers differ in size");
  }
  std::copy(values.begin(), values.end(), tensor.mutable_data_ptr<Number>());
  return tensor;
}

void refuse_complex(const at::Tensor& tensor, const std::string& who) {
  if (tensor.is_complex()) throw ArgumentError(who + ": complex numbers have no plain form; take :abs(), real or imag");
}

template <class Number>
std::vector<Number> elements_of(const at::Tensor& tensor, at::ScalarType type, const std::string& who) {
  refuse_complex(tensor, who);
  const at::Tensor plain = tensor.detach().to(at::kCPU, type).contiguous();
  const Number* first = plain.const_data_ptr<Number>();
  return {first, first + plain.numel()};
}

/// float64 in this machine's memory, row by row: the tensor's own memory where that is so already.
at::Tensor plain_doubles(const at::Tensor& tensor, const std::string& who) {
  if (tensor.dim() < 1 || tensor.dim() > 2) {
    throw ArgumentError(who + ": needs a tensor of [rows, columns], got one of " + std::to_string(tensor.dim()) +
                        " dimensions");
  }
  refuse_complex(tensor, who);
  const at::Tensor here = tensor.detach().to(at::kCPU);
  if (here.scalar_type() == at::kDouble) return here.contiguous().resolve_neg();
  at::Tensor converted = at::empty(here.sizes(), at::kDouble);
  constexpr size_t kNumbers = size_t{1} << 18;  // of a worker's piece
  const auto rows = static_cast<size_t>(here.size(0)),
             width = static_cast<size_t>(here.numel()) / std::max<size_t>(rows, 1);
  const size_t piece = std::max<size_t>(1, kNumbers / std::max<size_t>(width, 1));
  parallel_for((rows + piece - 1) / piece, [&](size_t at) {
    const auto begin = static_cast<int64_t>(at * piece), n = static_cast<int64_t>(std::min(piece, rows - at * piece));
    converted.narrow(0, begin, n).copy_(here.narrow(0, begin, n));
  });
  return converted;
}

/// Whether LibTorch can have one memory stand for two tensors until one of them is written.
bool can_share(const at::Tensor& tensor) {
  const c10::StorageImpl& storage = *tensor.storage().unsafeGetStorageImpl();
  return !is_exposed(tensor) && storage.allocator() &&
         (c10::impl::cow::is_cow_data_ptr(storage.data_ptr()) || c10::impl::cow::has_simple_data_ptr(storage));
}

SharedMatrix matrix_on(at::Tensor plain) {
  const auto rows = static_cast<size_t>(plain.size(0)),
             columns = plain.dim() == 2 ? static_cast<size_t>(plain.size(1)) : 1;
  const auto owner = std::make_shared<const at::Tensor>(std::move(plain));
  return SharedMatrix::on(owner->const_data_ptr<double>(), rows, columns, owner);
}

/// In this machine's memory, row by row, with no sign or conjugation left to be done.
at::Tensor plain_of(const at::Tensor& tensor) {
  return tensor.detach().to(at::kCPU).contiguous().resolve_conj().resolve_neg();
}

}  // namespace

at::Tensor from_floats(std::span<const float> values, const std::vector<int64_t>& shape) {
  return copy_of(values, shape, at::kFloat);
}

at::Tensor from_floats(Floats&& values, const std::vector<int64_t>& shape) {
  if (values.empty()) return copy_of(std::span<const float>(values), shape, at::kFloat);
  const auto held = std::make_shared<Floats>(std::move(values));
  return at::from_blob(
      held->data(), shape, [held](void*) {}, at::kFloat);
}

at::Tensor from_doubles(std::span<const double> values, const std::vector<int64_t>& shape) {
  return copy_of(values, shape, at::kDouble);
}

at::Tensor from_complex(std::span<const std::complex<float>> values, const std::vector<int64_t>& shape) {
  const std::span same(reinterpret_cast<const c10::complex<float>*>(values.data()), values.size());
  return copy_of<c10::complex<float>>(same, shape, at::kComplexFloat);
}

at::Tensor from_array(const Array& array) {
  at::Tensor tensor = at::empty(array.shape(), scalar_of(array.type()));
  const auto bytes = array.bytes();
  auto* to = static_cast<std::byte*>(tensor.mutable_data_ptr());
  constexpr size_t kPiece = size_t{1} << 21;  // bytes
  parallel_for((bytes.size() + kPiece - 1) / kPiece, [&](size_t piece) {
    const auto some = bytes.subspan(piece * kPiece, std::min(kPiece, bytes.size() - piece * kPiece));
    std::memcpy(to + piece * kPiece, some.data(), some.size());
    release_mapped(array.owner(), some);
  });
  return tensor;
}

Array to_array(const at::Tensor& tensor, const std::string& who) {
  const auto known = [&](const auto& pair) { return pair.second == tensor.scalar_type(); };
  const auto found = std::find_if(kElements.begin(), kElements.end(), known);
  if (found == kElements.end()) {
    throw ArgumentError(who + ": a tensor of " + dtype_name(tensor.scalar_type()) + " has no place in a file");
  }
  const auto plain = std::make_shared<const at::Tensor>(plain_of(tensor));
  const auto* first = static_cast<const std::byte*>(plain->const_data_ptr());
  return {found->first, plain->sizes().vec(), {first, plain->nbytes()}, plain};
}

at::Tensor from_matrix(Matrix matrix) {
  const std::array<int64_t, 2> shape{static_cast<int64_t>(matrix.rows), static_cast<int64_t>(matrix.columns)};
  if (matrix.values.empty()) return at::empty(shape, at::kDouble);
  double* numbers = matrix.values.give_away();
  // as LibTorch's own memory is described, so that to_shared_matrix can share it
  return at::for_blob(numbers, shape)
      .context(numbers, Numbers::free_memory)
      .allocator(c10::GetAllocator(at::kCPU))
      .options(at::kDouble)
      .make_tensor();
}

std::vector<double> to_doubles(const at::Tensor& tensor, const std::string& who) {
  return elements_of<double>(tensor, at::kDouble, who);
}

std::vector<float> to_floats(const at::Tensor& tensor, const std::string& who) {
  return elements_of<float>(tensor, at::kFloat, who);
}

std::vector<std::complex<float>> to_complex(const at::Tensor& tensor) {
  const at::Tensor plain = tensor.detach().to(at::kCPU, at::kComplexFloat).contiguous();
  const auto* first = reinterpret_cast<const std::complex<float>*>(plain.const_data_ptr<c10::complex<float>>());
  return {first, first + plain.numel()};
}

Matrix to_matrix(const at::Tensor& tensor, const std::string& who) {
  return Matrix(*matrix_on(plain_doubles(tensor, who)));
}

SharedMatrix to_shared_matrix(const at::Tensor& tensor, const std::string& who) {
  const at::Tensor plain = plain_doubles(tensor, who);
  if (!plain.is_alias_of(tensor)) return matrix_on(plain);
  // a small part of a tensor would keep all of it
  const bool is_most = plain.storage().nbytes() <= 2 * plain.nbytes();
  if (is_most && can_share(plain)) return matrix_on(at::_lazy_clone(plain));
  return Matrix(*matrix_on(plain));
}

std::string dtype_name(at::ScalarType type) {
  for (const auto& [name, known] : kTypes) {
    if (known == type) return name;
  }
  return c10::toString(type);
}

std::optional<at::ScalarType> find_dtype(std::string_view name) {
  for (const auto& [known, type] : kTypes) {
    if (name == known) return type;
  }
  for (const auto& [known, type] : kOtherNames) {
    if (name == known) return type;
  }
  return std::nullopt;
}

at::ScalarType dtype_of(std::string_view name, const std::string& who) {
  if (const auto type = find_dtype(name)) return *type;
  std::vector<std::string> names;
  for (const auto& [known, type] : kTypes) names.emplace_back(known);
  throw ArgumentError(who + ": 'dtype' = '" + std::string(name) + "' is no element type" + did_you_mean(name, names));
}

at::Device device_of(const std::string& name, const std::string& who) {
  if (name == "cpu") return at::Device(at::kCPU);
  if (name == "meta") return at::Device(at::kMeta);
  if (name != "auto" && name != "cuda" && !name.starts_with("cuda:")) refuse_device(name, who);
  return gpu_device(name, who, gpu_problem());
}

}  // namespace lumir::tensor
