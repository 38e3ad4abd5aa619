// What layers share that hear samples: spectra through which gradients flow, with the options and the numbers of the
// features of the same names.

#pragma once

#include "nn/module.h"
#include "signal/mel_filters.h"

namespace lumir::nn {

/// The option `rate` of S, an int.
template <class S>
Option rate_option() {
  return Option{"rate", &S::rate, "of the samples; a tensor does not carry it", Unit{"Hz"}, Range{1, 1 << 24}};
}

/// A layer of [..., samples] whose first step is a spectrum.
class SpectrumLayer : public Layer {
 protected:
  using Layer::Layer;
  void make(const signal::SpectrumOptions& how);
  /// Complex [..., bins, frames]. Throws ArgumentError where there is no frame.
  at::Tensor spectrum(const at::Tensor& x) const;
  /// Its magnitude to a power.
  at::Tensor magnitude(const at::Tensor& x, double power) const;
  at::Tensor lengths_after(const at::Tensor& lengths) const override;

 private:
  at::Tensor widened(const at::Tensor& rows) const;
  signal::SpectrumOptions how_;
  at::Tensor window_;
};

/// [..., n_mels, frames] of [..., samples].
class MelLayer : public SpectrumLayer {
 protected:
  using SpectrumLayer::SpectrumLayer;
  void make(const signal::MelOptions& how, int rate);
  at::Tensor mel(const at::Tensor& x) const;

 private:
  double power_ = 2;
  at::Tensor filters_;
};

}  // namespace lumir::nn
