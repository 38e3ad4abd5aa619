// REPET-SIM: a voice above music that comes again, whenever it does.
//
// Of each frame those that are most like it by the cosine of their spectra are its repetitions; none may lie close to
// another, because neighbours are alike without repeating anything.

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/parallel.h"
#include "core/step.h"
#include "core/text.h"
#include "feature/repeating.h"
#include "tensor/linear_algebra.h"

namespace lumir::feature {
namespace {

struct RepetSimOptions : RepeatingOptions {
  double similarity_threshold = 0;
  double min_distance = 1;
  int max_repeating_frames = 100;

  static Schema schema() {
    return extend(repeating_schema<RepetSimOptions>(),
                  Option{"similarity_threshold", &RepetSimOptions::similarity_threshold,
                         "least likeness, from 0 (the least like frame) to 1 (the same)", Range{0, 1}},
                  Option{"min_distance", &RepetSimOptions::min_distance, "between two frames that are taken", Unit{"s"},
                         kNonNegative},
                  Option{"max_repeating_frames", &RepetSimOptions::max_repeating_frames,
                         "likest frames to take, the frame itself included", Range{2, 1 << 16}});
  }
};

constexpr size_t kBlock = 64;  // frames, whose likeness to all others is in memory at once

/// Each frame divided by its length, so that products are cosines; silent frames stay 0.
Magnitudes unit_frames(Magnitudes frames) {
  for (size_t frame = 0; frame < frames.frames; ++frame) {
    const auto row = std::span(frames.values).subspan(frame * frames.bins, frames.bins);
    double squares = 0;
    for (const float value : row) squares += static_cast<double>(value) * value;
    const float scale = squares > 0 ? static_cast<float>(1 / std::sqrt(squares)) : 0.0f;
    for (float& value : row) value *= scale;
  }
  return frames;
}

/// The greatest number of a row of which parts become 0, again and again: of the greatest in each block, which alone
/// have to be looked through, and the first of those that are equal.
class Greatest {
 public:
  explicit Greatest(std::span<float> row) : row_(row), best_((row.size() + kSize - 1) / kSize) {
    look(0, best_.size());
  }

  size_t place() const {
    const auto block = static_cast<size_t>(std::max_element(best_.begin(), best_.end()) - best_.begin());
    const auto part = row_.subspan(block * kSize, std::min(kSize, row_.size() - block * kSize));
    return block * kSize + static_cast<size_t>(std::max_element(part.begin(), part.end()) - part.begin());
  }
  void forget(size_t begin, size_t end) {
    std::fill(row_.begin() + static_cast<long>(begin), row_.begin() + static_cast<long>(end), 0.0f);
    look(begin / kSize, (end + kSize - 1) / kSize);
  }

 private:
  static constexpr size_t kSize = 64;

  void look(size_t first, size_t last) {
    for (size_t block = first; block < last; ++block) {
      const auto part = row_.subspan(block * kSize, std::min(kSize, row_.size() - block * kSize));
      best_[block] = *std::max_element(part.begin(), part.end());
    }
  }

  std::span<float> row_;
  std::vector<float> best_;
};

/// The likest frames from the likest on, none nearer than `distance` frames to one before it. The first is left out: it
/// is the frame itself. `likeness` is used up.
std::vector<size_t> likest(std::span<float> likeness, double distance, const RepetSimOptions& options) {
  const auto [least, most] = std::minmax_element(likeness.begin(), likeness.end());
  const float lowest = *least, range = *most - *least;
  std::vector<size_t> found;
  if (!(range > 0)) return found;
  for (float& value : likeness) {
    value = (value - lowest) / range;
    if (value < options.similarity_threshold) value = 0;
  }
  const auto reach = static_cast<size_t>(distance);
  Greatest greatest(likeness);
  for (int count = 0; count < options.max_repeating_frames; ++count) {
    const size_t place = greatest.place();
    if (likeness[place] <= 0) break;
    if (count > 0) found.push_back(place);
    greatest.forget(place - std::min(place, reach), std::min(likeness.size(), place + reach + 1));
  }
  return found;
}

Repetitions find_similar(std::span<const Magnitudes> channels, double distance, const RepetSimOptions& options) {
  const Magnitudes frames = unit_frames(mean_of_channels(channels, 1));
  const size_t all = frames.frames;
  Repetitions groups(all);
  parallel_for((all + kBlock - 1) / kBlock, [&](size_t block) {
    const size_t first = block * kBlock, count = std::min(kBlock, all - first);
    std::vector<float> cosines(count * all);
    tensor::multiply_block<float>(frames.rows(first, count), frames.values, frames.bins, cosines);
    for (size_t row = 0; row < count; ++row) {
      groups[first + row] = likest(std::span(cosines).subspan(row * all, all), distance, options);
    }
  });
  return groups;
}

audio::Clip repet_sim(const audio::Clip& clip, const RepetSimOptions& options) {
  if (clip.length() > 0 && clip.seconds() <= options.min_distance) {
    throw ArgumentError("repet_sim: 'min_distance' = " + show_number(options.min_distance) +
                        " s must be shorter than the clip's " + show_number(clip.seconds()) + " s");
  }
  const double distance = options.min_distance * clip.rate / options.hop();
  const auto find = [&](std::span<const Magnitudes> channels) { return find_similar(channels, distance, options); };
  return repeating_part(clip, options, find, "repet_sim");
}

const RegisterStep<RepetSimOptions, audio::Clip, audio::Clip> repet_sim_step{
    "feature",
    "repet_sim",
    repet_sim,
    "a clip",
    {.summary = "The voice of a clip, or the music behind it: what no other frame holds, or what similar frames share.",
     .returns = "a Clip of [channels, samples]",
     .example = "feature.repet_sim(clip, { min_distance = 0.5 })",
     .source = "Rafii and Pardo, Music/Voice Separation Using the Similarity Matrix (2012); "
               "nussl.separation.primitive.RepetSim",
     .input = "clip"}};

}  // namespace
}  // namespace lumir::feature
