// Gamma and beta functions, as scipy 1.17.1 has them (gammaln, betainc).

#include <catch2/catch.hpp>

#include <cmath>

#include "core/beta.h"

using lumir::beta_distribution;
using lumir::log_gamma;

TEST_CASE("the logarithm of gamma is scipy's, and leaves the C library's shared sign alone") {
  signgam = 7;
  CHECK(log_gamma(0.25) == Approx(1.2880225246980774).epsilon(1e-14));
  CHECK(log_gamma(-1.5) == Approx(0.860047015376481).epsilon(1e-14));
  CHECK(log_gamma(171.5) == Approx(709.1431630309283).epsilon(1e-14));
  CHECK(signgam == 7);
}

TEST_CASE("the beta distribution is scipy's on both sides of its middle") {
  CHECK(beta_distribution(2, 18, 0.1) == Approx(0.5797350211684026).epsilon(1e-13));
  CHECK(beta_distribution(2, 18, 0.01) == Approx(0.015273761488896611).epsilon(1e-13));
  CHECK(beta_distribution(0.5, 0.5, 0.3) == Approx(0.36901011956554536).epsilon(1e-13));
  CHECK(beta_distribution(30, 0.5, 0.9) == Approx(0.012282448499852763).epsilon(1e-13));
  CHECK(beta_distribution(200, 300, 0.4) == Approx(0.5024286163199315).epsilon(1e-11));
  CHECK(beta_distribution(2, 18, 0) == 0);
  CHECK(beta_distribution(2, 18, 1) == 1);
}
