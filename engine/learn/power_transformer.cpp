// PowerTransformer: columns bent until they are as normal as a power makes them.

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/parallel.h"
#include "learn/estimator.h"

namespace lumir::learn {
namespace {

struct PowerTransformerOptions {
  std::string method = "yeo-johnson";
  bool standardize = true;
  static Schema schema() {
    return {Option{"method", &PowerTransformerOptions::method, "'box-cox' needs numbers above 0",
                   Choices{"yeo-johnson", "box-cox"}},
            Option{"standardize", &PowerTransformerOptions::standardize, "give every column mean 0 and variance 1"}};
  }
};

constexpr double kNoPower = std::numeric_limits<double>::epsilon();

/// log(x), or (x^lambda - 1) / lambda.
double box_cox(double x, double lambda) {
  return std::fabs(lambda) < kNoPower ? std::log(x) : std::expm1(lambda * std::log(x)) / lambda;
}

/// Yeo and Johnson, A New Family of Power Transformations (2000).
double yeo_johnson(double x, double lambda) {
  if (x >= 0) return std::fabs(lambda) < kNoPower ? std::log1p(x) : std::expm1(lambda * std::log1p(x)) / lambda;
  const double other = 2 - lambda;
  return std::fabs(other) < kNoPower ? -std::log1p(-x) : -std::expm1(other * std::log1p(-x)) / other;
}

struct Moments {
  double mean = 0;
  double variance = 0;
};

Moments moments_of(const std::vector<double>& values) {
  const double n = static_cast<double>(values.size());
  Moments moments;
  for (const double value : values) moments.mean += value / n;
  for (const double value : values) moments.variance += (value - moments.mean) * (value - moments.mean) / n;
  return moments;
}

/// The lowest point of a function of one number that has one valley near [a, b]: Brent's method (1973) after a
/// bracket was found by golden steps downhill.
template <class Function>
double lowest(const Function& f, double a, double b) {
  constexpr double kGolden = 1.618033988749895, kPart = 0.3819660112501051, kEnough = 1.48e-8;
  double fa = f(a), fb = f(b);
  if (fa < fb) {
    std::swap(a, b);
    std::swap(fa, fb);
  }
  double c = b + kGolden * (b - a), fc = f(c);
  for (int step = 0; fc < fb && step < 100; ++step) {
    a = b;
    b = c;
    fb = fc;
    c = b + kGolden * (b - a);
    fc = f(c);
  }
  double low = std::min(a, c), high = std::max(a, c), x = b, w = b, v = b, fx = fb, fw = fb, fv = fb;
  double step = 0, before = 0;
  for (int iteration = 0; iteration < 500; ++iteration) {
    const double middle = (low + high) / 2, least = kEnough * std::fabs(x) + 1e-11;
    if (std::fabs(x - middle) <= 2 * least - (high - low) / 2) break;
    double p = 0, q = 0;
    if (std::fabs(before) > least) {  // a parabola through the three best
      const double r = (x - w) * (fx - fv);
      q = (x - v) * (fx - fw);
      p = (x - v) * q - (x - w) * r;
      q = 2 * (q - r);
      if (q > 0) p = -p;
      q = std::fabs(q);
    }
    if (q != 0 && std::fabs(p) < std::fabs(q * before / 2) && p > q * (low - x) && p < q * (high - x)) {
      before = step;
      step = p / q;
      if (x + step - low < 2 * least || high - x - step < 2 * least) step = std::copysign(least, middle - x);
    } else {
      before = x < middle ? high - x : low - x;
      step = kPart * before;
    }
    const double u = x + (std::fabs(step) >= least ? step : std::copysign(least, step)), fu = f(u);
    if (fu <= fx) {
      (u < x ? high : low) = x;
      v = w, fv = fw, w = x, fw = fx, x = u, fx = fu;
    } else {
      (u < x ? low : high) = u;
      if (fu <= fw || w == x) {
        v = w, fv = fw, w = u, fw = fu;
      } else if (fu <= fv || v == x || v == w) {
        v = u, fv = fu;
      }
    }
  }
  return x;
}

class PowerTransformer final : public Described<Transformer, PowerTransformerOptions> {
 public:
  using Described::Described;

