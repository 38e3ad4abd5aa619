// See places.h.

#include "data/places.h"

#include <algorithm>
#include <system_error>

#include "core/error.h"

namespace lumir::data {

namespace fs = std::filesystem;

bool is_folder(const fs::path& path) {
  std::error_code problem;
  return fs::is_directory(path, problem);
}

bool is_file(const fs::path& path) {
  std::error_code problem;
  return fs::is_regular_file(path, problem);
}

std::vector<fs::path> places_in_root(const std::string& root) {
  std::vector<fs::path> found;
  std::error_code problem;
  for (fs::directory_iterator at(root, problem), end; !problem && at != end; at.increment(problem)) {
    if (is_folder(at->path())) found.push_back(at->path());
  }
  std::sort(found.begin(), found.end());
  found.insert(found.begin(), root);
  return found;
}

void require_there(const std::string& root) {
  std::error_code problem;
  if (!fs::exists(root, problem)) throw Error(root + ": no such folder");
}

fs::path folder_below(const std::string& root, std::initializer_list<const char*> names) {
  for (const auto& place : places_in_root(root)) {
    for (const char* name : names) {
      if (is_folder(place / name)) return place / name;
    }
  }
  return root;
}

fs::path folder_above(const fs::path& folder) {
  const fs::path plain = (folder / "").lexically_normal().parent_path();
  const fs::path name = plain.filename();
  return name.empty() || name == "." || name == ".." ? folder / ".." : plain.parent_path() / "";
}

}  // namespace lumir::data
