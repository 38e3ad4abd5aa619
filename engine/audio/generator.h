// Generators: options in, a Clip out. Test signals, and the ground of the synthetic corpora.
//
// A file registers one; it is then audio.<name> in Lua, with help and checks, and nothing else changes:
//
//   const RegisterGenerator<SineOptions> sine_entry{"sine", sine, {.summary = "A pure tone.", ...}};

#pragma once

#include <algorithm>
#include <functional>
#include <source_location>

#include "audio/clip.h"
#include "core/interrupt.h"
#include "core/registry.h"

namespace lumir::audio {

/// Makes a clip from the options of its entry.
using Generator = std::function<Clip(const Map& options)>;

void add_generator(const Entry& entry, Generator generator);
/// Null where no generator has that full name ("audio.sine").
const Generator* find_generator(std::string_view full_name);

/// Options that every generator has; inherit from it.
struct SignalOptions {
  double seconds = 1;
  int rate = 22050;
  /// The number of samples.
  size_t length() const;
  /// Throws ArgumentError beyond 2^31 samples.
  void check(const std::string& who) const;
};
template <class S>
Schema signal_schema() {
  return {Option{"seconds", &S::seconds, "length", Unit{"s"}, Range{0, 86400}},
          Option{"rate", &S::rate, "sample rate", Unit{"Hz"}, Range{1, 768000}}};
}

/// A clip of one channel, sample by sample: sample_at(i). Ctrl-C stops it, for a day of sound takes its time.
template <class SampleAt>
Clip made_of(const SignalOptions& options, SampleAt&& sample_at) {
  constexpr size_t kPiece = size_t{1} << 16;
  Clip out{Floats(options.length()), 1, options.rate};
  for (size_t first = 0; first < out.samples.size(); first += kPiece) {
    check_interrupt();
    const size_t last = std::min(first + kPiece, out.samples.size());
    for (size_t i = first; i < last; ++i) out.samples[i] = static_cast<float>(sample_at(i));
  }
  return out;
}

template <class Options>
struct RegisterGenerator {
  RegisterGenerator(const char* name, Clip (*function)(const Options&), Words words,
                    std::source_location where = std::source_location::current()) {
    const Entry& entry = register_entry("audio", name, std::move(words), schema_of<Options>(), where);
    add_generator(entry, [&entry, function](const Map& options) {
      const auto checked = read_options<Options>(options, entry.name);
      checked.check(entry.name);
      return function(checked);
    });
  }
};

}  // namespace lumir::audio
