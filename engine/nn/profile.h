// What each part of a network takes, in time and memory: measured, where nn/summary.h counts.

#pragma once

#include <string>
#include <vector>

#include "nn/module_line.h"

namespace lumir::nn {

struct ProfileOptions {
  int runs = 5;
  bool backward = true;
  static Schema schema();
};

/// One module of a network, with all that it holds.
struct ProfileRow : ModuleLine {
  using ModuleLine::ModuleLine;
  int calls = 0;        // in one run
  double forward = 0;   // s, the median of the runs
  double backward = 0;  // s; 0 where no gradient came through
  double memory = 0;    // bytes that it leaves allocated for the way back, or for who called it; of tensors elsewhere
                        // than in the processor's memory nothing is known
};

struct Profile {
  std::vector<ProfileRow> rows;  // outermost first
  ProfileOptions options;
};

/// Sends an input through the network, and gradients of its first output's sum back: once to warm up, then `runs` times.
/// In the mode that the network is in; its weights, gradients and buffers are as before afterwards, and the generator.
/// Times of backward passes are those between the gradient's arrival at a module's output and at its input.
Profile profile(const ModulePtr& network, const Flow& input, const ProfileOptions& options);
/// As a table of at most 80 columns.
std::string show(const Profile& profile);

}  // namespace lumir::nn
