// Spectra, frame after frame, from and to tensors, bin after bin.

#include "feature/complex_tensor.h"

#include "core/error.h"

namespace lumir::feature {

at::Tensor tensor_of(const std::vector<Spectra>& channels) {
  const auto bins = static_cast<size_t>(channels.front().bins), frames = static_cast<size_t>(channels.front().frames);
  std::vector<std::complex<float>> values;
  values.reserve(channels.size() * bins * frames);
  for (const Spectra& spectra : channels) {
    for (size_t bin = 0; bin < bins; ++bin) {
      for (size_t frame = 0; frame < frames; ++frame) {
        values.emplace_back(spectra.re[frame * bins + bin], spectra.im[frame * bins + bin]);
      }
    }
  }
  std::vector<int64_t> shape = {static_cast<int64_t>(bins), static_cast<int64_t>(frames)};
  if (channels.size() > 1) shape.insert(shape.begin(), static_cast<int64_t>(channels.size()));
  return tensor::from_complex(values, shape);
}

std::vector<Spectra> spectra_of(const at::Tensor& tensor, const std::string& who) {
  if (tensor.dim() < 2 || tensor.dim() > 3) {
    throw ArgumentError(who + ": takes a tensor of [bins, frames] or [channels, bins, frames], got one of " +
                        std::to_string(tensor.dim()) + " dimensions");
  }
  if (tensor.numel() == 0) throw ArgumentError(who + ": the tensor is empty");
  const auto values = tensor::to_complex(tensor);
  const auto bins = static_cast<size_t>(tensor.size(-2)), frames = static_cast<size_t>(tensor.size(-1));
  std::vector<Spectra> channels(values.size() / (bins * frames));
  const std::complex<float>* from = values.data();
  for (Spectra& spectra : channels) {
    spectra.bins = static_cast<int>(bins);
    spectra.frames = static_cast<long>(frames);
    spectra.re.resize(bins * frames);
    spectra.im.resize(bins * frames);
    for (size_t bin = 0; bin < bins; ++bin) {
      for (size_t frame = 0; frame < frames; ++frame, ++from) {
        spectra.re[frame * bins + bin] = from->real();
        spectra.im[frame * bins + bin] = from->imag();
      }
    }
  }
  return channels;
}

}  // namespace lumir::feature
