// Finding copies: files of the same bytes, and recordings that sound the same.

#include <map>

#include "core/cache.h"
#include "core/interrupt.h"
#include "core/parallel.h"
#include "data/audit.h"

namespace lumir::data {
namespace {

/// Content of each file; empty where it cannot be read.
std::vector<std::string> contents_of(const std::vector<std::string>& paths) {
  std::vector<std::string> contents(paths.size());
  parallel_for(paths.size(), [&](size_t i) {
    try {
      contents[i] = content_hash(paths[i]);
    } catch (const Interrupted&) {
      throw;
    } catch (const Error&) {
      contents[i].clear();
    }
  });
  return contents;
}

}  // namespace

Copies find_copies(const Dataset& songs) {
  const auto paths = songs.column("path");
  const auto contents = contents_of(paths);
  Copies copies;
  std::map<std::string, size_t> first;
  for (size_t i = 0; i < paths.size(); ++i) {
    if (contents[i].empty()) {
      ++copies.unheard;
      continue;
    }
    const auto [known, is_new] = first.emplace(contents[i], i);
    if (!is_new) copies.found.push_back({"file", paths[known->second], paths[i]});
  }
  return copies;
}

}  // namespace lumir::data
