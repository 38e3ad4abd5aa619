// Drawing a waveform as the band between least and greatest sample.

#include "report/waveform_figure.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "report/axis.h"

namespace lumir::report {
namespace {

/// Bands across a plot; more would be finer than a slide's pixels.
constexpr size_t kBands = 1200;

/// The outline of the band: along the greatest samples, back along the least.
std::vector<Point> band_of(std::span<const float> samples, const Frame& frame, double rate) {
  const size_t bands = std::min(kBands, samples.size());
  std::vector<Point> upper, lower;
  for (size_t i = 0; i < bands; ++i) {
    const size_t first = i * samples.size() / bands, last = (i + 1) * samples.size() / bands;
    float low = INFINITY, high = -INFINITY;
    for (size_t k = first; k < last; ++k) {
      if (!std::isfinite(samples[k])) continue;
      low = std::min(low, samples[k]);
      high = std::max(high, samples[k]);
    }
    if (low > high) continue;
    const double x = frame.x(static_cast<double>(first + last - 1) / 2 / rate);
    upper.push_back({x, frame.y(high) - 0.3});
    lower.push_back({x, frame.y(low) + 0.3});
  }
  upper.insert(upper.end(), lower.rbegin(), lower.rend());
  return upper;
}

}  // namespace

WaveformFigure::WaveformFigure(audio::Clip clip) : clip_(std::move(clip)) {
  if (clip_.length() == 0 || clip_.rate <= 0) throw ArgumentError("show: a clip without samples has no picture");
}

Size WaveformFigure::size(Medium medium) const {
  if (medium == Medium::slide) return {960, clip_.channels > 1 ? 540.0 : 320.0};
  return {245, clip_.channels > 1 ? 180.0 : 110.0};
}

void WaveformFigure::draw(Canvas& canvas, const Box& box, const Look& look) const {
  double peak = 0;
  for (const float sample : clip_.samples) {
    if (std::isfinite(sample)) peak = std::max(peak, std::fabs(static_cast<double>(sample)));
  }
  if (peak == 0) peak = 1;
  const double height = box.height / clip_.channels;
  for (int channel = 0; channel < clip_.channels; ++channel) {
    const bool last = channel + 1 == clip_.channels;
    const std::string name = clip_.channels > 1 ? "channel " + std::to_string(channel + 1) : "amplitude";
    const Axis x{last ? "time (s)" : "", 0, clip_.seconds()}, y{name, -peak * 1.05, peak * 1.05};
    const Frame frame = draw_axes(canvas, {box.x, box.y + channel * height, box.width, height}, x, y, look);
    canvas.polygon(band_of(clip_.channel(channel), frame, clip_.rate), Colour::hex(0x1f6fb2));
  }
}

}  // namespace lumir::report
