#include "feature/plan/samples.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/error.h"
#include "core/spill.h"
#include "feature/plan/measurable.h"
#include "signal/kernel.h"

namespace lumir::feature {
namespace {

bool measurable(std::span<const float> samples) {
  constexpr size_t kPiece = size_t{1} << 22;
  for (size_t begin = 0; begin < samples.size(); begin += kPiece) {
    const auto piece = samples.subspan(begin, std::min(kPiece, samples.size() - begin));
    if (!signal::best(&all_measurable)(piece.data(), static_cast<long>(piece.size()))) return false;
    relieve_memory();
  }
  return true;
}

}  // namespace

void check_samples(std::span<const float> samples, const std::string& who) {
  if (measurable(samples)) return;
  const auto is_bad = [](float sample) { return !(std::fabs(sample) < kLoudest); };
  const auto bad = std::find_if(samples.begin(), samples.end(), is_bad);
  if (bad == samples.end()) return;
  const std::string place = ", at sample " + std::to_string(bad - samples.begin() + 1);
  if (!std::isfinite(*bad)) throw ArgumentError(who + ": the clip holds a number that is not finite" + place);
  char loud[40];
  std::snprintf(loud, sizeof loud, "%.3g", static_cast<double>(*bad));
  throw ArgumentError(who + ": the clip holds " + loud + place + "; features reach to 1e10, full scale is 1");
}

}  // namespace lumir::feature
