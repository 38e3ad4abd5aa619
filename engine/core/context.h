// Where a step stands when it is called: in which run and epoch, with which recording, copy and place, on which device.
//
// What a step draws depends on this alone, never on threads or on the order of the work: the same seed gives the same
// run, two epochs differ, two copies differ, and so do two steps of one chain.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/random.h"

namespace lumir {

struct Context {
  uint64_t seed = global_seed();
  uint64_t epoch = 0;                // how often the same inputs came before; direct calls count as epochs
  std::optional<uint64_t> row = {};  // stands for what is worked on; none: the content of the input does
  uint64_t place = 0;                // of the copy, and of the step in its chain; 0 is the first of both
  std::string device = "cpu";

  /// Of the k-th of several things that a step made of one; the first stands where the one stood.
  Context copy(uint64_t k) const;
  /// Of the k-th step of a chain that draws; the first stands where the chain stands.
  Context step(uint64_t k) const;
  /// Of the i-th piece of the work of a step on `row`; independent of that of the whole.
  Context piece(uint64_t i) const;

  /// The number that stands for epoch, row and place.
  uint64_t key() const;
  Random random() const { return Random(seed, key()); }
};

}  // namespace lumir
