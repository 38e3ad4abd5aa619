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

/// The number of names, the names, one a line, then the values of each row as they stand in memory.
std::string to_bytes(const std::vector<Description>& rows) {
  std::string bytes = std::to_string(rows[0].names.size()) + "\n";
  for (const auto& name : rows[0].names) bytes += name + "\n";
  for (const auto& row : rows) {
    bytes.append(reinterpret_cast<const char*>(row.values.data()), row.values.size() * sizeof(double));
  }
  return bytes;
}

/// None where the bytes are none.
std::vector<Description> descriptions_from(std::string_view bytes) {
  const auto line = [&bytes] {
    const size_t end = std::min(bytes.find('\n'), bytes.size());
    const std::string text(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    return text;
  };
  Description row;
  row.names.resize(std::strtoull(line().c_str(), nullptr, 10));
  for (auto& name : row.names) name = line();
  row.values.resize(row.names.size());
  const size_t size = row.names.size() * sizeof(double);
  if (size == 0 || bytes.size() % size != 0) return {};
  std::vector<Description> rows;
  for (; !bytes.empty(); bytes.remove_prefix(size)) {
    std::memcpy(row.values.data(), bytes.data(), size);
    rows.push_back(row);
  }
  return rows;
}

Description row_from(std::any& result) {
  if (auto* row = std::any_cast<Description>(&result)) return std::move(*row);
  throw ArgumentError("table: the chain ends in " + kind_of(result) +
                      ", and a table needs one row for each recording (end the chain with feature.summary)");
}

/// One row for each recording, or for each of the excerpts or copies that the chain makes of it.
std::vector<Description> compute(const Step& chain, const std::string& path) {
  std::any result = chain.apply(std::any(path));
  auto* several = std::any_cast<Several>(&result);
  if (!several) return {row_from(result)};
  std::vector<Description> rows;
  for (auto& one : *several) rows.push_back(row_from(one));
  if (rows.empty()) throw Error(path + ": too short for one excerpt");
  return rows;
}

std::vector<Description> compute_or_recall(const Step& chain, const std::string& chain_key, const std::string& path) {
  const std::string key = "describe " + chain_key + "\n" + content_hash(path);
  if (const auto known = cache().get(key)) {
    auto rows = descriptions_from(*known);
    if (!rows.empty()) return rows;
  }
  std::vector<Description> rows = compute(chain, path);
  cache().put(key, to_bytes(rows));
  return rows;
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
    return {{}, reason.starts_with(path) ? reason : path + ": " + reason};
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
  std::vector<int> readable;  // a recording stands here once for each of its rows
  for (size_t i = 0; i < size(); ++i) {
    const Described& result = described[static_cast<size_t>(rows_[i])];
    if (!result.rows.empty()) {
      readable.insert(readable.end(), result.rows.size(), static_cast<int>(i));
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
  std::vector<size_t> pieces;  // which of its recording's rows each row is
  for (size_t i = 0; i < kept.size(); ++i) {
    const bool same = i > 0 && kept.rows_[i] == kept.rows_[i - 1] &&
                      pieces.back() + 1 < described[static_cast<size_t>(kept.rows_[i])].rows.size();
    pieces.push_back(same ? pieces.back() + 1 : 0);
  }
  const auto row_of = [&](size_t i) -> const Description& {
    return described[static_cast<size_t>(kept.rows_[i])].rows[pieces[i]];
  };
  table.columns = row_of(0).names;
  table.x = Matrix(kept.size(), table.columns.size());
  table.ids = kept.column("id");
  table.recordings = table.ids;
  table.paths = kept.column("path");
  for (size_t i = 0; i < kept.size(); ++i) {
    if (row_of(i).names != table.columns) {
      throw Error(table.paths[i] + ": " + count_of(row_of(i).names.size(), "columns") + ", not those of " +
                  table.paths[0]);
    }
    std::copy(row_of(i).values.begin(), row_of(i).values.end(), table.x.row(i).begin());
    if (described[static_cast<size_t>(kept.rows_[i])].rows.size() > 1) {
      table.ids[i] += "#" + std::to_string(pieces[i] + 1);
    }
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
