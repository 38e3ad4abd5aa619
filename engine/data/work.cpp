// A recording's results are one entry of the cache: each result in turn, then where each begins, then how many there
// are.

#include "data/work.h"

#include <cstring>
#include <memory>

#include "core/codec.h"

namespace lumir::data {
namespace {

using feature::Description;

/// Results on their way into an entry.
class ResultsWriter {
 public:
  explicit ResultsWriter(std::unique_ptr<EntryWriter> entry) : entry_(std::move(entry)) {}
  void add(const std::any& result) {
    entry_->align();
    places_.push_back(entry_->size());
    write_result(result, *entry_);
  }
  /// False where the cache could not take all of them.
  bool finish() {
    entry_->align();
    for (const uint64_t place : places_) entry_->number(place);
    entry_->number<uint64_t>(places_.size());
    return entry_->finish();
  }

 private:
  std::unique_ptr<EntryWriter> entry_;
  std::vector<uint64_t> places_;
};

/// Results in an entry.
class Results {
 public:
  explicit Results(Bytes entry) : entry_(std::move(entry)) {
    const size_t bytes = entry_.all.size();
    count_ = bytes < 8 ? 0 : Reader(entry_, bytes - 8).number<uint64_t>();
    if (count_ == 0 || count_ > bytes / 8 - 1) throw Error("a kept result ends too early");
  }
  size_t size() const { return count_; }
  std::any at(size_t i) const {
    Reader places(entry_, entry_.all.size() - 8 * (count_ - i + 1));
    Reader from(entry_, places.number<uint64_t>());
    return read_result(from);
  }

 private:
  Bytes entry_;
  size_t count_ = 0;
};

/// The first line: what LibTorch throws goes on with a list of addresses.
std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

Described failure(const std::string& path, const std::exception& problem) {
  Described failed;
  const std::string said = first_line(problem.what());
  const bool names_file = said.starts_with(path);
  failed.reason = names_file ? said : path + ": " + said;
  if (!names_file) failed.alike = said;
  failed.problem = std::current_exception();
  return failed;
}

/// Takes one recording's results as they come.
class Collector {
 public:
  Collector(Described& into, const std::string& key, bool keep) : into_(into) {
    into_.parts = 0;
    into_.rows.clear();
    into_.kept.clear();
    auto entry = keep ? nullptr : cache().start(key);
    if (entry) writer_ = std::make_unique<ResultsWriter>(std::move(entry));
  }
  void add(std::any result) {
    if (writer_) writer_->add(result);
    ++into_.parts;
    if (auto* row = std::any_cast<Description>(&result)) {
      into_.rows.push_back(std::move(*row));
    } else if (!writer_) {
      into_.kept.push_back(std::move(result));
    }
  }
  /// False where results are lost, because the cache could not take them after all.
  bool finish(const std::string& path) {
    if (into_.parts == 0) throw Error(path + ": too short for one excerpt");
    const bool written = writer_ && writer_->finish();
    const bool in_memory = into_.rows.size() == into_.parts || into_.kept.size() == into_.parts;
    return written || in_memory;
  }

 private:
  Described& into_;
  std::unique_ptr<ResultsWriter> writer_;
};

}  // namespace

Work::Work(StepPtr chain, uint64_t epoch) : chain_(std::move(chain)), epoch_(epoch) {
  key_ = "results " + chain_->key();
  if (chain_->draws()) key_ += "\nepoch " + std::to_string(epoch_);
}

/// What is known of a recording; only its content where that is all.
Described Work::recall(const std::string& path) const {
  Described known;
  known.content = content_hash(path);
  const auto entry = cache().map(entry_key(known.content));
  if (!entry) return known;
  try {
    const Results results(*entry);
    for (size_t i = 0; i < results.size(); ++i) {
      std::any result = results.at(i);
      auto* row = std::any_cast<Description>(&result);
      if (!row) break;
      known.rows.push_back(std::move(*row));
    }
    known.parts = results.size();
  } catch (const Error&) {
    known.rows.clear();  // of another program: worked out again
  }
  return known;
}

void Work::compute(std::span<const std::string> paths, std::span<Described*> into, bool keep) const {
  std::vector<std::any> inputs(paths.begin(), paths.end());
  const std::vector<Context> contexts(paths.size(), Context{.epoch = epoch_});
  std::vector<Collector> collectors;
  collectors.reserve(into.size());
  for (Described* one : into) collectors.emplace_back(*one, entry_key(one->content), keep);
  chain_->apply_each(inputs, contexts, [&](size_t i, std::any result) { collectors[i].add(std::move(result)); });
  bool lost = false;
  for (size_t i = 0; i < paths.size(); ++i) lost |= !collectors[i].finish(paths[i]);
  if (lost) compute(paths, into, true);
}

void Work::compute_each(std::span<const std::string> paths, std::span<Described*> into) const {
  for (size_t i = 0; i < paths.size(); ++i) {
    try {
      compute(paths.subspan(i, 1), into.subspan(i, 1), false);
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception& problem) {
      *into[i] = failure(paths[i], problem);
    }
  }
}

std::vector<Described> Work::describe(const std::vector<std::string>& paths) const {
  std::vector<Described> described(paths.size());
  std::vector<std::string> missing;
  std::vector<Described*> into;
  for (size_t i = 0; i < paths.size(); ++i) {
    try {
      described[i] = recall(paths[i]);
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception& problem) {
      described[i] = failure(paths[i], problem);
    }
    if (described[i].done()) continue;
    missing.push_back(paths[i]);
    into.push_back(&described[i]);
  }
  if (missing.size() > 1) {
    try {
      compute(missing, into, false);
      return described;
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception&) {
      // one of them: each by itself tells which
    }
  }
  compute_each(missing, into);
  return described;
}

std::any Work::item(const Described& described, const std::string& path, size_t part) const {
  if (!described.kept.empty()) return described.kept.at(part);
  const std::string key = entry_key(described.content);
  if (const auto entry = cache().map(key, true)) return Results(*entry).at(part);
  // the cache has let it go since
  if (content_hash(path) != described.content) throw Error(path + ": has changed since it was described");
  Described again;
  again.content = described.content;
  Described* into[] = {&again};
  compute({&path, 1}, into, false);
  if (!again.kept.empty()) return again.kept.at(part);
  if (const auto entry = cache().map(key, true)) return Results(*entry).at(part);
  throw Error(path + ": its results are gone");
}

}  // namespace lumir::data
