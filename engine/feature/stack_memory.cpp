// Stack memory: each frame with what came before it, so that a frame tells where it comes from.

#include <cstdlib>

#include "feature/frames_step.h"
#include "signal/padding.h"

namespace lumir::feature {
namespace {

struct StackMemoryOptions {
  int n_steps = 2;
  int delay = 1;
  std::string mode = "constant";
  double value = 0;

  static Schema schema() {
    return {Option{"n_steps", &StackMemoryOptions::n_steps, "copies, the frame itself included", Range{1, 4096}},
            Option{"delay", &StackMemoryOptions::delay, "frames from one copy to the next; below 0 looks ahead",
                   Unit{"frames"}, Range{-(1 << 24), 1 << 24}},
            Option{"mode", &StackMemoryOptions::mode, "what stands beyond the ends",
                   Choices{"constant", "edge", "reflect", "symmetric", "wrap"}},
            Option{"value", &StackMemoryOptions::value, "the number that stands there, where mode = 'constant'"}};
  }
  void check(const std::string& who) const {
    if (delay == 0)
      throw ArgumentError(who + ": 'delay' = 0 would repeat the same frame; take 1 or more, or -1 or less");
  }
};

/// The row, `shift` frames later.
void shift_row(std::span<const float> row, long shift, const StackMemoryOptions& options, FrameValues& to) {
  const auto length = static_cast<long>(row.size());
  for (long t = 0; t < length; ++t) {
    const long from = padded_index(t - shift, length, options.mode);
    to.push_back(from < 0 ? static_cast<float>(options.value) : row[static_cast<size_t>(from)]);
  }
}

Frames stack_memory(Frames frames, const StackMemoryOptions& options) {
  Frames out = frames;
  out.rows = frames.rows * static_cast<size_t>(options.n_steps);
  out.values.reserve(out.rows * out.frames);
  for (int step = 1; step < options.n_steps; ++step) {
    const long shift = static_cast<long>(step) * options.delay;
    const std::string suffix = (shift > 0 ? "_lag" : "_lead") + std::to_string(std::labs(shift));
    for (auto part : frames.parts) {
      if (part.gives != Gives::rows) continue;
      part.first += static_cast<size_t>(step) * frames.rows;
      part.name += suffix;
      out.parts.push_back(part);
    }
    for (size_t row = 0; row < frames.rows; ++row) {
      shift_row(frames.row(row), shift, options, out.values);
      out.names.push_back(frames.names[row] + suffix);
    }
  }
  return out;
}

const RegisterFramesStep stack_memory_step{
    "stack_memory",
    stack_memory,
    {.summary = "Each frame with copies of earlier (or later) ones below it.",
     .returns = "[n_steps * rows, frames]",
     .example = "feature.stack_memory(feature.chroma_stft(clip), { n_steps = 3, delay = 2 })",
     .source = "librosa.feature.stack_memory",
     .input = "frames"}};

}  // namespace
}  // namespace lumir::feature
