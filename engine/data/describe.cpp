// Describing: every file through the chain, on every core, once.
//
// A result is kept for this process and on disk for the next, under the key of the chain and the content of the file.
// Both sides of a split are described in one pass, longest file first, so that no core waits at the end.

#include <algorithm>
#include <filesystem>

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
  explicit DescribedItems(Work work) : work_(std::move(work)) {}
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

const std::vector<Described>& Dataset::describe_pass(uint64_t epoch) const {
  const Work work(chain_, epoch);
  const std::lock_guard lock(source_->describing);
  auto& described = source_->described[work.key()];
  described.resize(corpus().rows.size());
  std::vector<int> missing = rows_to_describe(described);
  if (missing.empty()) return described;

  const size_t path = column_index("path");
  std::vector<std::string> paths;
  for (const auto& row : corpus().rows) paths.push_back(row[path]);
  sort_longest_first(missing, paths);
  parallel_for("describe", missing.size(), unit(), work.batch_size(), [&](size_t first, size_t last) {
    std::vector<std::string> batch;
    for (size_t i = first; i < last; ++i) batch.push_back(paths[static_cast<size_t>(missing[i])]);
    std::vector<Described> done = work.describe(batch);
    for (size_t i = first; i < last; ++i) described[static_cast<size_t>(missing[i])] = std::move(done[i - first]);
  });
  throw_what_all_share(pass_.empty() ? rows_ : pass_, described);
  warn_about_failed(missing, described, unit());
  return described;
}

Table Dataset::table(uint64_t epoch) const {
  if (!chain_) {
    throw ArgumentError("table: nothing to describe the " + unit() + " with (songs:map(chain) says what to compute)");
  }
  const auto& described = describe_pass(epoch);
  const auto ids = column("id");
  const auto paths = column("path");
  Table table;
  std::vector<int> readable;   // a recording stands here once for each of its rows
  std::vector<size_t> pieces;  // which of its recording's rows each is
  auto items = std::make_shared<DescribedItems>(Work(chain_, epoch));
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

void Dataset::fill_rows(Table& table, const Dataset& kept, const std::vector<size_t>& pieces,
                        const std::vector<Described>& described) {
  table.ids = kept.column("id");
  table.recordings = table.ids;
  table.paths = kept.column("path");
  const auto recording = [&](size_t i) -> const Described& { return described[static_cast<size_t>(kept.rows_[i])]; };
  const auto check = [&](size_t i) {
    if (recording(i).rows.size() == (table.items ? 0 : recording(i).parts)) return;
    throw Error(table.paths[i] + ": not of the kind that other recordings give");
  };
  if (!table.items) {
    table.columns = recording(0).rows[0].names;
    table.x = Matrix(kept.size(), table.columns.size());
  }
  for (size_t i = 0; i < kept.size(); ++i) {
    check(i);
    if (recording(i).parts > 1) table.ids[i] += "#" + std::to_string(pieces[i] + 1);
    if (table.items) continue;
    const feature::Description& row = recording(i).rows[pieces[i]];
    if (row.names != table.columns) {
      throw Error(table.paths[i] + ": " + count_of(row.names.size(), "columns") + ", not those of " + table.paths[0]);
    }
    std::copy(row.values.begin(), row.values.end(), table.x.row(i).begin());
  }
  table.classes = kept.classes();
  table.y = places_of(kept.labels(), table.classes);
  table.group = kept.default_group();
  table.groups = kept.groups(table.group);
  for (const auto& level : kept.levels()) table.levels[level] = kept.groups(level);
  table.chain = kept.chain();
  table.label = kept.label();
  table.name = kept.name();
  table.synthetic = kept.synthetic();
  table.leak = kept.leak();
}

}  // namespace lumir::data
