// Worker threads: independent pieces of work on every core.

#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace lumir {

/// Threads that parallel work uses: `$LUMIR_THREADS`, else the cores of this process.
int thread_count();
void set_thread_count(int n);

/// While it lives, parallel work that this thread begins runs in this thread alone: it is one of several already.
class SerialHere {
 public:
  SerialHere();
  ~SerialHere();
  SerialHere(const SerialHere&) = delete;
  SerialHere& operator=(const SerialHere&) = delete;

 private:
  bool before_;
};

/// Calls body(i) for i = 0 .. n - 1, each once, on thread_count() threads; the calling thread works too. Pieces start
/// in order, so put the longest first. The first exception (by i) is thrown here after running pieces end; Ctrl-C
/// stops it between pieces with Interrupted. Called from inside a piece it runs serially.
void parallel_for(size_t n, const std::function<void(size_t)>& body);

/// Calls body(first, last) for pieces of at most `batch` (0 to n - 1 in all, without `last`), shown by the observer.
void parallel_for(const std::string& task, size_t n, const std::string& unit, size_t batch,
                  const std::function<void(size_t, size_t)>& body);
/// The same one by one, shown by the observer: "describe", 268, "songs". The bar ends in any case.
void parallel_for(const std::string& task, size_t n, const std::string& unit, const std::function<void(size_t)>& body);

}  // namespace lumir
