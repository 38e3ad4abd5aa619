// Describing: every file through the chain, on every core, once.
//
// A result is kept in memory for this process and on disk for the next, under the key of the chain and the
// content of the file. Both sides of a split are described in one pass, longest file first, so that no core
// waits at the end.

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <numeric>

#include "core/cache.h"
#include "core/observer.h"
#include "core/parallel.h"
#include "data/source.h"
#include "data/table.h"
#include "data/words.h"

namespace lumir::data {
namespace {

using feature::Description;

/// The number of names, the names, one a line, then the values as they stand in memory.
std::string to_bytes(const Description& row) {
  std::string bytes = std::to_string(row.names.size()) + "\n";
  for (const auto& name : row.names) bytes += name + "\n";
  bytes.append(reinterpret_cast<const char*>(row.values.data()), row.values.size() * sizeof(double));
  return bytes;
}

std::optional<Description> description_from(std::string_view bytes) {
  const auto line = [&bytes] {
    const size_t end = std::min(bytes.find('\n'), bytes.size());
    const std::string text(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    return text;
  };
  Description row;
  row.names.resize(std::strtoull(line().c_str(), nullptr, 10));
  for (auto& name : row.names) name = line();
  if (bytes.size() != row.names.size() * sizeof(double)) return std::nullopt;
  row.values.resize(row.names.size());
  std::memcpy(row.values.data(), bytes.data(), bytes.size());
  return row;
}

Description compute(const Step& chain, const std::string& path) {
  std::any result = chain.apply(std::any(path));
  if (auto* row = std::any_cast<Description>(&result)) return std::move(*row);
  throw ArgumentError("table: the chain ends in " + kind_of(result) +
                      ", and a table needs one row for each recording (end the chain with feature.summary)");
}

Description compute_or_recall(const Step& chain, const std::string& chain_key, const std::string& path) {
  const std::string key = "describe " + chain_key + "\n" + content_hash(path);
  if (const auto known = cache().get(key)) {
    if (auto row = description_from(*known)) return std::move(*row);
  }
  Description row = compute(chain, path);
  cache().put(key, to_bytes(row));
  return row;
}

/// The user's mistake and Ctrl-C end the pass; a file that cannot be read only loses its row.
Described describe(const Step& chain, const std::string& chain_key, const std::string& path) {
  try {
    return {compute_or_recall(chain, chain_key, path), ""};
  } catch (const ArgumentError&) {
    throw;
  } catch (const Interrupted&) {
    throw;
  } catch (const Error& problem) {
    const std::string reason = problem.what();
    return {std::nullopt, reason.starts_with(path) ? reason : path + ": " + reason};
  }
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

/// One line for each row without a description, then how many there are.
void warn_about_unreadable(std::vector<int> rows, const std::vector<Described>& described, const std::string& unit) {
  std::sort(rows.begin(), rows.end());
  size_t missing = 0;
  for (const int row : rows) {
    const auto& reason = described[static_cast<size_t>(row)].reason;
    if (reason.empty()) continue;
    observer().warn(reason);
    ++missing;
  }
  if (missing > 0)
    observer().warn(count_of(missing, unit) + " of " + std::to_string(rows.size()) + " left out, listed above");
}

}  // namespace

const std::vector<Described>& Dataset::describe_pass() const {
  const std::string chain_key = chain_->key();
  const std::lock_guard lock(source_->describing);
  auto& described = source_->described[chain_key];
  described.resize(corpus().rows.size());
  std::vector<int> missing;
  for (const int row : pass_.empty() ? rows_ : pass_) {
    if (!described[static_cast<size_t>(row)].done()) missing.push_back(row);
  }
  if (missing.empty()) return described;

  const size_t path = column_index("path");
  std::vector<std::string> paths;
  for (const auto& row : corpus().rows) paths.push_back(row[path]);
  sort_longest_first(missing, paths);
  parallel_for("describe", missing.size(), unit(), [&](size_t i) {
    const auto row = static_cast<size_t>(missing[i]);
    described[row] = describe(*chain_, chain_key, paths[row]);
  });
  warn_about_unreadable(missing, described, unit());
  return described;
}

Table Dataset::table() const {
  if (!chain_) {
    throw ArgumentError("table: nothing to describe the " + unit() + " with (songs:map(chain) says what to compute)");
  }
  const auto& described = describe_pass();
  const auto ids = column("id");
  const auto paths = column("path");
  Table table;
  std::vector<int> readable;
  for (size_t i = 0; i < size(); ++i) {
    const Described& result = described[static_cast<size_t>(rows_[i])];
    if (result.row) {
      readable.push_back(static_cast<int>(i));
    } else {
      table.skipped.push_back({ids[i], paths[i], result.reason});
    }
  }
  if (readable.empty()) {
    const std::string first = table.skipped.empty() ? "" : "; the first: " + table.skipped.front().reason;
    throw Error(root() + ": none of " + count_of(size(), unit()) + " could be read" + first);
  }
  fill_rows(table, take(readable), described);
  return table;
}

void Dataset::fill_rows(Table& table, const Dataset& kept, const std::vector<Described>& described) {
  const auto row_of = [&](size_t i) -> const Description& {
    return *described[static_cast<size_t>(kept.rows_[i])].row;
  };
  table.columns = row_of(0).names;
  table.x = Matrix(kept.size(), table.columns.size());
  table.ids = kept.column("id");
  table.paths = kept.column("path");
  for (size_t i = 0; i < kept.size(); ++i) {
    if (row_of(i).names != table.columns) {
      throw Error(table.paths[i] + ": " + count_of(row_of(i).names.size(), "columns") + ", not those of " +
                  table.paths[0]);
    }
    std::copy(row_of(i).values.begin(), row_of(i).values.end(), table.x.row(i).begin());
  }
  table.classes = kept.classes();
  for (const auto& word : kept.labels()) {
    const auto at = std::lower_bound(table.classes.begin(), table.classes.end(), word);
    table.y.push_back(static_cast<int>(at - table.classes.begin()));
  }
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
