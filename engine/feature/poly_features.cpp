// Polynomial features: the line, or the polynomial, that runs nearest to a frame's spectrum.
//
// The fit is a sum over bins, with weights that are the same for every frame: those of polynomials that are orthogonal
// on the bins, turned into powers of the frequency. So neither normal equations nor their rounding arise.

#include <utility>

#include "feature/extractor.h"
#include "feature/row_axes.h"
#include "signal/weights.h"

namespace lumir::feature {
namespace {

struct PolyFeaturesOptions : SpectrumOptions {
  int order = 1;

  int rows() const { return order + 1; }
  Axes axes(int) const {
    std::vector<std::string> powers;
    for (int power = order; power >= 0; --power) powers.push_back("Hz^" + std::to_string(power));
    return named_rows("coefficient of", std::move(powers));
  }
  static Schema schema() {
    return extend(spectrum_schema<PolyFeaturesOptions>(),
                  Option{"order", &PolyFeaturesOptions::order, "degree of the polynomial", Range{0, 6}});
  }
};

using Polynomial = std::vector<double>;  // coefficients, the constant first

/// a - factor * b, degree by degree.
Polynomial less(Polynomial a, double factor, const Polynomial& b) {
  a.resize(std::max(a.size(), b.size()));
  for (size_t i = 0; i < b.size(); ++i) a[i] -= factor * b[i];
  return a;
}

/// x times a, x being the frequency with half the range as its unit and the middle as its 0.
Polynomial shifted(const Polynomial& a) {
  Polynomial out(a.size() + 1, 0.0);
  for (size_t i = 0; i < a.size(); ++i) out[i + 1] = a[i];
  return out;
}

/// A polynomial of x as one of the frequency, x being frequency / half - 1.
Polynomial in_hertz(const Polynomial& a, double half) {
  Polynomial out;
  for (size_t i = a.size(); i-- > 0;) {  // Horner: out = out * (f / half - 1) + a[i]
    Polynomial next(out.size() + 1, 0.0);
    for (size_t k = 0; k < out.size(); ++k) {
      next[k + 1] += out[k] / half;
      next[k] -= out[k];
    }
    next[0] += a[i];
    out = std::move(next);
  }
  return out;
}

/// Row i gives the coefficient of frequency^(order - i) of the fitted polynomial.
struct Fit : Weights {
  Fit(const PolyFeaturesOptions& options, int rate) : Weights(options.order + 1, options.bins()) {
    const auto bins = static_cast<size_t>(options.bins());
    const double half = 0.5 * static_cast<double>(options.bins() - 1) * rate / options.n_fft;
    std::vector<double> x(bins);
    for (size_t bin = 0; bin < bins; ++bin) x[bin] = 2.0 * static_cast<double>(bin) / static_cast<double>(bins - 1) - 1;

    std::vector<double> sums((static_cast<size_t>(options.order) + 1) * bins, 0.0);
    Polynomial before, current{1};
    std::vector<double> at_before(bins, 0.0), at(bins, 1.0);
    double square_before = 1;
    for (int degree = 0; degree <= options.order; ++degree) {
      double square = 0;
      for (double value : at) square += value * value;
      const Polynomial powers = in_hertz(current, half);
      for (size_t power = 0; power < powers.size(); ++power) {
        for (size_t bin = 0; bin < bins; ++bin) sums[power * bins + bin] += powers[power] * at[bin] / square;
      }
      // the next one: x times this, less what it shares with the one before
      const double shared = degree > 0 ? square / square_before : 0;
      const Polynomial next = less(shifted(current), shared, before);
      for (size_t bin = 0; bin < bins; ++bin) {
        const double value = x[bin] * at[bin] - shared * at_before[bin];
        at_before[bin] = at[bin];
        at[bin] = value;
      }
      before = std::exchange(current, next);
      square_before = square;
    }
    for (int power = 0; power <= options.order; ++power) {
      for (size_t bin = 0; bin < bins; ++bin) {
        (*this)(options.order - power, static_cast<int>(bin)) =
            static_cast<float>(sums[static_cast<size_t>(power) * bins + bin]);
      }
    }
  }
};

void poly_features(const MagnitudeFrames& frames, const Fit& fit, Rows out) { multiply(fit, frames, out); }

LUMIR_FEATURE(poly_features, PolyFeaturesOptions,
              {
                  .summary = "Coefficients of the polynomial of frequency that fits each frame's magnitudes best.",
                  .returns = "[order + 1, frames], the highest power of Hz first",
                  .example = "feature.poly_features(clip, { order = 2 })",
                  .source = "librosa.feature.poly_features",
                  .input = "clip",
              });

}  // namespace
}  // namespace lumir::feature