  void fit_rows(const Training& training) override {
    const Matrix& x = training.x;
    check_rows(name(), x);
    check_positive(x);
    lambdas_.assign(x.columns, 1);
    mean_.assign(x.columns, 0);
    scale_.assign(x.columns, 1);
    parallel_for(x.columns, [&](size_t column) {
      std::vector<double> values;
      for (size_t i = 0; i < x.rows; ++i) values.push_back(x(i, column));
      if (!is_constant(moments_of(values), values.size())) lambdas_[column] = best_power(values);
      for (double& value : values) value = bent(value, lambdas_[column]);
      const Moments moments = moments_of(values);
      if (!option().standardize) return;
      mean_[column] = moments.mean;
      if (!is_constant(moments, values.size())) scale_[column] = std::sqrt(moments.variance);
    });
  }

  bool fitted() const override { return !lambdas_.empty(); }

  Matrix transform_rows(const Matrix& x) const override {
    check_columns(name(), x, lambdas_.size());
    check_positive(x);
    Matrix out(x.rows, x.columns);
    parallel_for(x.rows, [&](size_t i) {
      for (size_t j = 0; j < x.columns; ++j) out(i, j) = (bent(x(i, j), lambdas_[j]) - mean_[j]) / scale_[j];
    });
    return out;
  }

  /// "lambdas": the power of each column; "mean" and "scale" of the bent columns.
  State state() const override { return {{"lambdas", lambdas_}, {"mean", mean_}, {"scale", scale_}}; }

  void load_state(const State& state) override {
    lambdas_ = state_numbers(name(), state, "lambdas");
    mean_ = state_numbers(name(), state, "mean");
    scale_ = state_numbers(name(), state, "scale");
    if (mean_.size() != lambdas_.size() || scale_.size() != lambdas_.size()) refuse_state(name());
  }

 private:
  bool boxes() const { return option().method == "box-cox"; }
  double bent(double x, double lambda) const { return boxes() ? box_cox(x, lambda) : yeo_johnson(x, lambda); }

  /// True where a variance is nothing but rounding; false where it is beyond all numbers.
  static bool is_constant(const Moments& moments, size_t rows) {
    constexpr double eps = std::numeric_limits<double>::epsilon();
    const double n = static_cast<double>(rows), rounding = n * moments.mean * eps;
    return std::isfinite(moments.variance) && !(moments.variance > n * eps * moments.variance + rounding * rounding);
  }

  /// The power under which the column is likeliest to be normal.
  double best_power(const std::vector<double>& values) const {
    double logs = 0;
    for (const double value : values)
      logs += boxes() ? std::log(value) : std::copysign(std::log1p(std::fabs(value)), value);
    std::vector<double> now(values.size());
    const double n = static_cast<double>(values.size());
    return lowest(
        [&](double lambda) {
          for (size_t i = 0; i < values.size(); ++i) now[i] = bent(values[i], lambda);
          const double variance = moments_of(now).variance;
          // bent flat, or beyond all numbers: no power to take
          if (!std::isfinite(variance) || variance <= 0) return std::numeric_limits<double>::max();
          return n / 2 * std::log(variance) - (lambda - 1) * logs;
        },
        -2, 2);
  }

  void check_positive(const Matrix& x) const {
    if (!boxes()) return;
    for (size_t i = 0; i < x.rows; ++i) {
      for (size_t j = 0; j < x.columns; ++j) {
        if (x(i, j) > 0) continue;
        throw ArgumentError("PowerTransformer: 'box-cox' needs numbers above 0, got " + show_number(x(i, j)) +
                            " in column " + std::to_string(j + 1) + " of row " + std::to_string(i + 1));
      }
    }
  }

  std::vector<double> lambdas_, mean_, scale_;
};

LUMIR_ESTIMATOR(PowerTransformer,
                {
                    .summary = "Bends every column by the power that makes it most like a normal one.",
                    .returns = "a transformer; [rows, columns] come out",
                    .example = "learn.PowerTransformer()",
                    .source = "agrees with scikit-learn's PowerTransformer",
                });

}  // namespace
}  // namespace lumir::learn
