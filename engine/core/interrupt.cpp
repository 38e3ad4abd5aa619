// The signal handlers and their flag.

#include "core/interrupt.h"

#include <csignal>
#include <cstring>

#include <unistd.h>

#include "core/error.h"

namespace lumir {
namespace {

volatile std::sig_atomic_t arrived = 0;
volatile std::sig_atomic_t resting = 0;
void (*also_do)() = nullptr;

void on_signal(int signal) {
  if (resting && signal == SIGTERM) _exit(128 + signal);
  if (resting) {
    arrived = 1;
    return;
  }
  if (arrived) _exit(128 + signal);
  arrived = 1;
  static const char text[] = "\nstopping after this step (again to leave at once)\n";
  if (also_do) also_do();
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
bool interrupted() { return arrived != 0; }
void clear_interrupt() { arrived = 0; }
void check_interrupt() {
  if (arrived) throw Interrupted();
}

}  // namespace lumir
