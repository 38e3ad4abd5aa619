// Named sets: `feature.set 'fma'` is a published table's row about a clip, number for number.
//
// Each is a file of its own that says which features it takes, with what options, and how their rows become columns:
//
//   NamedSet tiny() {
//     return {{member("loudness", "feature.rms", {{"pad_mode", "reflect"}})}, describe_tiny};
//   }
//   const RegisterSet tiny_set{"tiny", tiny, {.summary = ...}};
//
// All members are worked out in one plan. `member`'s last argument is the rate that it believes every clip to have, for
// tables that were made so.

#pragma once

#include <functional>
#include <source_location>
#include <string>
#include <vector>

#include "core/step.h"
#include "feature/extractor.h"
#include "feature/plan/frames.h"
#include "feature/statistics.h"

namespace lumir::feature {

/// A feature of a set, under the set's own name for it.
struct Member {
  std::string name;
  StepPtr step;
  int rate = 0;  // as in Feature
};
Member member(std::string name, const std::string& feature, const Map& options, int rate = 0);

struct NamedSet {
  std::vector<Member> members;
  Description (*describe)(const Frames&) = nullptr;  // of a plan's frames, whose parts have the members' names
};

/// Puts a set's words into the registry as "feature.set.NAME".
struct RegisterSet {
  RegisterSet(const char* name, NamedSet (*make)(), Words words,
              std::source_location where = std::source_location::current());
};

/// The step from a clip to a description; throws ArgumentError that names the sets there are. `entry` is feature.set.
StepPtr make_named_set(const Entry& entry, const std::string& name);

}  // namespace lumir::feature
