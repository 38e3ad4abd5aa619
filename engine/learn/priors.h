// How likely the classes are before a row is seen: what rules of Bayes have as an option.

#pragma once

#include <string>
#include <vector>

#include "learn/present_classes.h"

namespace lumir::learn {

/// The option itself.
template <class S>
Option priors_option(std::vector<double> S::*member) {
  return {"priors", member, "how likely the classes are, in the order of their names; none: as often as they occur",
          kNonNegative};
}

/// One for each class that has rows, together 1. Throws ArgumentError, begun by `who`, where `given` has another
/// number of classes or is all 0.
std::vector<double> priors_of(const std::string& who, const std::vector<double>& given, const PresentRows& rows);

/// The natural logarithm of each.
std::vector<double> logarithms(const std::vector<double>& priors);

}  // namespace lumir::learn
