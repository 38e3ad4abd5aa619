// The metrics that were registered: for metric.cpp and scorer.cpp only.

#pragma once

#include <map>

#include "metric/metric.h"

namespace lumir::metric {

struct Registered {
  const Entry* entry;
  Traits traits;
  std::function<Configured(const Map& options)> configure;
};

/// By name.
std::map<std::string, Registered, std::less<>>& table();
/// Throws ArgumentError with the nearest name.
const Registered& find(std::string_view name);

inline std::string_view without_module(std::string_view name) {
  return name.starts_with("metric.") ? name.substr(7) : name;
}

}  // namespace lumir::metric
