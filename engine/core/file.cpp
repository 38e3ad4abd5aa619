// Reading and replacing whole files.

#include "core/file.h"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>

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
  make_folder(std::filesystem::path(path).parent_path());
  static std::atomic<unsigned> counter{0};
  const std::string part = path + "." + std::to_string(getpid()) + "-" + std::to_string(counter++) + ".part";
  const int file = open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) fail(path);
  try {
    write_all(file, bytes, path);
    if (sync == Sync::yes && fsync(file) != 0) fail(path);
  } catch (const Error&) {
    close(file);
    unlink(part.c_str());
    throw;
  }
  close(file);
  if (rename(part.c_str(), path.c_str()) != 0) {
    const int reason = errno;
    unlink(part.c_str());
    errno = reason;
    fail(path);
  }
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
