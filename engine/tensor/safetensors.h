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

/// Arrays as F64; byte-equal for equal contents. Throws Error on a full disk.
void save_safetensors(const std::string& path, const SafeTensors& contents);
/// Reads F64, F32, F16, BF16 and the integer types. Throws Error with the path on anything that is not whole.
SafeTensors load_safetensors(const std::string& path);

}  // namespace lumir::tensor
