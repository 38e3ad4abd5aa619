// The file of a cache's small entries, as another program would open it.

#pragma once

#include <stdexcept>
#include <string>

#include <sqlite3.h>

namespace lumir::tests {

inline std::string store_file(const std::string& cache_folder) { return cache_folder + "/small/1.sqlite"; }

/// Runs SQL on it; the first number that it answers.
inline long in_store(const std::string& cache_folder, const std::string& sql) {
  sqlite3* handle = nullptr;
  long answer = 0;
  const auto take = [](void* into, int, char** values, char**) {
    *static_cast<long*>(into) = values[0] ? std::stol(values[0]) : 0;
    return 0;
  };
  sqlite3_open(store_file(cache_folder).c_str(), &handle);
  sqlite3_busy_timeout(handle, 5000);
  const int code = sqlite3_exec(handle, sql.c_str(), take, &answer, nullptr);
  sqlite3_close(handle);
  if (code != SQLITE_OK) throw std::runtime_error(sql + ": " + sqlite3_errstr(code));
  return answer;
}

}  // namespace lumir::tests
