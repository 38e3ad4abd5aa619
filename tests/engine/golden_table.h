// What goldens of registered things share: a table of how near each came, and what has none.

#pragma once

#include <cstdio>
#include <map>
#include <string>

#include "core/registry.h"
#include "engine/worse.h"

namespace lumir::testing {

class GoldenTable {
 public:
  /// A case of a registered name, and how far off it was at its worst.
  void add(const std::string& full_name, double difference) {
    Row& row = rows_[full_name];
    ++row.cases;
    row.worst = worse(row.worst, difference);
  }
  bool has(const Entry& entry) const { return rows_.contains(entry.full_name()); }
  /// What was tried and how far off it was, a line for each name.
  void print(const char* title) const {
    std::printf("%-34s %5s   %s\n", title, "cases", "worst difference");
    for (const auto& [name, row] : rows_) std::printf("%-34s %5d   %.1e\n", name.c_str(), row.cases, row.worst);
  }

 private:
  struct Row {
    int cases = 0;
    double worst = 0;
  };
  std::map<std::string, Row> rows_;
};

}  // namespace lumir::testing
