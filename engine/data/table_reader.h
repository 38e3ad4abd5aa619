// Tables from files: formats (csv, npy, npz) and published tables (GTZAN's, FMA's) by name. One file each; a new one
// needs no edit elsewhere.
//
//   const RegisterTable<GtzanFeatures> gtzan_features{"gtzan_features", read_gtzan_features, {.summary = ...}};

#pragma once

#include <functional>
#include <source_location>
#include <string>
#include <vector>

#include "core/registry.h"
#include "data/table.h"

namespace lumir::data {

using TableReader = std::function<Table(const std::string& path, const Map& options)>;
void register_table(const Entry& entry, TableReader reader);

/// True where `name` ("csv", "gtzan_features") is a kind of table.
bool is_table_format(const std::string& name);
/// Reads one by name: `open_table("csv", "table.csv", {{"label", "genre"}})`. Throws ArgumentError for an unknown name or
/// option, Error with the path for a file that does not fit.
Table open_table(const std::string& name, const std::string& path, const Map& options = {});

template <class Options>
struct RegisterTable {
  RegisterTable(const char* name, Table (*read)(const std::string& path, const Options&), Words words,
                std::source_location where = std::source_location::current()) {
    const Entry& entry = register_entry(
        "data", name, std::move(words),
        with_arguments({{"path", "text", "a file or a folder that holds it, or a sample"}}, schema_of<Options>()),
        where);
    register_table(entry, [&entry, read](const std::string& path, const Map& options) {
      return read(path, read_options<Options>(options, entry.name));
    });
  }
};

/// A table of numbers whose rows are those of `rows`, in the same order: `rows` says what each is called, its label, what
/// it belongs to, and any other words.
Table table_of(Corpus rows, SharedMatrix numbers, std::vector<std::string> columns);

}  // namespace lumir::data
