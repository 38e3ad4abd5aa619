// Describing: every file through the chain, on every core, once.
//
// A result is kept for this process and on disk for the next, under the key of the chain and the content of the file.
// Both sides of a split are described in one pass, longest file first, so that no core waits at the end.

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <mutex>

#include "core/cache.h"
#include "core/observer.h"
#include "core/parallel.h"
#include "data/labels.h"
#include "data/source.h"
#include "data/table.h"
#include "data/words.h"
#include "data/work.h"

namespace lumir::data {
namespace {

/// Rows of a pass whose results are read when they are asked for.
class DescribedItems final : public Items {
 public:
  DescribedItems(StepPtr chain, uint64_t epoch) : work_(std::move(chain), epoch) {}
  void add(const Described& described, const std::string& path) {
    for (size_t part = 0; part < described.parts; ++part) places_.push_back({recordings_.size(), part});
    recordings_.push_back({described, path});
  }
  size_t size() const override { return places_.size(); }
  std::any at(size_t i) const override {
    const Place& place = places_.at(i);
    const Recording& recording = recordings_[place.recording];
    return work_.item(recording.described, recording.path, place.part);
  }

 private:
  struct Recording {
    Described described;
    std::string path;
  };
  struct Place {
    size_t recording;
    size_t part;
  };
  Work work_;
  std::vector<Recording> recordings_;
  std::vector<Place> places_;
};

/// Rows that are described together stand in one matrix in the order of the corpus, so that a table of just these
/// recordings shares it. Recordings of several rows, or of other columns than the rest, keep their own.
class Together {
 public:
  explicit Together(std::vector<int> rows) : rows_(std::move(rows)), moved_(rows_.size()) {
    std::sort(rows_.begin(), rows_.end());
  }
  /// Takes the numbers of a recording, where it is one of these. From any thread.
  void take(int row, Described& one) {
    const auto at = std::lower_bound(rows_.begin(), rows_.end(), row);
    if (at == rows_.end() || *at != row || one.parts != 1 || !one.names) return;
    std::call_once(begun_, [&] {
      names_ = one.names;
      numbers_ = Matrix(rows_.size(), one.rows->columns);
    });
    if (one.names != names_) return;
    const auto i = static_cast<size_t>(at - rows_.begin());
    const auto numbers = one.rows->row(one.first_row);
    std::copy(numbers.begin(), numbers.end(), numbers_.row(i).begin());
    one.rows = nullptr;
    moved_[i] = true;
  }
  /// Tells every recording where its numbers are. Rows without numbers leave no gap.
  void finish(std::vector<Described>& described) {
    std::vector<int> filled;
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (!moved_[i]) continue;
      const auto from = numbers_.row(i);
      if (i > filled.size()) std::copy(from.begin(), from.end(), numbers_.row(filled.size()).begin());
      filled.push_back(rows_[i]);
    }
    numbers_.rows = filled.size();
    numbers_.values.resize(numbers_.rows * numbers_.columns);
    const auto shared = std::make_shared<const Matrix>(std::move(numbers_));
    for (size_t i = 0; i < filled.size(); ++i) {
      Described& one = described[static_cast<size_t>(filled[i])];
      one.rows = shared;
      one.first_row = i;
    }
  }

