// What losses share.

#include "nn/loss.h"

#include <ATen/core/Reduction.h>

#include "tensor/convert.h"

namespace lumir::nn {

int64_t reduction_of(const std::string& word) {
  if (word == "none") return at::Reduction::None;
  return word == "sum" ? at::Reduction::Sum : at::Reduction::Mean;
}

at::Tensor floats(const std::vector<double>& numbers) {
  return tensor::from_doubles(numbers, {static_cast<int64_t>(numbers.size())}).to(at::kFloat);
}

}  // namespace lumir::nn
