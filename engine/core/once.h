// Warnings that are said once in a session, however often what they tell of comes up: the searches of a recipe deal the
// same folds. A session is a Lua state; two of one process hear each its own.

#pragma once

#include <mutex>
#include <set>
#include <string>

namespace lumir {

/// What a session was told.
class Told {
 public:
  /// True for the first call with this line.
  bool first(const std::string& line);

 private:
  std::mutex guard_;
  std::set<std::string> lines_;
};

/// Makes `told` that of the running session until destroyed; outside of all, the process has one.
class ToldScope {
 public:
  explicit ToldScope(Told& told);
  ~ToldScope();
  ToldScope(const ToldScope&) = delete;
  ToldScope& operator=(const ToldScope&) = delete;

 private:
  Told* before_;
};

/// The observer's warn, unless the session was told this line before. From any thread.
void warn_once(const std::string& line);

}  // namespace lumir
