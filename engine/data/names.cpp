// Lists of names, each once.

#include "data/names.h"

#include <algorithm>
#include <mutex>

#include "core/cache.h"
#include "core/error.h"
#include "core/hash.h"

namespace lumir::data {
namespace {

struct Known {
  std::mutex guard;
  std::vector<std::weak_ptr<const Names>> lists;  // few: one for each chain

  template <class Test>
  NamesPtr find(Test test) {
    std::erase_if(lists, [](const auto& list) { return list.expired(); });
    for (const auto& list : lists) {
      if (NamesPtr names = list.lock(); names && test(*names)) return names;
    }
    return nullptr;
  }
  NamesPtr add(std::vector<std::string> list, std::string id) {
    const auto names = std::make_shared<const Names>(Names{std::move(list), std::move(id)});
    lists.push_back(names);
    return names;
  }
};
Known& known() {
  static Known all;
  return all;
}

/// Names may hold any byte, so each has its length before it.
std::string to_bytes(const std::vector<std::string>& list) {
  std::string bytes;
  for (const auto& name : list) bytes += std::to_string(name.size()) + " " + name;
  return bytes;
}

std::vector<std::string> from_bytes(const std::string& bytes) {
  std::vector<std::string> list;
  for (size_t at = 0; at < bytes.size();) {
    size_t digits = 0;
    const size_t length = std::stoul(bytes.substr(at, 20), &digits);
    list.push_back(bytes.substr(at + digits + 1, length));
    at += digits + 1 + length;
  }
  return list;
}

std::string key_of(const std::string& id) { return "names " + id; }

}  // namespace

NamesPtr shared_names(const std::vector<std::string>& list) {
  const std::lock_guard lock(known().guard);
  if (auto names = known().find([&](const Names& one) { return one.list == list; })) return names;
  return known().add(list, sha256(to_bytes(list)));
}

void keep_names(const Names& names) {
  if (!cache().get(key_of(names.id))) cache().put(key_of(names.id), to_bytes(names.list));
}

NamesPtr names_of(const std::string& id) {
  const std::lock_guard lock(known().guard);
  if (auto names = known().find([&](const Names& one) { return one.id == id; })) return names;
  const auto kept = cache().get(key_of(id));
  if (!kept || sha256(*kept) != id) return nullptr;
  return known().add(from_bytes(*kept), id);
}

}  // namespace lumir::data
