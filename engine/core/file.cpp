// Reading and replacing whole files.

#include "core/file.h"

#include <atomic>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"

namespace lumir {
namespace {

[[noreturn]] void fail(const std::string& path) { throw Error(path + ": " + std::strerror(errno)); }

void write_all(int file, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t n = write(file, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(path);
    bytes.remove_prefix(static_cast<size_t>(n));
  }
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code problem;
  if (!folder.empty()) std::filesystem::create_directories(folder, problem);
  if (problem) throw Error(folder.string() + ": " + problem.message());
}

/// This machine, as part files name it: letters and digits of its name, since a dot would end the part.
std::string host_word() {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  std::string word;
  for (const char* c = name; *c; ++c) {
    if (std::isalnum(static_cast<unsigned char>(*c)) || *c == '_') word += *c;
  }
  return word.empty() ? "host" : word;
}

/// Who writes a part file: 4711 of "run.json.4711-0-thishost.part"; 0 for other files and for those of other machines,
/// whose processes cannot be asked about from here.
pid_t writer_of(const std::filesystem::path& path) {
  if (path.extension() != ".part") return 0;
  const std::string stem = path.stem().extension().string();  // ".4711-0-thishost"
  int process = 0, count = 0, length = 0;
  const int found = std::sscanf(stem.c_str(), ".%d-%d%n", &process, &count, &length);
  if (found != 2 || process <= 0 || stem.substr(static_cast<size_t>(length)) != "-" + host_word()) return 0;
  return process;
}

/// Where a path leads in the end: links are followed, also one whose file is not there yet.
std::string target_of(const std::string& path) {
  std::filesystem::path target = path;
  std::error_code problem;
  constexpr int kMostLinks = 40;  // as Linux has it
  for (int i = 0; i < kMostLinks && std::filesystem::is_symlink(target, problem); ++i) {
    const auto next = std::filesystem::read_symlink(target, problem);
    if (problem) break;
    target = next.is_absolute() ? next : target.parent_path() / next;
  }
  return target.string();
}

/// Devices and pipes are written to where they are: a file in their place would be their loss.
bool is_written_through(const struct stat& about) { return !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode); }

bool is_gone(pid_t process) { return kill(process, 0) != 0 && errno == ESRCH; }

/// Of a device, such as /dev/zero, whose end may never come; a file is read whole.
constexpr size_t kMostOfDevice = size_t{1} << 28;

}  // namespace

std::string read_file(const std::string& path) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) fail(path);
  std::string text;
  char buffer[65536];
  struct stat about {};
  const bool device = fstat(fileno(file.get()), &about) == 0 && S_ISCHR(about.st_mode);
  while (const size_t n = std::fread(buffer, 1, sizeof buffer, file.get())) {
    text.append(buffer, n);
    if (device && text.size() > kMostOfDevice) throw Error(path + ": is a device that gives no end");
  }
  if (std::ferror(file.get())) fail(path);
  return text;
}

void write_file(const std::string& path, std::string_view bytes, Sync sync) {
  write_file(path, std::span(&bytes, 1), sync);
}

void write_file(const std::string& path, std::span<const std::string_view> pieces, Sync sync) {
  PartFile file(path);
  for (const auto piece : pieces) file.write(piece);
  file.publish(sync);
}

PartFile::PartFile(std::string path) : path_(std::move(path)), target_(target_of(path_)) {
  struct stat about {};
  const bool is_there = stat(target_.c_str(), &about) == 0;
  if (is_there && S_ISDIR(about.st_mode)) throw Error(path_ + ": Is a directory");
  if (is_there && is_written_through(about)) {
    through_ = true;
    file_ = open(target_.c_str(), O_WRONLY | O_CLOEXEC);
    if (file_ < 0) fail(path_);
    return;
  }
  make_folder(std::filesystem::path(target_).parent_path());
  static std::atomic<unsigned> counter{0};
  part_ = target_ + "." + std::to_string(getpid()) + "-" + std::to_string(counter++) + "-" + host_word() + ".part";
  file_ = open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file_ < 0) fail(path_);
  if (is_there && fchmod(file_, about.st_mode & 07777) != 0) {
    const int reason = errno;
    close(std::exchange(file_, -1));
    unlink(part_.c_str());
    errno = reason;
    fail(path_);
  }
}

