// Complex spectrograms as tensors, [bins, frames] or [channels, bins, frames], as users see them.

#pragma once

#include <string>
#include <vector>

#include "feature/plan/terms.h"
#include "signal/stft.h"
#include "tensor/convert.h"

namespace lumir::feature {

/// complex64 of [bins, frames], or of [channels, bins, frames] where there are several.
at::Tensor tensor_of(const std::vector<Spectra>& channels);
/// The same from real or complex numbers. Throws ArgumentError for other dimensions and for an empty tensor.
std::vector<Spectra> spectra_of(const at::Tensor& tensor, const std::string& who);

}  // namespace lumir::feature
