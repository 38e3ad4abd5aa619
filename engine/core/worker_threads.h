// Threads that stay, and sleep between pieces of work.
//
// A new thread costs 20 microseconds on a machine with nothing else to do. On a busy one it often starts on the core
// of the one that made it, and begins when that has done the work; one that wakes up goes where it was. It has its
// memory, too.

#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace lumir {

/// While it lives, `work` runs in so many threads beside this one, once in each; the end waits for them. They round
/// and flush numbers as this thread does. `work` throws nothing. Where the system gives fewer threads, or has no memory
/// for them, fewer run.
class InWorkers {
 public:
  InWorkers(size_t threads, const std::function<void()>& work);
  ~InWorkers();
  InWorkers(const InWorkers&) = delete;
  InWorkers& operator=(const InWorkers&) = delete;

  class Worker;

 private:
  std::vector<Worker*> workers_;
};

}  // namespace lumir
