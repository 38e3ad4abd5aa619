// Threads that stay between pieces of work.

#include <atomic>
#include <cfenv>
#include <csignal>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "core/denormals.h"
#include "core/parallel.h"
#include "core/worker_threads.h"

using namespace lumir;

namespace {

/// What a child of this process ended with; -1: it did not within the time.
int status_of(pid_t child, int seconds) {
  int status = -1;
  for (int wait = 0; wait < 100 * seconds && waitpid(child, &status, WNOHANG) == 0; ++wait) usleep(10000);
  if (status != -1) return status;
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  return -1;
}

}  // namespace

TEST_CASE("work runs once in each worker, and the same threads come again") {
  std::mutex guard;
  std::set<std::thread::id> first, second;
  const auto note = [&](std::set<std::thread::id>& threads) {
    const std::function<void()> work = [&] {
      const std::lock_guard lock(guard);
      threads.insert(std::this_thread::get_id());
    };
    const InWorkers workers(3, work);
  };
  note(first);
  note(second);
  CHECK(first.size() == 3);
  CHECK_FALSE(first.contains(std::this_thread::get_id()));
  CHECK(second == first);
}

TEST_CASE("callers at the same time have workers of their own") {
  std::atomic<int> runs{0};
  std::vector<std::jthread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        const std::function<void()> work = [&] { ++runs; };
        const InWorkers workers(4, work);
      }
    });
  }
  callers.clear();
  CHECK(runs == 8 * 50 * 4);
}

TEST_CASE("workers round as the thread that has them does, and after it as the next one does") {
  const auto rounding = [] {
    std::atomic<int> found{-1};
    const std::function<void()> work = [&] { found = std::fegetround(); };
    { const InWorkers workers(1, work); }
    return found.load();
  };
  std::fesetround(FE_UPWARD);
  const int upward = rounding();
  std::fesetround(FE_TONEAREST);
  CHECK(upward == FE_UPWARD);
  CHECK(rounding() == FE_TONEAREST);

  volatile float tiny = 1e-39f;
  std::atomic<bool> flushed{false};
  const std::function<void()> halve = [&] { flushed = tiny / 2 == 0; };
  {
    const FlushDenormals flush;
    const InWorkers workers(1, halve);
  }
  CHECK(flushed);
  { const InWorkers workers(1, halve); }
  CHECK_FALSE(flushed);
}

TEST_CASE("a process that was forked off has workers of its own") {
  const auto count = [] {
    std::atomic<size_t> sum{0};
    parallel_for(100, [&](size_t i) { sum += i; });
    return sum.load();
  };
  const int before = thread_count();
  set_thread_count(4);
  CHECK(count() == 4950);
  const pid_t child = fork();
  if (child == 0) _exit(count() == 4950 ? 0 : 1);
  CHECK(status_of(child, 30) == 0);
  set_thread_count(before);
}

TEST_CASE("where memory for workers is missing the caller goes on without them") {
  std::atomic<int> runs{0};
  const std::function<void()> work = [&] { ++runs; };
  { CHECK_NOTHROW(InWorkers(SIZE_MAX, work)); }
  CHECK(runs == 0);
}

#ifndef __SANITIZE_ADDRESS__  // at a fork others may have its own locks, too
TEST_CASE("a process that is forked off while others take workers has its own") {
  std::atomic<bool> stop{false};
  std::vector<std::jthread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      const std::function<void()> work = [] {};
      while (!stop) const InWorkers workers(1, work);
    });
  }
  int status = 0;
  for (int i = 0; i < 100 && status == 0; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      std::atomic<int> runs{0};
      const std::function<void()> work = [&] { ++runs; };
      { const InWorkers workers(2, work); }
      _exit(runs == 2 ? 0 : 1);
    }
    status = status_of(child, 30);
  }
  stop = true;
  CHECK(status == 0);
}
#endif
