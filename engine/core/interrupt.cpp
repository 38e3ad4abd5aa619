// The signal handlers and their flag.

#include "core/interrupt.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstring>

#include <unistd.h>

#include "core/error.h"

namespace lumir {
namespace {

// the handler runs in whichever thread the signal meets, and all of them look at the flag
std::atomic<bool> arrived{false};
std::atomic<bool> resting{false};
std::atomic<bool> held{false};
std::atomic<int64_t> held_since{0};  // in seconds
std::atomic<void (*)()> also_do{nullptr};
static_assert(decltype(arrived)::is_always_lock_free && decltype(also_do)::is_always_lock_free);

constexpr int64_t kLongestWait = 60;

int64_t seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool waits() { return held && seconds_now() - held_since < kLongestWait; }

void on_signal(int signal) {
  if (resting && signal == SIGTERM) _exit(128 + signal);
  if (resting) {
    arrived = true;
    return;
  }
  if (arrived.exchange(true)) _exit(128 + signal);
  static const char text[] = "\nstopping after this step (again to leave at once)\n";
  if (const auto also = also_do.load(); also && !waits()) also();
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text, sizeof text - 1);
}

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

void on_interrupt(void (*also)()) { also_do = also; }
void rest_from_interrupts(bool rest) { resting = rest; }
bool interrupted() { return arrived && !waits(); }
void clear_interrupt() { arrived = false; }
void check_interrupt() {
  if (interrupted()) throw Interrupted();
}

void hold_interrupts() {
  held_since = seconds_now();
  held = true;
}

void release_interrupts() {
  held = false;
  if (const auto also = also_do.load(); also && arrived) also();
}

}  // namespace lumir
