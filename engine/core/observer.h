// Long work tells an Observer how far it is; bars, log files and curves are Observers made above.

#pragma once

#include <string>

#include "core/value.h"

namespace lumir {

/// How far something is that other tasks come in between of, such as an epoch.
struct Standing {
  std::string task;  // "epoch 3/60"
  size_t done = 0, total = 0;
  std::string unit;       // "batches"
  size_t skipped = 0;     // of those done: before it was begun
  double seconds = 0;     // since then
  std::string note = "";  // "loss 1.234"
};

class Observer {
 public:
  virtual ~Observer() = default;
  /// `total` pieces of `unit` ("songs") are about to be done; "describe", 268, "songs".
  virtual void begin(const std::string& task, size_t total, const std::string& unit) = 0;
  /// From any thread.
  virtual void advance(size_t done) = 0;
  /// The last word of a task: "best 0.684"; may be empty.
  virtual void end(const std::string& remark) = 0;
  /// One line that must not be lost: a file that was skipped. Shown between bars.
  virtual void warn(const std::string& line) = 0;
  /// A bar that stands in a terminal until something else is shown; in a pipe there is none.
  virtual void stand(const Standing& /*standing*/) {}
  /// Takes it away: something is about to be printed.
  virtual void clear() {}
};

/// The process's observer: progress on stderr, bars only in a terminal. Never null.
Observer& observer();
/// Takes another one in its place until destroyed.
class ObserverScope {
 public:
  explicit ObserverScope(Observer& other);
  ~ObserverScope();

 private:
  Observer* before_;
};

}  // namespace lumir
