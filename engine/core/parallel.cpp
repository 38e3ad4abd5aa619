// Threads stay between calls and sleep: a new one would have to wait for a core of a busy machine, and its caller
// for it. Who has called works too, and waits only for those that have begun a piece: a helper that is not awake
// yet when nothing is left to do is not needed any more.

#include "core/parallel.h"

#include <algorithm>
#include <atomic>
#include <cfenv>
#include <charconv>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <exception>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <sched.h>

#include "core/error.h"
#include "core/interrupt.h"
#include "core/observer.h"

namespace lumir {
namespace {

constexpr int kMostThreads = 1024;
std::atomic<int> wanted_threads{0};
thread_local bool inside_piece = false;

int cores_of_process() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

/// $LUMIR_THREADS; what is no number of threads is an error, not a number that happens to come out.
int threads_from(std::string_view text) {
  int n = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (problem == std::errc() && end == text.data() + text.size() && n >= 1 && n <= kMostThreads) return n;
  throw ArgumentError("LUMIR_THREADS = '" + std::string(text) + "' is no number of threads (1 to " +
                      std::to_string(kMostThreads) + ")");
}

/// Threads that sleep until there is something to do; they end with the process.
class Helpers {
 public:
  static Helpers& all() {
    static auto* helpers = new Helpers;  // never destroyed: they may sleep still while the program ends
    return *helpers;
  }

  /// Calls `work` here and in up to `most` helpers at the same time; returns when every call has.
  void work_together(size_t most, const std::function<void()>& work) {
    Job job{work, most};
    std::fegetenv(&job.arithmetic);
    {
      const std::lock_guard lock(guard_);
      jobs_.push_back(&job);
      wanted_ += most;
      for (; free_ < wanted_; ++free_) std::thread([this] { help(); }).detach();
    }
    for (size_t i = 0; i < most; ++i) wake_.notify_one();
    work();
    std::unique_lock lock(guard_);
    if (job.wanted > 0) std::erase(jobs_, &job);
    wanted_ -= job.wanted;
    job.all_out.wait(lock, [&] { return job.inside == 0; });
  }

 private:
  struct Job {
    const std::function<void()>& work;
    size_t wanted;                // helpers that may come still
    size_t inside = 0;            // helpers at work
    std::fenv_t arithmetic = {};  // of the caller: how it rounds, and whether it flushes denormals
    std::condition_variable all_out = {};
  };

  void help() {
    std::unique_lock lock(guard_);
    while (true) {
      wake_.wait(lock, [this] { return !jobs_.empty(); });
      Job& job = *jobs_.front();
      if (--job.wanted == 0) jobs_.pop_front();
      ++job.inside;
      --wanted_;
      --free_;
      lock.unlock();
      std::fesetenv(&job.arithmetic);
      job.work();
      lock.lock();
      ++free_;
      if (--job.inside == 0) job.all_out.notify_one();
    }
  }

  std::mutex guard_;
  std::condition_variable wake_;
  std::deque<Job*> jobs_;  // that helpers may come to
  size_t wanted_ = 0;      // by all of them
  size_t free_ = 0;        // helpers without a job
};

}  // namespace

int thread_count() {
  if (wanted_threads > 0) return wanted_threads;
  if (const char* text = std::getenv("LUMIR_THREADS"); text && *text) {
    return threads_from(text);
  }
  static const int cores = cores_of_process();
  return cores;
}

void set_thread_count(int n) { wanted_threads = n; }

SerialHere::SerialHere() : before_(std::exchange(inside_piece, true)) {}
SerialHere::~SerialHere() { inside_piece = before_; }

void parallel_for(size_t n, const std::function<void(size_t)>& body) {
  const size_t threads = std::min<size_t>(n, static_cast<size_t>(thread_count()));
  if (threads <= 1 || inside_piece) {
    for (size_t i = 0; i < n; ++i) {
      check_interrupt();
      body(i);
    }
    return;
  }
  std::atomic<size_t> next{0};
  std::atomic<bool> stop{false};
  std::mutex guard;
  std::exception_ptr problem;
  size_t problem_at = n;
  const auto work = [&] {
    const SerialHere serial;
    while (!stop) {
      const size_t i = next++;
      if (i >= n) break;
      try {
        check_interrupt();
        body(i);
      } catch (...) {  // no Lua runs here: kept, and thrown again by the calling thread
        const std::lock_guard lock(guard);
        stop = true;
        if (i < problem_at) {
          problem_at = i;
          problem = std::current_exception();
        }
      }
    }
  };
  Helpers::all().work_together(threads - 1, work);
  if (problem) std::rethrow_exception(problem);
}

void parallel_for(const std::string& task, size_t n, const std::string& unit, size_t batch,
                  const std::function<void(size_t, size_t)>& body) {
  struct Bar {
    Bar(const std::string& name, size_t total, const std::string& what) { observer().begin(name, total, what); }
    ~Bar() { observer().end(""); }
  };
  const Bar bar(task, n, unit);
  parallel_for((n + batch - 1) / batch, [&](size_t i) {
    const size_t first = i * batch, last = std::min(n, first + batch);
    body(first, last);
    observer().advance(last - first);
  });
}

void parallel_for(const std::string& task, size_t n, const std::string& unit, const std::function<void(size_t)>& body) {
  parallel_for(task, n, unit, 1, [&body](size_t first, size_t) { body(first); });
}

}  // namespace lumir
