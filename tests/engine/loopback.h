// A web server on this machine alone, for tests of downloads.

#pragma once

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace lumir::tests {

class Loopback {
 public:
  Loopback();
  ~Loopback();
  Loopback(const Loopback&) = delete;
  Loopback& operator=(const Loopback&) = delete;

  /// "http://127.0.0.1:PORT"
  std::string address() const { return "http://127.0.0.1:" + std::to_string(port_); }
  /// What stands at a path ("/a.bin"); all else is not found.
  void put(const std::string& path, const std::string& content);
  /// Hangs up after so many bytes of the next answer.
  void break_off(size_t bytes);
  /// Answers with all of a file from here on, whatever part is asked for.
  void give_no_parts();
  /// "GET /a.bin from 0" for each request so far.
  std::vector<std::string> requests();

 private:
  void serve();
  void answer(int client);

  int listening_;
  int port_;
  std::mutex mutex_;
  std::map<std::string, std::string> contents_;
  std::vector<std::string> requests_;
  size_t most_ = SIZE_MAX;
  bool gives_parts_ = true;
  std::thread thread_;
};

}  // namespace lumir::tests
