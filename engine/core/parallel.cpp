// Pieces of work are taken in order by whichever thread is free.

#include "core/parallel.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <sched.h>

#include "core/error.h"
#include "core/interrupt.h"
#include "core/observer.h"
#include "core/worker_threads.h"

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
  const std::function<void()> work = [&] {
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
  {
    const InWorkers others(threads - 1, work);
    work();
  }
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
