// What copies of a Dataset share: the corpus as it was found, and what has been described of it in this
// process. For the files of this folder only.

#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "feature/plan/frames.h"

namespace lumir::data {

/// A recording's descriptions (one, or one for each excerpt or copy), or why there are none; neither where nobody has
/// asked yet.
struct Described {
  std::vector<feature::Description> rows;
  std::string reason;
  bool done() const { return !rows.empty() || !reason.empty(); }
};

struct Dataset::Source {
  Corpus corpus;
  std::vector<std::string> classes;
  std::mutex describing;                                    // one pass at a time
  std::map<std::string, std::vector<Described>> described;  // by key of the chain; one for each row of the corpus
};

}  // namespace lumir::data
