// The process's observer: one bar at a time on stderr, redrawn at most ten times a second; plain lines in a pipe.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>

#include <unistd.h>

#include "core/observer.h"

namespace lumir {
namespace {

using Clock = std::chrono::steady_clock;

std::string duration(double seconds) {
  char text[40];
  if (seconds < 100) {
    std::snprintf(text, sizeof text, "%.1f s", seconds);
  } else {
    std::snprintf(text, sizeof text, "%d min %02d s", static_cast<int>(seconds) / 60, static_cast<int>(seconds) % 60);
  }
  return text;
}

class Progress final : public Observer {
 public:
  void begin(const std::string& task, size_t total, const std::string& unit) override {
    const std::lock_guard lock(guard_);
    task_ = task;
    unit_ = unit;
    total_ = total;
    done_ = 0;
    started_ = drawn_ = Clock::now();
    draw(Clock::now());
  }
  void advance(size_t done) override {
    const std::lock_guard lock(guard_);
    done_ += done;
    const auto now = Clock::now();
    if (now - drawn_ < std::chrono::milliseconds(100)) return;
    drawn_ = now;
    draw(now);
  }
  void end(const std::string& remark) override {
    const std::lock_guard lock(guard_);
    if (task_.empty()) return;
    std::string text = line(Clock::now(), false);
    if (!remark.empty()) text += "   " + remark;
    std::fprintf(stderr, "%s%s\n", terminal_ ? "\r\033[K" : "", text.c_str());
    task_.clear();
  }
  void warn(const std::string& text) override {
    const std::lock_guard lock(guard_);
    std::fprintf(stderr, "%swarning: %s\n", terminal_ && !task_.empty() ? "\r\033[K" : "", text.c_str());
    draw(Clock::now());
  }

 private:
  void draw(Clock::time_point now) {
    if (terminal_ && !task_.empty()) std::fprintf(stderr, "\r\033[K%s", line(now, true).c_str());
  }
  std::string line(Clock::time_point now, bool running) const {
    const double seconds = std::chrono::duration<double>(now - started_).count();
    const double rate = seconds > 0 ? static_cast<double>(done_) / seconds : 0;
    char head[200];
    std::snprintf(head, sizeof head, "%-10s %zu %s  ", task_.c_str(), total_, unit_.c_str());
    const size_t full = total_ > 0 ? std::min<size_t>(40, done_ * 40 / total_) : 40;
    std::string text = head;
    if (terminal_) text += std::string(full, '#') + std::string(40 - full, '.');
    const std::string counted = unit_.substr(0, unit_.find(' '));  // "settings" of "settings x 5 folds"
    char tail[200];
    std::snprintf(tail, sizeof tail, "  %zu/%zu   %.*f %s/s   ", done_, total_, rate < 10 ? 1 : 0, rate,
                  counted.c_str());
    text += tail;
    if (!running) return text + duration(seconds);
    const size_t left = total_ > done_ ? total_ - done_ : 0;
    return text + (rate > 0 ? duration(static_cast<double>(left) / rate) + " left" : "");
  }

  std::mutex guard_;
  const bool terminal_ = isatty(STDERR_FILENO) != 0;
  std::string task_, unit_;
  size_t total_ = 0, done_ = 0;
  Clock::time_point started_, drawn_;
};

Progress progress;
std::atomic<Observer*> current{&progress};

}  // namespace

Observer& observer() { return *current; }
ObserverScope::ObserverScope(Observer& other) : before_(current.exchange(&other)) {}
ObserverScope::~ObserverScope() { current = before_; }

}  // namespace lumir
