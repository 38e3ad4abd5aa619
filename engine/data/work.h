// The work on one recording: a file through a chain, and its results in the cache and out of it. For the files of this
// folder only.

#pragma once

#include <any>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/cache.h"
#include "core/step.h"
#include "data/source.h"

namespace lumir::data {

/// A chain in one epoch.
class Work {
 public:
  Work(StepPtr chain, uint64_t epoch);
  /// What names the results of all recordings: the chain's key, and the epoch where it draws.
  const std::string& key() const { return key_; }
  /// How many recordings `describe` should get at once.
  size_t batch_size() const { return chain_->batch_size(); }
  /// Each recording described: out of the cache, or by the chain. Whatever goes wrong with one is that one's; only
  /// Interrupted is thrown.
  std::vector<Described> describe(const std::vector<std::string>& paths) const;
  /// One result of a described recording.
  std::any item(const Described& described, const std::string& path, size_t part) const;

 private:
  std::string entry_key(const std::string& content) const { return key_ + "\n" + content; }
  std::string rows_key(const std::string& content) const { return "rows of " + entry_key(content); }
  bool recall_rows(Described& known) const;
  void recall_results(Described& known) const;
  void keep_rows(const Described& described) const;
  Described recall(const std::string& path) const;
  void compute(std::span<const std::string> paths, std::span<Described*> into, bool keep) const;
  void compute_each(std::span<const std::string> paths, std::span<Described*> into) const;
  StepPtr chain_;
  uint64_t epoch_;
  std::string key_;
  mutable std::mutex guard_;
  mutable NamesPtr kept_names_;  // those that the cache knows for sure
};

}  // namespace lumir::data
