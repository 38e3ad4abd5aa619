// Picking peaks, from the first on or so that they are the best of all choices.

#include "feature/peak_pick.h"

#include <algorithm>

#include "feature/plan/terms.h"
#include "signal/kernel.h"

namespace lumir::feature {
namespace {

/// A stretch of frames around one.
std::span<const float> around(std::span<const float> envelope, int frame, int before, int from_it_on) {
  const auto count = static_cast<int>(envelope.size());
  const int first = std::max(0, frame - before), last = std::min(frame + from_it_on, count);
  return envelope.subspan(static_cast<size_t>(first), static_cast<size_t>(last - first));
}

/// In float and in order, as librosa sums them.
float mean_of(std::span<const float> numbers) {
  float total = 0;
  for (const float number : numbers) total += number;
  return total / static_cast<float>(numbers.size());
}

bool is_greatest(std::span<const float> envelope, int frame, const PeakPicking& picking) {
  const auto near = around(envelope, frame, picking.pre_max, picking.post_max);
  return envelope[static_cast<size_t>(frame)] >= *std::max_element(near.begin(), near.end());
}

std::vector<int> pick_in_order(std::span<const float> envelope, const PeakPicking& picking) {
  std::vector<int> peaks;
  for (int frame = 0; frame < static_cast<int>(envelope.size()); ++frame) {
    if (!is_greatest(envelope, frame, picking)) continue;
    const double least = mean_of(around(envelope, frame, picking.pre_avg, picking.post_avg)) + picking.delta;
    if (envelope[static_cast<size_t>(frame)] < least) continue;
    peaks.push_back(frame);
    frame += picking.wait;
  }
  return peaks;
}

/// From the last frame to the first: is the best choice from here on better with this frame in it?
std::vector<int> pick_the_best(std::span<const float> envelope, const PeakPicking& picking) {
  const auto count = static_cast<int>(envelope.size());
  const auto at = [](int i) { return static_cast<size_t>(i); };
  std::vector<float> sums(1, 0.0f);  // of the numbers before
  for (const float number : envelope) sums.push_back(sums.back() + number);
  std::vector<double> worth(at(count) + 1, 0.0);
  std::vector<bool> taken(at(count), false);
  const auto next = [&](int frame) { return std::min(count, frame + picking.wait + 1); };
  for (int frame = count - 1; frame >= 0; --frame) {
    worth[at(frame)] = worth[at(frame + 1)];
    if (!is_greatest(envelope, frame, picking)) continue;
    const int first = std::max(0, frame - picking.pre_avg), last = std::min(frame + picking.post_avg, count);
    const double mean = static_cast<double>(sums[at(last)] - sums[at(first)]) / (last - first);
    const double with = worth[at(next(frame))] + (picking.method == "dp_count" ? 1.0 : envelope[at(frame)]);
    if (envelope[at(frame)] < mean + picking.delta || with <= worth[at(frame + 1)]) continue;
    worth[at(frame)] = with;
    taken[at(frame)] = true;
  }
  std::vector<int> peaks;
  for (int frame = 0; frame < count; frame = taken[at(frame)] ? next(frame) : frame + 1) {
    if (taken[at(frame)]) peaks.push_back(frame);
  }
  return peaks;
}

}  // namespace

std::vector<int> pick_peaks(std::span<const float> envelope, const PeakPicking& picking) {
  return picking.method == "greedy" ? pick_in_order(envelope, picking) : pick_the_best(envelope, picking);
}
LUMIR_KERNEL(pick_peaks);

}  // namespace lumir::feature
