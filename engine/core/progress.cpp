// The process's observer: one bar at a time on stderr, redrawn at most ten times a second; in a pipe a plain line every
// half minute ($LUMIR_SAY_EVERY seconds), and one at the end.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include <unistd.h>

#include "core/observer.h"
#include "core/readable.h"
#include "core/terminal.h"
#include "core/text.h"

namespace lumir {
namespace {

using Clock = std::chrono::steady_clock;

/// Tenths as long as they can be seen to run.
std::string duration(double seconds) { return seconds < 100 ? show_seconds(seconds) + " s" : show_duration(seconds); }

/// Between lines where nothing can be drawn over.
std::chrono::seconds seconds_in_a_pipe() {
  const char* given = std::getenv("LUMIR_SAY_EVERY");
  return std::chrono::seconds(given && *given ? std::atoi(given) : 30);
}

/// How wide the terminal is now: asked at each line, because windows change.
size_t columns() { return terminal_width(STDERR_FILENO).value_or(80); }

class Progress final : public Observer {
 public:
  void begin(const std::string& task, size_t total, const std::string& unit) override {
    const std::lock_guard lock(guard_);
    task_ = task;
    unit_ = unit;
    total_ = total;
    done_ = 0;
    started_ = drawn_ = Clock::now();
    if (terminal_) draw();
  }
  void advance(size_t done) override {
    const std::lock_guard lock(guard_);
    done_ += done;
    const auto now = Clock::now();
    if (now - drawn_ < between_) return;
    drawn_ = now;
    draw();
  }
  void end(const std::string& remark) override {
    const std::lock_guard lock(guard_);
    if (task_.empty()) return;
    std::string text = line(Clock::now(), false, remark.empty() ? "" : "   " + remark);
    if (terminal_) text = folded(text, columns());
    std::fprintf(stderr, "%s%s\n", terminal_ ? "\r\033[K" : "", text.c_str());
    task_.clear();
  }
  void warn(const std::string& text) override {
    const std::lock_guard lock(guard_);
    std::string line = "warning: " + visible(text);
    if (terminal_) line = folded(line, columns());
    std::fprintf(stderr, "%s%s\n", terminal_ && !task_.empty() ? "\r\033[K" : "", line.c_str());
    if (terminal_) draw();
  }

 private:
  /// In a terminal the line stays open, to be drawn over.
  void draw() {
    if (task_.empty()) return;
    std::string text = line(Clock::now(), true, "");
    if (terminal_) text = cut(text, columns() - 1);  // one that wraps could not be drawn over
    std::fprintf(stderr, terminal_ ? "\r\033[K%s" : "%s\n", text.c_str());
  }
  std::string line(Clock::time_point now, bool running, const std::string& remark) const {
    const double seconds = std::chrono::duration<double>(now - started_).count();
    const double rate = seconds > 0 ? static_cast<double>(done_) / seconds : 0;
    char head[200];
    std::snprintf(head, sizeof head, "%-10s %zu %s  ", task_.c_str(), total_, unit_.c_str());
    const std::string counted = unit_.substr(0, unit_.find(' '));  // "settings" of "settings x 5 folds"
    char tail[200];
    std::snprintf(tail, sizeof tail, "  %zu/%zu   %.*f %s/s   ", done_, total_, rate < 10 ? 1 : 0, rate,
                  counted.c_str());
    std::string time = duration(seconds);
    if (running) {
      const size_t left = total_ > done_ ? total_ - done_ : 0;
      time = rate > 0 ? duration(static_cast<double>(left) / rate) + " left" : "";
    }
    const std::string after = tail + time + remark;
    return head + (terminal_ ? bar(text_width(head) + text_width(after)) : "") + after;
  }
  /// As wide as what else stands in the line leaves room for; none where that is too little to see.
  std::string bar(size_t taken) const {
    const size_t room = columns() - 1 > taken ? std::min<size_t>(40, columns() - 1 - taken) : 0;
    if (room < 5) return "";
    const size_t full = total_ > 0 ? std::min(room, done_ * room / total_) : room;
    return std::string(full, '#') + std::string(room - full, '.');
  }

  std::mutex guard_;
  const bool terminal_ = isatty(STDERR_FILENO) != 0;
  const Clock::duration between_ = terminal_ ? std::chrono::milliseconds(100) : seconds_in_a_pipe();
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
