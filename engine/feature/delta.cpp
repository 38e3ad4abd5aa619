// Delta: how fast each row changes in time.

#include <algorithm>

#include "feature/differences.h"
#include "feature/frames_step.h"
#include "signal/kernel.h"
#include "signal/padding.h"

namespace lumir::feature {
namespace {

struct DeltaOptions {
  int width = kDeltaWidth;
  int order = 1;
  std::string mode = "interp";

  static Schema schema() {
    return {Option{"width", &DeltaOptions::width, "frames that one difference looks at, odd", Unit{"frames"},
                   Range{3, 9999}},
            Option{"order", &DeltaOptions::order, "of the derivative: 1 for speed, 2 for acceleration", Range{1, 16}},
            Option{"mode", &DeltaOptions::mode, "at the ends: the polynomial of the nearest whole window, or padding",
                   Choices{"interp", "nearest", "mirror", "constant", "wrap"}}};
  }
  void check(const std::string& who) const {
    if (width % 2 == 0) throw ArgumentError(who + ": 'width' = " + std::to_string(width) + " must be odd");
    if (order < width) return;
    throw ArgumentError(who + ": 'order' = " + std::to_string(order) +
                        " must be below width = " + std::to_string(width));
  }
};

/// scipy's words for ends, as numpy's; what "interp" is padded with never counts.
std::string pad_mode_of(const std::string& mode) {
  if (mode == "nearest") return "edge";
  if (mode == "mirror") return "reflect";
  return mode == "interp" ? "constant" : mode;
}

/// "mfcc_03" of "mfcc" as "mfcc_delta_03".
std::string delta_name(const std::string& row, const std::string& part, const std::string& suffix) {
  return row.starts_with(part) ? part + suffix + row.substr(part.size()) : row + suffix;
}

Frames delta(Frames frames, const DeltaOptions& options) {
  const auto length = static_cast<long>(frames.frames);
  const int half = options.width / 2;
  const bool inside = options.mode == "interp";
  if (inside && length < options.width) {
    throw ArgumentError("delta: 'mode' = 'interp' needs at least width = " + std::to_string(options.width) +
                        " frames, got " + std::to_string(length));
  }
  const auto weights = derivative_weights(options.width, options.order);
  const auto weigh = best(&weigh_neighbours);
  const std::string pad_mode = pad_mode_of(options.mode);
  std::vector<float> padded(static_cast<size_t>(length + 2 * half));
  for (size_t row = 0; row < frames.rows; ++row) {
    const auto values = frames.row(row);
    for (long t = -half; t < length + half; ++t) {
      const long from = padded_index(t, length, pad_mode);
      padded[static_cast<size_t>(t + half)] = from < 0 ? 0 : values[static_cast<size_t>(from)];
    }
    weigh(padded.data(), values.data(), length, weights.data(), options.width);
    if (!inside) continue;
    // the derivative of the highest order is constant over its window
    std::fill(values.begin(), values.begin() + half, values[static_cast<size_t>(half)]);
    std::fill(values.end() - half, values.end(), values[static_cast<size_t>(length - half - 1)]);
  }
  const std::string suffix = options.order == 1 ? "_delta" : "_delta" + std::to_string(options.order);
  for (auto& part : frames.parts) {
    if (part.gives != Gives::rows) continue;
    for (size_t row = part.first; row < part.first + part.rows; ++row) {
      frames.names[row] = delta_name(frames.names[row], part.name, suffix);
    }
    part.name += suffix;
  }
  frames.become("change per frame");
  return frames;
}

const RegisterFramesStep delta_step{
    "delta",
    delta,
    {.summary = "Change of each row in time: a derivative of the polynomial fitted to `width` neighbouring frames.",
     .returns = "[rows, frames], per frame (to the power order)",
     .example = "feature.delta(feature.mfcc(clip), { order = 2 })",
     .source = "Savitzky and Golay, Smoothing and differentiation of data (1964); librosa.feature.delta",
     .input = "frames"}};

}  // namespace
}  // namespace lumir::feature
