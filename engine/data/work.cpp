// A recording's results are one entry of the cache. Rows of numbers: what names their columns, how many rows, then the
// numbers. Other results: each in turn, then where each begins, then how many there are.

#include "data/work.h"

#include <cstring>
#include <memory>

#include "core/codec.h"
#include "feature/plan/frames.h"

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
  Collector(Described& into, std::string key, bool keep) : into_(into), key_(std::move(key)), keep_(keep) {
    into_.parts = 0;
    into_.kept.clear();
  }
  void add(std::any result) {
    const auto* row = std::any_cast<Description>(&result);
    if (into_.parts > 0 && (row != nullptr) != (into_.names != nullptr)) throw Error("gives results of several kinds");
    if (row) {
      add_row(*row);
    } else {
      add_item(std::move(result));
    }
    ++into_.parts;
  }
  /// False where results are lost, because the cache could not take them after all.
  bool finish(const std::string& path) {
    if (into_.parts == 0) throw Error(path + ": too short for one excerpt");
    if (!into_.names) return into_.kept.size() == into_.parts || (writer_ && writer_->finish());
    rows_.rows = into_.parts;
    into_.rows = std::make_shared<const Matrix>(std::move(rows_));
    into_.first_row = 0;
    return true;
  }

 private:
  void add_row(const Description& row) {
    if (into_.parts == 0) {
      into_.names = shared_names(row.names);
      rows_.columns = row.values.size();
    }
    if (row.names != into_.names->list || row.values.size() != rows_.columns) {
      throw Error("gives rows of different columns");
    }
    rows_.values.append(row.values);
  }
  void add_item(std::any result) {
    if (into_.parts == 0 && !keep_) {
      if (auto entry = cache().start(key_)) writer_ = std::make_unique<ResultsWriter>(std::move(entry));
    }
    if (writer_) {
      writer_->add(result);
    } else {
      into_.kept.push_back(std::move(result));
    }
  }

  Described& into_;
  std::string key_;
  bool keep_;
  Matrix rows_;
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
  try {
    if (!recall_rows(known)) recall_results(known);
  } catch (const Error&) {
    const std::string content = known.content;  // of another program: worked out again
    known = {};
    known.content = content;
  }
  return known;
}

bool Work::recall_rows(Described& known) const {
  const auto entry = cache().map(rows_key(known.content));
  if (!entry) return false;
  Reader from(*entry);
  const NamesPtr names = names_of(from.text());
  if (!names) return false;
  Matrix rows;
  rows.rows = from.number<uint64_t>();
  rows.columns = names->list.size();
  const auto values = from.array<double>();
  if (rows.rows == 0 || values.size() != rows.rows * rows.columns) return false;
  rows.values.append(values);
  known.parts = rows.rows;
  known.names = names;
  known.rows = std::make_shared<const Matrix>(std::move(rows));
  return true;
}

void Work::recall_results(Described& known) const {
  if (const auto entry = cache().map(entry_key(known.content))) known.parts = Results(*entry).size();
}

void Work::keep_rows(const Described& described) const {
  {
    const std::lock_guard lock(guard_);
    if (kept_names_ != described.names) keep_names(*described.names);
    kept_names_ = described.names;
  }
  const auto entry = cache().start(rows_key(described.content));
  if (!entry) return;
  entry->text(described.names->id);
  entry->number<uint64_t>(described.parts);
  entry->array(std::span(described.rows->values));
  entry->finish();
}

void Work::compute(std::span<const std::string> paths, std::span<Described*> into, bool keep) const {
  std::vector<std::any> inputs(paths.begin(), paths.end());
  const std::vector<Context> contexts(paths.size(), Context{.epoch = epoch_});
  std::vector<Collector> collectors;
  collectors.reserve(into.size());
  for (Described* one : into) collectors.emplace_back(*one, entry_key(one->content), keep);
  chain_->apply_each(inputs, contexts, [&](size_t i, std::any result) { collectors[i].add(std::move(result)); });
  bool lost = false;
  for (size_t i = 0; i < paths.size(); ++i) {
    lost |= !collectors[i].finish(paths[i]);
    if (into[i]->names) keep_rows(*into[i]);
  }
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