PartFile::~PartFile() {
  if (file_ >= 0) close(file_);
  if (!part_.empty()) unlink(part_.c_str());
}

void PartFile::write(std::string_view bytes) {
  if (through_) {
    held_ += bytes;
  } else {
    write_all(file_, bytes, path_);
  }
}

void PartFile::write_at(size_t place, std::string_view bytes) {
  if (through_) {
    held_.replace(place, bytes.size(), bytes);
    return;
  }
  if (lseek(file_, static_cast<off_t>(place), SEEK_SET) < 0) fail(path_);
  write_all(file_, bytes, path_);
  if (lseek(file_, 0, SEEK_END) < 0) fail(path_);
}

void PartFile::publish(Sync sync) {
  if (through_) {
    write_all(file_, held_, path_);
    if (close(std::exchange(file_, -1)) != 0) fail(path_);
    return;
  }
  if (sync == Sync::yes && fsync(file_) != 0) fail(path_);
  close(std::exchange(file_, -1));
  if (rename(part_.c_str(), target_.c_str()) != 0) fail(path_);
  part_.clear();
}

void check_writable(const std::string& path) {
  const std::string target = target_of(path);
  std::error_code problem;
  const auto kind = std::filesystem::status(target, problem).type();
  if (kind == std::filesystem::file_type::directory) throw Error(path + ": Is a directory");
  if (kind != std::filesystem::file_type::not_found && kind != std::filesystem::file_type::regular) {
    if (access(target.c_str(), W_OK) != 0) fail(path);
    return;
  }
  std::filesystem::path folder = std::filesystem::absolute(target).parent_path();
  while (!std::filesystem::exists(folder, problem) && folder.has_relative_path()) folder = folder.parent_path();
  if (!std::filesystem::is_directory(folder, problem)) throw Error(path + ": Not a directory");
  if (access(folder.c_str(), W_OK | X_OK) != 0) fail(path);
}

void check_output(const std::string& path, const std::vector<std::string>& inputs) {
  for (const auto& input : inputs) {
    std::error_code problem;
    if (std::filesystem::equivalent(path, input, problem) && !problem) {
      throw Error(path + ": is what is read (" + input + "); write to another file");
    }
  }
  check_writable(path);
}

void append_line(const std::string& path, const std::string& line) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file < 0) fail(path);
  const off_t before = lseek(file, 0, SEEK_END);
  try {
    write_all(file, line + "\n", path);
  } catch (const Error&) {
    [[maybe_unused]] const int shortened = ftruncate(file, before);
    close(file);
    throw;
  }
  close(file);
}

void remove_abandoned_parts(const std::string& folder) {
  std::error_code problem;
  std::vector<std::filesystem::path> abandoned;
  std::filesystem::recursive_directory_iterator at(folder, problem), end;
  for (; !problem && at != end; at.increment(problem)) {
    const pid_t writer = writer_of(at->path());
    if (writer != 0 && is_gone(writer)) abandoned.push_back(at->path());
  }
  for (const auto& path : abandoned) std::filesystem::remove(path, problem);
}

std::string cache_folder() {
  std::string folder;
  if (const char* given = std::getenv("LUMIR_CACHE"); given && *given) {
    folder = given;
  } else if (const char* home = std::getenv("HOME"); home && *home) {
    folder = std::string(home) + "/.cache/lumir";
  } else {
    throw Error("no place for the cache: neither LUMIR_CACHE nor HOME is set");
  }
  make_folder(folder);
  return folder;
}

}  // namespace lumir
