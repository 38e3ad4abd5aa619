// Tensors as they stand on disk: element type, shape, then the elements in row-major order. One that is read lies in
// the map of its file; a change to it stays in this process.

#include "core/codec.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include "core/error.h"
#include "tensor/convert.h"

namespace lumir::tensor {
namespace {

void write_tensor(const at::Tensor& tensor, Writer& to) {
  const at::Tensor plain = tensor.detach().to(at::kCPU).contiguous().resolve_conj().resolve_neg();
  to.text(dtype_name(plain.scalar_type()));
  to.array(std::span<const int64_t>(plain.sizes().data(), plain.sizes().size()));
  to.array(std::span(static_cast<const std::byte*>(plain.const_data_ptr()), plain.nbytes()));
}

at::Tensor read_tensor(Reader& from) {
  const at::ScalarType type = dtype_of(from.text(), "tensor");
  const auto shape = from.array<int64_t>();
  const auto bytes = from.array<std::byte>();
  const at::IntArrayRef sizes(shape.data(), shape.size());
  if (bytes.empty()) return at::empty(sizes, type);
  size_t wanted = c10::elementSize(type);
  for (const int64_t size : shape) wanted *= static_cast<size_t>(size);
  if (wanted != bytes.size()) throw Error("a kept tensor has not as many elements as its shape says");
  return at::from_blob(
      bytes.data(), sizes, [owner = from.owner()](void*) {}, type);
}

const RegisterCodec<at::Tensor> tensor_codec{"tensor", write_tensor, read_tensor};

}  // namespace
}  // namespace lumir::tensor
