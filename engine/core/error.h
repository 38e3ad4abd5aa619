// Two kinds of error, because users need to know whose mistake it is.
//
// The message is one line: function, name, value, rule. lua/bind turns both into Lua errors with the caller's line.

#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace lumir {

/// The world's mistake: a missing file, a broken decoder, a full disk.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The user's mistake: a wrong argument. The text names function, argument, value and rule.
struct ArgumentError : Error {
  using Error::Error;
};

/// Ctrl-C arrived and the current step has ended.
struct Interrupted : Error {
  Interrupted() : Error("interrupted") {}
};

/// The word of `names` that was meant by `word`: a slip or two away, capitals aside, or begun by it; empty if none is.
std::string nearest(std::string_view word, const std::vector<std::string>& names);

/// " (did you mean 'n_mfcc'?)" or nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& names);

}  // namespace lumir
