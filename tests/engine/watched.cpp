// The watched process sends one line for each job through a pipe; silence is a hang, the pipe's end a death.

#include "engine/watched.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

namespace lumir::tests {
namespace {

constexpr double kLastSeconds = 120;  // for a sanitizer to look for leaks, once all jobs are done

double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// A line of /proc/self/status in megabytes: "VmRSS:" now, "VmHWM:" at most.
double status_megabytes(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name)) return std::atof(line.c_str() + name.size()) / 1024;
  }
  return 0;
}

void forget_peak() {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";
}

/// All that a file in memory holds; it is empty afterwards.
std::string take_text(int file) {
  const off_t size = lseek(file, 0, SEEK_END);
  std::string text(static_cast<size_t>(std::max<off_t>(size, 0)), '\0');
  if (pread(file, text.data(), text.size(), 0) < 0) text.clear();
  if (ftruncate(file, 0) == 0) lseek(file, 0, SEEK_SET);
  return text;
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  std::replace(text.begin(), text.end(), '\t', ' ');
  return text;
}

/// The watched process: "seconds TAB megabytes TAB answer TAB said" for each job.
[[noreturn]] void work(size_t first, size_t count, int lines, int terminal,
                       const std::function<std::string(size_t)>& job) {
  dup2(terminal, STDOUT_FILENO);
  dup2(terminal, STDERR_FILENO);
  const double before = status_megabytes("VmRSS:");
  for (size_t i = first; i < count; ++i) {
    forget_peak();
    const double started = processor_seconds();
    const std::string answer = job(i);
    const double took = processor_seconds() - started;
    std::fflush(stdout);
    std::ostringstream line;
    line << took << '\t' << status_megabytes("VmHWM:") - before << '\t' << one_line(answer) << '\t'
         << one_line(take_text(terminal)) << '\n';
    if (write(lines, line.str().data(), line.str().size()) < 0) break;
  }
#if defined(__SANITIZE_ADDRESS__)
  if (__lsan_do_recoverable_leak_check() != 0) _exit(EXIT_FAILURE);
#endif
  _exit(EXIT_SUCCESS);
}

/// Reads whole lines from a pipe.
class Lines {
 public:
  explicit Lines(int file) : file_(file) {}
  enum class State { line, end, timeout };
  State next(double seconds, std::string& line) {
    size_t end = 0;
    while ((end = buffer_.find('\n')) == std::string::npos) {
      pollfd waiting{file_, POLLIN, 0};
      const int ready = poll(&waiting, 1, static_cast<int>(seconds * 1000));
      if (ready < 0 && errno == EINTR) continue;
      if (ready <= 0) return State::timeout;
      char bytes[4096];
      const ssize_t got = read(file_, bytes, sizeof bytes);
      if (got <= 0) return State::end;
      buffer_.append(bytes, static_cast<size_t>(got));
    }
    line = buffer_.substr(0, end);
    buffer_.erase(0, end + 1);
    return State::line;
  }

 private:
  int file_;
  std::string buffer_;
};

JobReport parse(const std::string& line) {
  JobReport report;
  std::istringstream in(line);
  std::string seconds, megabytes;
  std::getline(in, seconds, '\t');
  std::getline(in, megabytes, '\t');
  std::getline(in, report.answer, '\t');
  std::getline(in, report.said, '\t');
  report.seconds = std::atof(seconds.c_str());
  report.megabytes = std::atof(megabytes.c_str());
  return report;
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return std::string("killed by signal: ") + strsignal(WTERMSIG(status));
  return "left with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

std::vector<JobReport> run_watched(size_t count, double limit, const std::function<std::string(size_t)>& job) {
  std::vector<JobReport> reports;
  const int terminal = memfd_create("said", MFD_CLOEXEC);
  while (reports.size() < count) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) std::abort();
    std::fflush(nullptr);
    const pid_t worker = fork();
    if (worker == 0) work(reports.size(), count, ends[1], terminal, job);
    close(ends[1]);
    Lines lines(ends[0]);
    std::string line;
    Lines::State state;
    const auto wait = [&] { return reports.size() < count ? limit : kLastSeconds; };
    while ((state = lines.next(wait(), line)) == Lines::State::line) reports.push_back(parse(line));
    if (state == Lines::State::timeout) kill(worker, SIGKILL);
    int status = 0;
    waitpid(worker, &status, 0);
    close(ends[0]);
    JobReport last;
    last.end = state == Lines::State::timeout ? JobReport::End::hung : JobReport::End::died;
    last.answer = how_it_ended(status);
    last.said = take_text(terminal);
    const bool finished = reports.size() == count;
    if (finished && status == 0) break;
    if (finished) reports.pop_back();  // what the sanitizer found at the end stands in the last one's place
    reports.push_back(last);
  }
  close(terminal);
  return reports;
}

}  // namespace lumir::tests
