// The address is opened where the file ends; what comes is added to it.

#include "core/download.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

extern "C" {
#include <libavformat/avio.h>
#include <libavutil/dict.h>
#include <libavutil/error.h>
}

#include "core/error.h"
#include "core/interrupt.h"

namespace lumir {
namespace {

constexpr int kPiece = 1 << 16;
constexpr const char* kPatience = "30000000";  // microseconds without a byte

int is_interrupted(void*) { return interrupted() ? 1 : 0; }

std::string words_of(int code) {
  char text[AV_ERROR_MAX_STRING_SIZE] = "";
  av_strerror(code, text, sizeof text);
  return text;
}

/// The answer of a server, from a byte on.
class Answer {
 public:
  Answer(const std::string& address, uint64_t from) : address_(address) {
    AVDictionary* options = nullptr;
    av_dict_set(&options, "protocol_whitelist", "http,https,tcp,tls", 0);
    av_dict_set(&options, "tls_verify", "1", 0);
    av_dict_set(&options, "rw_timeout", kPatience, 0);
    if (from > 0) av_dict_set(&options, "offset", std::to_string(from).c_str(), 0);
    const AVIOInterruptCB look{is_interrupted, nullptr};
    const int code = avio_open2(&io_, address.c_str(), AVIO_FLAG_READ, &look, &options);
    av_dict_free(&options);
    if (code == 0) return;
    check_interrupt();
    // codes of the system are of the way to a server; its own answers say what they are
    const bool reached = AVUNERROR(code) > 4095;
    throw Error(address_ + ": " + (reached ? "" : "cannot be reached: ") + words_of(code));
  }
  ~Answer() { avio_closep(&io_); }
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  uint64_t size() const { return static_cast<uint64_t>(std::max<int64_t>(0, avio_size(io_))); }
  /// How many bytes came; 0 at the end.
  size_t read(std::vector<unsigned char>& piece) {
    const int got = avio_read_partial(io_, piece.data(), static_cast<int>(piece.size()));
    if (got < 0 && got != AVERROR_EOF) {
      check_interrupt();
      throw Error(address_ + ": " + words_of(got));
    }
    return static_cast<size_t>(std::max(0, got));
  }

 private:
  const std::string& address_;
  AVIOContext* io_ = nullptr;
};

/// From where a file ends on; from its beginning where a server that is there gives no parts, `from` being 0 then.
std::unique_ptr<Answer> ask(const std::string& address, uint64_t& from) {
  try {
    return std::make_unique<Answer>(address, from);
  } catch (const Error&) {
    check_interrupt();
    if (from == 0) throw;
  }
  auto answer = std::make_unique<Answer>(address, 0);
  from = 0;
  return answer;
}

/// A file that is added to, or begun.
class Growing {
 public:
  Growing(const std::string& path, bool anew)
      : path_(path), file_(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (anew ? O_TRUNC : 0), 0644)) {
    if (file_ < 0) throw Error(path + ": " + std::strerror(errno));
  }
  ~Growing() { close(file_); }
  Growing(const Growing&) = delete;
  Growing& operator=(const Growing&) = delete;

  void add(const unsigned char* bytes, size_t count) {
    while (count > 0) {
      const ssize_t put = write(file_, bytes, count);
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) throw Error(path_ + ": " + std::strerror(errno));
      bytes += put;
      count -= static_cast<size_t>(put);
    }
  }

 private:
  const std::string& path_;
  int file_;
};

}  // namespace

void download(const std::string& address, const std::string& path, uint64_t most,
              const std::function<void(uint64_t done, uint64_t total)>& told) {
  if (!address.starts_with("https://") && !address.starts_with("http://")) {
    throw ArgumentError("download: '" + address + "' must begin with https:// or http://");
  }
  const auto folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder);
  std::error_code missing;
  uint64_t done = std::filesystem::file_size(path, missing);
  if (missing) done = 0;
  const auto answer = ask(address, done);
  const uint64_t total = answer->size();
  const auto check_size = [&](uint64_t size) {
    if (size > most) throw Error(address + ": has more than the " + std::to_string(most) + " bytes that are wanted");
  };
  check_size(total);
  Growing file(path, done == 0);
  std::vector<unsigned char> piece(kPiece);
  told(done, total);
  while (const size_t got = answer->read(piece)) {
    check_interrupt();
    check_size(done + got);
    file.add(piece.data(), got);
    done += got;
    told(done, total);
  }
  if (done < total) {
    throw Error(address + ": ended after " + std::to_string(done) + " of " + std::to_string(total) +
                " bytes; the same command goes on there");
  }
}

}  // namespace lumir
