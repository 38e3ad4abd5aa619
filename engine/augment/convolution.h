// Convolution by Fourier transforms, block after block (overlap and add).

#pragma once

#include <span>
#include <vector>

namespace lumir::augment {

/// in * response, all in.size() + response.size() - 1 numbers of it; empty where either is. As
/// scipy.signal.oaconvolve.
std::vector<double> convolved(std::span<const float> in, std::span<const double> response);

}  // namespace lumir::augment
