// Workers belong to one caller at a time; those that nobody has wait in a list. None ever ends: the process does.

#include "core/worker_threads.h"

#include <cfenv>
#include <mutex>
#include <semaphore>
#include <system_error>
#include <thread>

#include <pthread.h>

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
  Idle();
  /// Throws where there is none and none can be made.
  InWorkers::Worker* take() {
    {
      const std::lock_guard lock(guard_);
      if (!workers_.empty()) {
        InWorkers::Worker* worker = workers_.back();
        workers_.pop_back();
        return worker;
      }
      workers_.reserve(made_ + 1);  // its place, so that it can always come back
      ++made_;
    }
    return new InWorkers::Worker;  // for good
  }
  void give_back(InWorkers::Worker* worker) {
    const std::lock_guard lock(guard_);
    workers_.push_back(worker);
  }

 private:
  std::mutex guard_;
  size_t made_ = 0;
  std::vector<InWorkers::Worker*> workers_;
};

Idle& idle() {
  static Idle& all = *new Idle;  // outlives whatever still runs at the end
  return all;
}

/// A child of this process has its memory, but none of its threads: no other one may have the lock as it is forked
/// off, and the workers are not there.
Idle::Idle() {
  const int problem = pthread_atfork([] { idle().guard_.lock(); }, [] { idle().guard_.unlock(); },
                                     [] {
                                       idle().workers_.clear();
                                       idle().guard_.unlock();
                                     });
  if (problem != 0) throw std::system_error(problem, std::generic_category());
}

}  // namespace

InWorkers::InWorkers(size_t threads, const std::function<void()>& work) {
  try {
    workers_.reserve(threads);
    while (workers_.size() < threads) {
      Worker* worker = idle().take();
      workers_.push_back(worker);
      worker->start(work);
    }
  } catch (...) {  // those that run, and this thread, do it all: they must be waited for
  }
}

InWorkers::~InWorkers() {
  for (Worker* worker : workers_) {
    worker->wait();
    idle().give_back(worker);
  }
}

}  // namespace lumir