 private:
  std::vector<int> rows_;
  std::vector<char> moved_;  // not bool: threads write neighbours
  std::once_flag begun_;
  NamesPtr names_;
  Matrix numbers_;
};

/// The rows of `all` that are in `some`, or those that are not.
std::vector<int> part_of(const std::vector<int>& all, std::vector<int> some, bool in) {
  std::sort(some.begin(), some.end());
  std::vector<int> part;
  std::copy_if(all.begin(), all.end(), std::back_inserter(part),
               [&](int row) { return std::binary_search(some.begin(), some.end(), row) == in; });
  return part;
}

uintmax_t bytes_of(const std::string& path) {
  std::error_code problem;
  const uintmax_t bytes = std::filesystem::file_size(path, problem);
  return problem ? 0 : bytes;
}

/// Large files first; files of one size in the order of their rows.
void sort_longest_first(std::vector<int>& rows, const std::vector<std::string>& paths) {
  std::vector<uintmax_t> bytes(paths.size());
  for (const int row : rows) bytes[static_cast<size_t>(row)] = bytes_of(paths[static_cast<size_t>(row)]);
  std::stable_sort(rows.begin(), rows.end(),
                   [&](int a, int b) { return bytes[static_cast<size_t>(a)] > bytes[static_cast<size_t>(b)]; });
}

/// One line for each row that a step failed for, then how many there are.
void warn_about_failed(std::vector<int> rows, const std::vector<Described>& described, const std::string& unit) {
  std::sort(rows.begin(), rows.end());
  size_t failed = 0;
  for (const int row : rows) {
    const Described& one = described[static_cast<size_t>(row)];
    if (!one.failed()) continue;
    observer().warn(one.reason);
    ++failed;
  }
  if (failed > 0)
    observer().warn(count_of(failed, unit) + " of " + std::to_string(rows.size()) + " left out, listed above");
}

/// What goes wrong with every recording in the same words is no recording's fault (a chain that does not fit together):
/// thrown, and forgotten, so that the next pass tries again.
void throw_what_all_share(const std::vector<int>& rows, std::vector<Described>& described) {
  const Described& first = described[static_cast<size_t>(rows.front())];
  for (const int row : rows) {
    const Described& one = described[static_cast<size_t>(row)];
    if (one.alike.empty() || one.alike != first.alike) return;
  }
  const std::exception_ptr problem = first.problem;
  for (const int row : rows) described[static_cast<size_t>(row)] = {};
  std::rethrow_exception(problem);
}

}  // namespace

std::vector<int> Dataset::rows_to_describe(const std::vector<Described>& described) const {
  std::vector<int> rows;
  for (const int row : pass_.empty() ? rows_ : pass_) {
    if (!described[static_cast<size_t>(row)].done()) rows.push_back(row);
  }
  return rows;
}

std::vector<Described>& Dataset::describe_pass(uint64_t epoch) const {
  const Work work(chain_, epoch);
  auto& described = source_->described[work.key()];
  described.resize(corpus().rows.size());
  std::vector<int> missing = rows_to_describe(described);
  if (missing.empty()) return described;

  const size_t path = column_index("path");
  std::vector<std::string> paths;
  for (const auto& row : corpus().rows) paths.push_back(row[path]);
  sort_longest_first(missing, paths);
  Together asked(part_of(missing, rows_, true)), beside(part_of(missing, rows_, false));  // both sides of a split
  const auto finish = [&] {
    asked.finish(described);
    beside.finish(described);
    cache().flush();
  };
  try {
    parallel_for("describe", missing.size(), unit(), work.batch_size(), [&](size_t first, size_t last) {
      std::vector<std::string> batch;
      for (size_t i = first; i < last; ++i) batch.push_back(paths[static_cast<size_t>(missing[i])]);
      std::vector<Described> done = work.describe(batch);
      for (size_t i = first; i < last; ++i) {
        asked.take(missing[i], done[i - first]);
        beside.take(missing[i], done[i - first]);
        described[static_cast<size_t>(missing[i])] = std::move(done[i - first]);
      }
    });
  } catch (...) {
    finish();
    throw;
  }
  finish();
  throw_what_all_share(pass_.empty() ? rows_ : pass_, described);
  warn_about_failed(missing, described, unit());
  return described;
}

