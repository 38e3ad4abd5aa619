// Reading and replacing whole files.

#include "core/file.h"

#include <atomic>
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

/// Who writes a part file: 4711 of "run.json.4711-0.part"; 0 for other files.
pid_t writer_of(const std::filesystem::path& path) {
  if (path.extension() != ".part") return 0;
  const std::string stem = path.stem().extension().string();  // ".4711-0"
  int process = 0, count = 0, length = 0;
  const int found = std::sscanf(stem.c_str(), ".%d-%d%n", &process, &count, &length);
  return found == 2 && static_cast<size_t>(length) == stem.size() && process > 0 ? process : 0;
}

bool is_gone(pid_t process) { return kill(process, 0) != 0 && errno == ESRCH; }

}  // namespace

std::string read_file(const std::string& path) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) fail(path);
  std::string text;
  char buffer[65536];
  while (const size_t n = std::fread(buffer, 1, sizeof buffer, file.get())) text.append(buffer, n);
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

PartFile::PartFile(std::string path) : path_(std::move(path)) {
  make_folder(std::filesystem::path(path_).parent_path());
  static std::atomic<unsigned> counter{0};
  part_ = path_ + "." + std::to_string(getpid()) + "-" + std::to_string(counter++) + ".part";
  file_ = open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file_ < 0) fail(path_);
}

PartFile::~PartFile() {
  if (file_ >= 0) close(file_);
  if (!part_.empty()) unlink(part_.c_str());
}

void PartFile::write(std::string_view bytes) { write_all(file_, bytes, path_); }

void PartFile::write_at(size_t place, std::string_view bytes) {
  if (lseek(file_, static_cast<off_t>(place), SEEK_SET) < 0) fail(path_);
  write_all(file_, bytes, path_);
  if (lseek(file_, 0, SEEK_END) < 0) fail(path_);
}

void PartFile::publish(Sync sync) {
  if (sync == Sync::yes && fsync(file_) != 0) fail(path_);
  close(std::exchange(file_, -1));
  if (rename(part_.c_str(), path_.c_str()) != 0) fail(path_);
  part_.clear();
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
