// Named arrays in one file: the safetensors format (huggingface.co/docs/safetensors), which is data and runs nothing.

#pragma once

#include <string>

#include "core/state.h"
#include "core/value.h"

namespace lumir::tensor {

struct SafeTensors {
  State arrays;
  Map metadata;  // any Values: kept as JSON text under one key, because the format knows text only
};

/// Every array by its own type; byte-equal for equal contents. Needs no memory beside the arrays.
/// Throws Error on a full disk.
void save_safetensors(const std::string& path, const SafeTensors& contents);
/// F64, F32, F16, BF16 and the integer types. The arrays stand on the file, which is mapped and not read before its
/// numbers are. Throws Error with the path on anything that is not whole.
SafeTensors load_safetensors(const std::string& path);

}  // namespace lumir::tensor
