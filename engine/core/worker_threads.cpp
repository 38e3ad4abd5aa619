// Workers belong to one caller at a time; those that nobody has wait in a list. None ever ends: the process does.

#include "core/worker_threads.h"

#include <cfenv>
#include <mutex>
#include <semaphore>
#include <system_error>
#include <thread>

#include <unistd.h>

namespace lumir {

class InWorkers::Worker {
 public:
  Worker() {
    std::thread([this] { run(); }).detach();
  }
  void start(const std::function<void()>& work) {
    work_ = &work;
    std::fegetenv(&numbers_);
    wakes_.release();
  }
  void wait() { done_.acquire(); }

 private:
  void run() {
    while (true) {
      wakes_.acquire();
      std::fesetenv(&numbers_);
      (*work_)();
      done_.release();
    }
  }

  const std::function<void()>* work_ = nullptr;
  std::fenv_t numbers_{};
  std::binary_semaphore wakes_{0}, done_{0};
};

namespace {

/// Those that nobody has.
class Idle {
 public:
  /// Throws std::system_error where there is none and none can be made.
  InWorkers::Worker* take() {
    {
      const std::lock_guard lock(guard_);
      forget_after_fork();
      if (!workers_.empty()) {
        InWorkers::Worker* worker = workers_.back();
        workers_.pop_back();
        return worker;
      }
    }
    return new InWorkers::Worker;  // for good
  }
  void give_back(InWorkers::Worker* worker) {
    const std::lock_guard lock(guard_);
    forget_after_fork();
    workers_.push_back(worker);
  }

 private:
  /// A child of this process has its memory, but none of its threads.
  void forget_after_fork() {
    if (process_ == getpid()) return;
    process_ = getpid();
    workers_.clear();
  }

  std::mutex guard_;
  pid_t process_ = getpid();
  std::vector<InWorkers::Worker*> workers_;
};

Idle& idle() {
  static Idle& all = *new Idle;  // outlives whatever still runs at the end
  return all;
}

}  // namespace

InWorkers::InWorkers(size_t threads, const std::function<void()>& work) {
  workers_.reserve(threads);
  try {
    while (workers_.size() < threads) {
      Worker* worker = idle().take();
      workers_.push_back(worker);
      worker->start(work);
    }
  } catch (const std::system_error&) {  // the others, and this thread, do it all
  }
}

InWorkers::~InWorkers() {
  for (Worker* worker : workers_) {
    worker->wait();
    idle().give_back(worker);
  }
}

}  // namespace lumir
