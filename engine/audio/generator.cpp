// Generators by name.

#include "audio/generator.h"

#include <cmath>

namespace lumir::audio {
namespace {

std::map<std::string, Generator, std::less<>>& generators() {
  static std::map<std::string, Generator, std::less<>> all;
  return all;
}

}  // namespace

void add_generator(const Entry& entry, Generator generator) { generators()[entry.full_name()] = std::move(generator); }

const Generator* find_generator(std::string_view full_name) {
  const auto found = generators().find(full_name);
  return found == generators().end() ? nullptr : &found->second;
}

size_t SignalOptions::length() const { return static_cast<size_t>(std::floor(seconds * rate + 0.5)); }

void SignalOptions::check(const std::string& who) const {
  if (seconds * rate < 2147483647.0) return;
  throw ArgumentError(who + ": 'seconds' = " + show_number(seconds) + " is too long at " + std::to_string(rate) +
                      " Hz (2147483647 samples at most)");
}

}  // namespace lumir::audio
