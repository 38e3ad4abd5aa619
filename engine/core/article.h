// "a" or "an" in sentences about what somebody gave.

#pragma once

#include <string>
#include <string_view>

namespace lumir {

/// "an Estimator", "a function".
inline std::string with_article(std::string_view kind) {
  const bool vowel = !kind.empty() && std::string_view("AEIOUaeiou").find(kind.front()) != std::string_view::npos;
  return (vowel ? "an " : "a ") + std::string(kind);
}

}  // namespace lumir
