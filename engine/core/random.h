// Counter-based random numbers: Philox 4x32-10 (Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, 2011).
//
// A stream is named by a seed and a key, never by the order of calls on other streams, so the number of threads and
// the order of work never change a result.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace lumir {

class Random {
 public:
  /// Streams of one seed with different keys are independent.
  explicit Random(uint64_t seed, uint64_t key = 0);
  /// A stream named by a word: Random(seed, "forest").
  Random(uint64_t seed, std::string_view key);

  uint32_t next();
  uint64_t next64();
  /// Uniform in [0, 1).
  double uniform();
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Uniform integer in 0 .. n - 1; without bias. n is at least 1.
  uint32_t below(uint32_t n);
  /// Standard normal.
  double normal();
  /// 0 .. n - 1 in random order (Fisher and Yates).
  std::vector<int> permutation(int n);

 private:
  void refill();
  uint32_t key_[2];
  uint32_t counter_[4] = {0, 0, 0, 0};
  uint32_t block_[4] = {0, 0, 0, 0};
  int used_ = 4;
  double spare_ = 0;
  bool has_spare_ = false;
};

/// Spreads every bit over all others (Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014).
uint64_t mixed(uint64_t value);

/// The process-wide seed of `lumir.seed(n)`; what is random and was given no seed takes it. 0 until set.
uint64_t global_seed();
/// What an option `seed` says; where it is not set, lumir.seed's.
uint64_t seed_or_global(const std::optional<int>& seed);
void set_global_seed(uint64_t seed);
/// 0, 1, 2 ... since the seed was set: tells direct calls of what draws from each other.
uint64_t next_direct_call();
/// How many there were; a training that goes on sets it to what it was.
uint64_t direct_calls();
void set_direct_calls(uint64_t count);

}  // namespace lumir