Table Dataset::table(uint64_t epoch) const {
  if (!chain_) {
    throw ArgumentError("table: nothing to describe the " + unit() + " with (songs:map(chain) says what to compute)");
  }
  const std::lock_guard lock(source_->describing);
  auto& described = describe_pass(epoch);
  const auto ids = column("id");
  const auto paths = column("path");
  Table table;
  std::vector<int> readable;   // a recording stands here once for each of its rows
  std::vector<size_t> pieces;  // which of its recording's rows each is
  auto items = std::make_shared<DescribedItems>(chain_, epoch);
  for (size_t i = 0; i < size(); ++i) {
    const Described& result = described[static_cast<size_t>(rows_[i])];
    if (result.failed()) {
      table.skipped.push_back({ids[i], paths[i], result.reason});
      continue;
    }
    for (size_t piece = 0; piece < result.parts; ++piece) {
      readable.push_back(static_cast<int>(i));
      pieces.push_back(piece);
    }
    if (result.is_items()) items->add(result, paths[i]);
  }
  if (readable.empty()) {
    const std::string first = table.skipped.empty() ? "" : "; the first: " + table.skipped.front().reason;
    throw Error(root() + ": none of " + count_of(size(), unit()) + " could be read" + first);
  }
  if (items->size() > 0) table.items = items;
  fill_rows(table, take(readable), pieces, described);
  table.songs = std::make_shared<const Dataset>(*this);
  table.song = readable;
  return table;
}

/// The numbers of recordings (rows of the corpus), which from then on stand where the table has them.
SharedMatrix Dataset::numbers_of(const std::vector<int>& recordings, size_t columns,
                                 std::vector<Described>& described) {
  const auto& matrix = described[static_cast<size_t>(recordings.front())].rows;
  size_t rows = 0;
  bool together = true;
  for (const int row : recordings) {
    const Described& one = described[static_cast<size_t>(row)];
    together &= one.rows == matrix && one.first_row == rows;
    rows += one.parts;
  }
  if (together && rows == matrix->rows) return matrix;
  Matrix copies(rows, columns);
  auto at = copies.values.begin();
  for (const int row : recordings) {
    const Described& one = described[static_cast<size_t>(row)];
    const auto from = one.rows->values.begin() + static_cast<ptrdiff_t>(one.first_row * columns);
    at = std::copy_n(from, one.parts * columns, at);
  }
  const auto shared = std::make_shared<const Matrix>(std::move(copies));
  rows = 0;
  for (const int row : recordings) {
    Described& one = described[static_cast<size_t>(row)];
    one.rows = shared;
    one.first_row = rows;
    rows += one.parts;
  }
  return shared;
}

void Dataset::fill_rows(Table& table, const Dataset& kept, const std::vector<size_t>& pieces,
                        std::vector<Described>& described) {
  table.ids = kept.column("id");
  table.recordings = table.ids;
  table.paths = kept.column("path");
  const auto recording = [&](size_t i) -> const Described& { return described[static_cast<size_t>(kept.rows_[i])]; };
  if (!table.items) table.columns = recording(0).names->list;
  std::vector<int> recordings;
  for (size_t i = 0; i < kept.size(); ++i) {
    const Described& one = recording(i);
    if (one.is_items() != (table.items != nullptr)) {
      throw Error(table.paths[i] + ": not of the kind that other recordings give");
    }
    if (one.names != recording(0).names) {
      throw Error(table.paths[i] + ": " + count_of(one.names->list.size(), "columns") + ", not those of " +
                  table.paths[0]);
    }
    if (one.parts > 1) table.ids[i] += "#" + std::to_string(pieces[i] + 1);
    if (pieces[i] == 0) recordings.push_back(kept.rows_[i]);
  }
  if (!table.items) table.x = numbers_of(recordings, table.columns.size(), described);
  table.set_labels(kept);
  table.group = kept.default_group();
  table.groups = kept.groups(table.group);
  for (const auto& level : kept.levels()) table.levels[level] = kept.groups(level);
  table.chain = kept.chain();
  table.name = kept.name();
  table.synthetic = kept.synthetic();
  table.leak = kept.leak();
}

}  // namespace lumir::data
