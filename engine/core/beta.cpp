#include "core/beta.h"

#include <cmath>
#include <initializer_list>

namespace lumir {
namespace {

/// The continued fraction of the incomplete beta function (Lentz's method; Press et al., Numerical Recipes, 6.4).
double beta_fraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300, kEnough = 1e-16;
  const auto away_from_zero = [](double number) { return std::abs(number) < kTiny ? kTiny : number; };
  double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), fraction = d;
  for (int m = 1; m < 1000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    double step = 1;
    for (const double part : {even, odd}) {
      d = 1 / away_from_zero(1 + part * d);
      c = away_from_zero(1 + part / c);
      step = c * d;
      fraction *= step;
    }
    if (std::abs(step - 1) < kEnough) break;
  }
  return fraction;
}

}  // namespace

double log_gamma(double x) {
  int sign = 1;
  return lgamma_r(x, &sign);
}

double beta_distribution(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front = std::exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * std::log(x) + b * std::log1p(-x));
  return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a : 1 - front * beta_fraction(b, a, 1 - x) / b;
}

}  // namespace lumir
