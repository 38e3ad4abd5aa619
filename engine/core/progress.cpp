// The process's observer: one bar at a time on stderr, redrawn at most ten times a second; in a pipe a plain line every
// half minute ($LUMIR_SAY_EVERY seconds), and one at the end. What only stands there (an epoch) has no line of its own.

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
    now_ = {.task = task, .total = total, .unit = unit};
    started_ = drawn_ = Clock::now();
    open_ = false;
    if (terminal_) draw();
  }
  void advance(size_t done) override {
    const std::lock_guard lock(guard_);
    now_.done += done;
    const auto now = Clock::now();
    if (now - drawn_ < between_) return;
    drawn_ = now;
    draw();
  }
  void end(const std::string& remark) override {
    const std::lock_guard lock(guard_);
    if (now_.task.empty()) return;
    count_time();
    std::string text = line(now_, false, remark.empty() ? "" : "   " + remark);
    if (terminal_) text = folded(text, columns());
    std::fprintf(stderr, "%s%s\n", terminal_ ? kOver : "", text.c_str());
    now_ = {};
  }
  void warn(const std::string& text) override {
    const std::lock_guard lock(guard_);
    std::string line = "warning: " + visible(text);
    if (terminal_) line = folded(line, columns());
    std::fprintf(stderr, "%s%s\n", open_ || (terminal_ && !now_.task.empty()) ? kOver : "", line.c_str());
    open_ = false;
    if (terminal_) draw();
  }
  void stand(const Standing& standing) override {
    const std::lock_guard lock(guard_);
    const auto now = Clock::now();
    if (!terminal_ || !now_.task.empty() || now - drawn_ < between_) return;
    drawn_ = now;
    put(line(standing, true, ""));
    open_ = true;
  }
  void clear() override {
    const std::lock_guard lock(guard_);
    if (!open_) return;
    std::fprintf(stderr, "%s", kOver);
    open_ = false;
  }

 private:
  static constexpr const char* kOver = "\r\033[K";

  void count_time() { now_.seconds = std::chrono::duration<double>(Clock::now() - started_).count(); }
  void draw() {
    if (now_.task.empty()) return;
    count_time();
    put(line(now_, true, ""));
  }
  /// In a terminal the line stays open, to be drawn over; one that wraps could not be.
  void put(const std::string& text) const {
    if (terminal_) {
      std::fprintf(stderr, "%s%s", kOver, cut(text, columns() - 1).c_str());
    } else {
      std::fprintf(stderr, "%s\n", text.c_str());
    }
  }
  std::string line(const Standing& at, bool running, const std::string& remark) const {
    const double rate = at.seconds > 0 ? static_cast<double>(at.done - at.skipped) / at.seconds : 0;
    char head[200];
    std::snprintf(head, sizeof head, "%-10s %zu %s  ", at.task.c_str(), at.total, at.unit.c_str());
    const std::string counted = at.unit.substr(0, at.unit.find(' '));  // "settings" of "settings x 5 folds"
    char tail[200];
    std::snprintf(tail, sizeof tail, "  %zu/%zu   %s%s%.*f %s/s   ", at.done, at.total, at.note.c_str(),
                  at.note.empty() ? "" : "   ", rate < 10 ? 1 : 0, rate, counted.c_str());
    std::string time = duration(at.seconds);
    if (running) {
      const size_t left = at.total > at.done ? at.total - at.done : 0;
      time = rate > 0 ? duration(static_cast<double>(left) / rate) + " left" : "";
    }
    const std::string after = tail + time + remark;
    return head + (terminal_ ? bar(at, text_width(head) + text_width(after)) : "") + after;
  }
  /// As wide as what else stands in the line leaves room for; none where that is too little to see.
  std::string bar(const Standing& at, size_t taken) const {
    const size_t room = columns() - 1 > taken ? std::min<size_t>(40, columns() - 1 - taken) : 0;
    if (room < 5) return "";
    const size_t full = at.total > 0 ? std::min(room, at.done * room / at.total) : room;
    return std::string(full, '#') + std::string(room - full, '.');
  }

  std::mutex guard_;
  const bool terminal_ = isatty(STDERR_FILENO) != 0;
  const Clock::duration between_ = terminal_ ? std::chrono::milliseconds(100) : seconds_in_a_pipe();
  Standing now_;       // the task that runs; one without a name is none
  bool open_ = false;  // a bar of what only stands is in the last line
  Clock::time_point started_, drawn_;
};

Progress progress;
std::atomic<Observer*> current{&progress};

}  // namespace

Observer& observer() { return *current; }
ObserverScope::ObserverScope(Observer& other) : before_(current.exchange(&other)) {}
ObserverScope::~ObserverScope() { current = before_; }

}  // namespace lumir
