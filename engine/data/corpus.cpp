// Corpora by name.

#include "data/corpus.h"

#include <map>

namespace lumir::data {
namespace {

struct Known {
  const Entry* entry;
  CorpusReader read;
};

std::map<std::string, Known>& readers() {
  static std::map<std::string, Known> all;
  return all;
}

}  // namespace

void register_corpus(const Entry& entry, CorpusReader reader) { readers()[entry.name] = {&entry, std::move(reader)}; }

bool is_corpus(const std::string& name) { return readers().contains(name); }

Dataset open_corpus(const std::string& name, const std::string& root, const Map& options) {
  const auto found = readers().find(name);
  if (found != readers().end()) return found->second.read(root, options);
  std::vector<std::string> names;
  for (const auto& [known, reader] : readers()) names.push_back(known);
  throw ArgumentError("data: no corpus is called '" + name + "'" + did_you_mean(name, names));
}

}  // namespace lumir::data
