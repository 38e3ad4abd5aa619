// Scores, limits, times and counts in words.

#include "core/readable.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace lumir {
namespace {

std::string fixed(double number, int digits, const char* form = "%.*f") {
  if (std::isnan(number)) return "-";
  char text[64];
  std::snprintf(text, sizeof text, form, digits, number);
  return text;
}

}  // namespace

std::string show_score(double score) { return fixed(score, 3); }

std::string show_limits(double score, double low, double high) {
  if (low < 0) return show_gain(low) + " to " + show_gain(high);
  const auto as_shown = [](const std::string& text) { return std::strtod(text.c_str(), nullptr); };
  const double shown = as_shown(show_score(score));
  const int digits = as_shown(fixed(low, 2)) <= shown && shown <= as_shown(fixed(high, 2)) ? 2 : 3;
  return fixed(low, digits) + "-" + fixed(high, digits);
}

std::string show_gain(double gain) { return fixed(gain, 3, "%+.*f"); }

std::string show_seconds(double seconds) { return fixed(seconds, seconds < 1 ? 2 : seconds < 100 ? 1 : 0); }

std::string show_duration(double seconds) {
  const long whole = std::lround(seconds), minutes = std::lround(seconds / 60);
  char text[48];
  if (whole < 60) {
    std::snprintf(text, sizeof text, "%ld s", whole);
  } else if (whole < 3600) {
    std::snprintf(text, sizeof text, "%ld min %02ld s", whole / 60, whole % 60);
  } else {
    std::snprintf(text, sizeof text, "%ld h %ld min", minutes / 60, minutes % 60);
  }
  return text;
}

std::string show_count(long count) {
  std::string digits = std::to_string(count < 0 ? -count : count);
  for (size_t place = digits.size(); place > 3;) {
    place -= 3;
    digits.insert(place, ",");
  }
  return (count < 0 ? "-" : "") + digits;
}

}  // namespace lumir
