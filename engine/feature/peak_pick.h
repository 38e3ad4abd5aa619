// Peaks of an envelope: where it is the greatest of its neighbours and stands clear of their mean.

#pragma once

#include <span>
#include <string>
#include <vector>

namespace lumir::feature {

/// Frames that a peak is compared with, before it and from it on, and how it must stand out;
/// librosa.util.peak_pick's.
struct PeakPicking {
  int pre_max = 1;
  int post_max = 1;
  int pre_avg = 1;
  int post_avg = 1;
  double delta = 0;
  int wait = 0;                   // frames behind a peak in which no other is taken
  std::string method = "greedy";  // or the most peaks, or the highest, that keep `wait`: "dp_count", "dp_value"
};

/// Frames of the peaks, ascending. Boeck, Krebs and Schedl, Evaluating the online capabilities of onset
/// detection methods (2012).
std::vector<int> pick_peaks(std::span<const float> envelope, const PeakPicking& picking);

}  // namespace lumir::feature
