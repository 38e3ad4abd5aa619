// Philox 4x32-10, and what is built on it.

#include "core/random.h"

#include <atomic>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace lumir {
namespace {

std::atomic<uint64_t> seed_of_process{0};
std::atomic<uint64_t> calls_so_far{0};

uint64_t word_key(std::string_view word) {  // FNV-1a
  uint64_t hash = 0xcbf29ce484222325u;
  for (const unsigned char c : word) hash = (hash ^ c) * 0x100000001b3u;
  return hash;
}

}  // namespace

Random::Random(uint64_t seed, uint64_t key) {
  key_[0] = static_cast<uint32_t>(seed);
  key_[1] = static_cast<uint32_t>(seed >> 32);
  counter_[2] = static_cast<uint32_t>(key);
  counter_[3] = static_cast<uint32_t>(key >> 32);
}

Random::Random(uint64_t seed, std::string_view key) : Random(seed, word_key(key)) {}

void Random::refill() {
  uint32_t c[4] = {counter_[0], counter_[1], counter_[2], counter_[3]};
  uint32_t k[2] = {key_[0], key_[1]};
  for (int round = 0; round < 10; ++round) {
    const uint64_t p0 = uint64_t{0xD2511F53u} * c[0];
    const uint64_t p1 = uint64_t{0xCD9E8D57u} * c[2];
    const uint32_t next[4] = {static_cast<uint32_t>(p1 >> 32) ^ c[1] ^ k[0], static_cast<uint32_t>(p1),
                              static_cast<uint32_t>(p0 >> 32) ^ c[3] ^ k[1], static_cast<uint32_t>(p0)};
    for (int i = 0; i < 4; ++i) c[i] = next[i];
    k[0] += 0x9E3779B9u;
    k[1] += 0xBB67AE85u;
  }
  for (int i = 0; i < 4; ++i) block_[i] = c[i];
  if (++counter_[0] == 0) ++counter_[1];
  used_ = 0;
}

uint32_t Random::next() {
  if (used_ == 4) refill();
  return block_[used_++];
}

uint64_t Random::next64() {
  const uint64_t high = next();
  return high << 32 | next();
}

double Random::uniform() { return static_cast<double>(next64() >> 11) * 0x1p-53; }

uint32_t Random::below(uint32_t n) {  // Lemire, Fast Random Integer Generation in an Interval (2019)
  uint64_t product = uint64_t{next()} * n;
  if (static_cast<uint32_t>(product) < n) {
    const uint32_t threshold = -n % n;
    while (static_cast<uint32_t>(product) < threshold) product = uint64_t{next()} * n;
  }
  return static_cast<uint32_t>(product >> 32);
}

double Random::normal() {  // Box and Muller
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  const double angle = 2 * std::numbers::pi * uniform();
  spare_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

std::vector<int> Random::permutation(int n) {
  std::vector<int> order(static_cast<size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  for (int i = n - 1; i > 0; --i) {
    std::swap(order[static_cast<size_t>(i)], order[below(static_cast<uint32_t>(i) + 1)]);
  }
  return order;
}

uint64_t mixed(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

uint64_t global_seed() { return seed_of_process; }

uint64_t seed_or_global(const std::optional<int>& seed) { return seed ? static_cast<uint64_t>(*seed) : global_seed(); }
void set_global_seed(uint64_t seed) {
  seed_of_process = seed;
  calls_so_far = 0;
}
uint64_t next_direct_call() { return calls_so_far++; }
uint64_t direct_calls() { return calls_so_far; }
void set_direct_calls(uint64_t count) { calls_so_far = count; }

}  // namespace lumir
