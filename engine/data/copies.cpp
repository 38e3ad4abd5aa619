// Finding copies: files of the same bytes, and recordings that sound the same.
//
// A fingerprint takes a decode of the first two minutes, so it is kept in the cache under the content of its file;
// so is the answer for a set of files. A second run reads one entry.

#include <algorithm>
#include <map>
#include <optional>

#include "audio/decode.h"
#include "audio/fingerprint.h"
#include "core/cache.h"
#include "core/interrupt.h"
#include "core/parallel.h"
#include "core/registry.h"
#include "data/audit.h"
#include "data/words.h"

namespace lumir::data {
namespace {

/// The first file of each content.
using Contents = std::map<std::string, std::string>;

/// Content of each file; empty where it cannot be read.
std::vector<std::string> contents_of(const std::vector<std::string>& paths) {
  std::vector<std::string> contents(paths.size());
  parallel_for(paths.size(), [&](size_t i) {
    try {
      contents[i] = content_hash(paths[i]);
    } catch (const Error&) {
      contents[i].clear();
    }
  });
  return contents;
}

/// What a fingerprint and the search depend on besides the content.
std::string method() {
  return source_hash("engine/audio/fingerprint.cpp") + source_hash("engine/audio/same_sound.cpp") +
         source_hash("engine/audio/decode.cpp");
}

/// Nothing where the file cannot be decoded: describing it will say why.
std::optional<audio::Fingerprint> listen(const std::string& path) {
  try {
    const auto heard = audio::decode(path, {.rate = audio::kFingerprintRate, .duration = audio::kFingerprintSeconds});
    return audio::fingerprint(heard.clip);
  } catch (const Interrupted&) {
    throw;
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// Same sounds among different contents, as pairs of contents.
struct Answer {
  std::vector<std::pair<std::string, std::string>> pairs;
  size_t unheard = 0;
};

std::string to_bytes(const Answer& answer) {
  std::string bytes = std::to_string(answer.unheard) + "\n";
  for (const auto& [first, second] : answer.pairs) bytes += first + second + "\n";
  return bytes;
}

Answer answer_from(const std::string& bytes) {
  Answer answer;
  size_t at = bytes.find('\n') + 1;
  answer.unheard = std::stoul(bytes);
  for (; at + 129 <= bytes.size(); at += 129)
    answer.pairs.emplace_back(bytes.substr(at, 64), bytes.substr(at + 64, 64));
  return answer;
}

std::vector<std::optional<audio::Fingerprint>> fingerprints_of(const Contents& contents, const std::string& unit) {
  const std::string key = "fingerprint " + method();
  std::vector<Contents::const_iterator> files;
  for (auto at = contents.begin(); at != contents.end(); ++at) files.push_back(at);
  std::vector<std::optional<audio::Fingerprint>> prints(files.size());
  parallel_for(files.size(), [&](size_t i) {
    if (const auto known = cache().get(key + files[i]->first)) prints[i] = audio::fingerprint_from(*known);
  });
  std::vector<size_t> missing;
  for (size_t i = 0; i < files.size(); ++i) {
    if (!prints[i]) missing.push_back(i);
  }
  if (missing.empty()) return prints;
  parallel_for("listen", missing.size(), unit, [&](size_t k) {
    const size_t i = missing[k];
    prints[i] = listen(files[i]->second);
    if (prints[i]) cache().put(key + files[i]->first, audio::to_bytes(*prints[i]));
  });
  return prints;
}

Answer compare_sounds(const Contents& contents, const std::string& unit) {
  std::string key = "same sounds " + method();
  for (const auto& [content, path] : contents) key += content;
  if (const auto known = cache().get(key)) return answer_from(*known);

  Answer answer;
  std::vector<audio::Fingerprint> prints;
  for (auto& print : fingerprints_of(contents, unit)) {
    if (!print) ++answer.unheard;
    prints.push_back(print ? std::move(*print) : audio::Fingerprint{});
  }
  std::vector<std::string> names;
  for (const auto& [content, path] : contents) names.push_back(content);
  for (const auto& same : audio::find_same_sounds(prints)) {
    answer.pairs.emplace_back(names[same.first], names[same.second]);
  }
  cache().put(key, to_bytes(answer));
  return answer;
}

}  // namespace

Copies find_copies(const std::vector<std::string>& paths, const std::string& unit) {
  const auto contents = contents_of(paths);
  Copies copies;
  Contents first;
  std::map<std::string, std::vector<std::string>> paths_of;  // by content
  for (size_t i = 0; i < paths.size(); ++i) {
    if (contents[i].empty()) {
      ++copies.unheard;
      continue;
    }
    first.emplace(contents[i], paths[i]);
    auto& same = paths_of[contents[i]];
    for (const auto& other : same) copies.found.push_back({"file", other, paths[i]});
    same.push_back(paths[i]);
  }
  const Answer answer = compare_sounds(first, unit);
  copies.unheard += answer.unheard;
  for (const auto& [one, other] : answer.pairs) {
    for (const auto& left : paths_of.at(one)) {
      for (const auto& right : paths_of.at(other)) copies.found.push_back({"recording", left, right});
    }
  }
  return copies;
}

std::vector<Copy> copies_between(const Dataset& one, const Dataset& other) {
  if (!one.has_sound() || !other.has_sound()) return {};
  const auto left = distinct(one.column("path")), right = distinct(other.column("path"));
  std::vector<std::string> paths = left;
  paths.insert(paths.end(), right.begin(), right.end());
  const auto has = [](const auto& sorted, const auto& path) {
    return std::binary_search(sorted.begin(), sorted.end(), path);
  };
  std::vector<Copy> found;
  for (const auto& path : right) {
    if (has(left, path)) found.push_back({"file", path, path});
  }
  for (const auto& copy : find_copies(distinct(paths), one.unit()).found) {
    if (has(left, copy.first) && has(right, copy.second)) found.push_back(copy);
    if (has(left, copy.second) && has(right, copy.first)) found.push_back({copy.kind, copy.second, copy.first});
  }
  return found;
}

}  // namespace lumir::data
