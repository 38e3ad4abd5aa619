// Layouts and known corpora: how folders become a Dataset. One file each; a new one needs no edit elsewhere.

#pragma once

#include <functional>
#include <source_location>
#include <string>
#include <vector>

#include "core/registry.h"
#include "data/dataset.h"

namespace lumir::data {

using CorpusReader = std::function<Dataset(const std::string& root, const Map& options)>;
void register_corpus(const Entry& entry, CorpusReader reader);

/// True where `name` ("artist20") is a layout or a known corpus.
bool is_corpus(const std::string& name);
/// Reads one by name: `open_corpus("artist20", "/music/artist20", {})`. Throws ArgumentError for an unknown
/// name or option, Error with the path for a folder that does not fit.
Dataset open_corpus(const std::string& name, const std::string& root, const Map& options = {});

/// Registers a function of a folder and an options struct:
/// `const RegisterCorpus<FolderOptions> folder{"folder", read_folder, {.summary = ...}};`
template <class Options>
struct RegisterCorpus {
  RegisterCorpus(const char* name, Dataset (*read)(const std::string& root, const Options&), Words words,
                 std::source_location where = std::source_location::current()) {
    const Entry& entry =
        register_entry("data", name, std::move(words),
                       with_arguments({{"root", "text", "its folder, or a sample"}}, schema_of<Options>()), where);
    register_corpus(entry, [&entry, read](const std::string& root, const Map& options) {
      return read(root, read_options<Options>(options, entry.name));
    });
  }
};

}  // namespace lumir::data
