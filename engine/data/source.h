// What copies of a Dataset share: the corpus as it was found, and what has been described of it in this
// process. For the files of this folder only.

#pragma once

#include <any>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/matrix.h"
#include "data/audit.h"
#include "data/dataset.h"
#include "data/names.h"

namespace lumir::data {

/// What became of a recording: its results (one, or one for each excerpt or copy), or why there are none; neither where
/// nobody has asked yet. Descriptions are rows of a matrix that recordings and tables share; other results stand in the
/// cache, and here where it cannot take them.
struct Described {
  size_t parts = 0;                    // how many results
  NamesPtr names;                      // of the columns of `rows`; null where the results are no descriptions
  std::shared_ptr<const Matrix> rows;  // where the descriptions stand, one after the other
  size_t first_row = 0;
  std::vector<std::any> kept;  // all results, where they are no descriptions and the cache is closed
  std::string content;         // of the file: names the results in the cache
  std::string reason;
  std::string alike;           // the reason where it says nothing of this file alone
  std::exception_ptr problem;  // behind the reason
  bool done() const { return parts > 0 || failed(); }
  bool failed() const { return !reason.empty(); }
  bool is_items() const { return parts > 0 && !names; }
};

struct Dataset::Source {
  Corpus corpus;
  std::vector<std::string> classes;
  std::mutex describing;                                    // one pass at a time
  std::map<std::string, std::vector<Described>> described;  // by key of the work; one for each row of the corpus
  std::mutex auditing;
  std::map<std::vector<int>, std::shared_ptr<const Auditor>> auditors;  // by the rows that they know
};

}  // namespace lumir::data
