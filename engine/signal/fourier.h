// Real Fourier transforms of any length, in double: numpy.fft.rfft and irfft of many sequences at once.
//
//   Fourier fourier(2048);
//   fourier.forward(frames, count, re, im);     // [count, 2048] -> [count, 1025]
//
// Power spectra of a plan's frames have a faster way of their own: power_spectrum.h.

#pragma once

#include <memory>
#include <vector>

#include "signal/aligned.h"

namespace lumir::signal {

struct FourierTables;

class Fourier {
 public:
  /// `size` real samples; at least 1.
  explicit Fourier(int size);
  int size() const { return size_; }
  int bins() const { return size_ / 2 + 1; }

  /// Sequence i begins at in + i * size(), its spectrum at re, im + i * bins(). May be called from many threads.
  void forward(const double* in, long count, double* re, double* im) const;
  /// Back again, divided by size(); imaginary parts of the first bin, and of an even size's last, count as 0.
  void inverse(const double* re, const double* im, long count, double* out) const;

 private:
  int size_;
  std::shared_ptr<const FourierTables> tables_;
  size_t scratch_;
  int lanes_;
  void (*forward_)(const FourierTables&, const double*, int, double*, double*, double*);
  void (*inverse_)(const FourierTables&, const double*, const double*, int, double*, double*);
};

}  // namespace lumir::signal
