// What a terminal shows of a Clip.

#include "audio/show.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>

#include "audio/decode.h"
#include "core/readable.h"

namespace lumir::audio {
namespace {

constexpr size_t kColumns = 77;
constexpr std::string_view kInk = " .:-=+*#%@";

std::string decibels(double amplitude) {
  if (amplitude <= 0) return "-inf dB";
  char text[40];
  std::snprintf(text, sizeof text, "%.1f dB", 20 * std::log10(amplitude) + 0.0);
  return std::string_view(text) == "-0.0 dB" ? "0.0 dB" : text;
}

std::string channel_word(int channels) {
  if (channels == 1) return "mono";
  return channels == 2 ? "stereo" : std::to_string(channels) + " channels";
}

/// RMS of the samples from `first` to before `last`, all channels together; those that are no numbers count as 0.
double rms(const Clip& clip, size_t first, size_t last) {
  if (last <= first) return 0;
  double sum = 0;
  for (int c = 0; c < clip.channels; ++c) {
    for (const float sample : clip.channel(c).subspan(first, last - first)) {
      if (std::isfinite(sample)) sum += static_cast<double>(sample) * sample;
    }
  }
  return std::sqrt(sum / static_cast<double>((last - first) * static_cast<size_t>(clip.channels)));
}

std::string envelope(const Clip& clip) {
  const size_t columns = std::min(kColumns, clip.length());
  std::vector<double> levels;
  for (size_t i = 0; i < columns; ++i) {
    levels.push_back(rms(clip, i * clip.length() / columns, (i + 1) * clip.length() / columns));
  }
  const double loudest = levels.empty() ? 0 : *std::max_element(levels.begin(), levels.end());
  std::string line;
  for (const double level : levels) {
    const double share = loudest > 0 ? level / loudest : 0;
    line += kInk[static_cast<size_t>(share * (static_cast<double>(kInk.size()) - 1) + 0.5)];
  }
  return line;
}

}  // namespace

std::string clock_time(double seconds) {
  const auto tenths = std::llround(seconds * 10);
  const long long minutes = tenths / 600;
  char text[60];
  if (minutes < 60) {
    std::snprintf(text, sizeof text, "%lld:%02lld.%lld", minutes, tenths / 10 % 60, tenths % 10);
  } else {
    std::snprintf(text, sizeof text, "%lld:%02lld:%02lld.%lld", minutes / 60, minutes % 60, tenths / 10 % 60,
                  tenths % 10);
  }
  return text;
}

std::string show(const Clip& clip) {
  double peak = 0;
  long broken = 0;
  for (const float sample : clip.samples) {
    if (std::isfinite(sample)) peak = std::max(peak, static_cast<double>(std::fabs(sample)));
    broken += !std::isfinite(sample);
  }
  const std::string warning = broken > 0 ? " · NaN or infinite: " + show_count(broken) : "";
  return "Clip  " + clock_time(clip.seconds()) + " · " + show_count(clip.rate) + " Hz · " +
         channel_word(clip.channels) + " · peak " + decibels(peak) + " · rms " + decibels(rms(clip, 0, clip.length())) +
         warning + "\n  " + envelope(clip);
}

}  // namespace lumir::audio
