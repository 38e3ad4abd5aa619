// Jobs that may crash or hang, run in a process of their own that is watched.
//
// A job that dies or takes too long is told as such, and the rest goes on in a new process. What a job writes to
// stdout or stderr is kept beside its answer; how much memory it needed at most is measured (Linux).

#pragma once

#include <functional>
#include <string>
#include <vector>

namespace lumir::tests {

struct JobReport {
  enum class End { answered, died, hung };
  End end = End::answered;
  std::string answer;    // of the job, one line; for one that died, how
  std::string said;      // what it wrote to the terminal
  double seconds = 0;    // of processor time
  double megabytes = 0;  // that the process grew by at most
};

/// Runs jobs 0 .. count - 1, in order; `limit` is in seconds of the wall clock, for one job.
std::vector<JobReport> run_watched(size_t count, double limit, const std::function<std::string(size_t)>& job);

}  // namespace lumir::tests
