// One request a connection, HTTP/1.1 with ranges that begin somewhere and reach to the end.

#include "engine/loopback.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lumir::tests {
namespace {

/// Up to the empty line.
std::string read_request(int client) {
  std::string text;
  char piece[4096];
  while (text.find("\r\n\r\n") == std::string::npos) {
    const ssize_t got = recv(client, piece, sizeof piece, 0);
    if (got <= 0) break;
    text.append(piece, static_cast<size_t>(got));
  }
  return text;
}

void send_all(int client, const std::string& text) {
  for (size_t sent = 0; sent < text.size();) {
    const ssize_t put = send(client, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (put <= 0) return;
    sent += static_cast<size_t>(put);
  }
}

size_t range_of(const std::string& request) {
  const size_t at = request.find("Range: bytes=");
  return at == std::string::npos ? 0 : std::strtoul(request.c_str() + at + 13, nullptr, 10);
}

}  // namespace

Loopback::Loopback() : listening_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  auto* address = reinterpret_cast<sockaddr*>(&place);
  if (bind(listening_, address, size) != 0 || listen(listening_, 8) != 0 ||
      getsockname(listening_, address, &size) != 0) {
    throw std::runtime_error("loopback: no port of this machine can be listened at");
  }
  port_ = ntohs(place.sin_port);
  thread_ = std::thread([this] { serve(); });
}

Loopback::~Loopback() {
  shutdown(listening_, SHUT_RDWR);
  thread_.join();
  close(listening_);
}

void Loopback::put(const std::string& path, const std::string& content) {
  const std::lock_guard lock(mutex_);
  contents_[path] = content;
}

void Loopback::break_off(size_t bytes) {
  const std::lock_guard lock(mutex_);
  most_ = bytes;
}

void Loopback::give_no_parts() {
  const std::lock_guard lock(mutex_);
  gives_parts_ = false;
}

std::vector<std::string> Loopback::requests() {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void Loopback::serve() {
  while (true) {
    const int client = accept(listening_, nullptr, nullptr);
    if (client < 0) return;
    answer(client);
    close(client);
  }
}

void Loopback::answer(int client) {
  const std::string request = read_request(client);
  const std::string path = request.substr(4, request.find(' ', 4) - 4);
  const size_t from = range_of(request);
  const std::lock_guard lock(mutex_);
  requests_.push_back("GET " + path + " from " + std::to_string(from));
  const auto found = contents_.find(path);
  if (found == contents_.end()) return send_all(client, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  const std::string& all = found->second;
  const std::string part = gives_parts_ ? all.substr(std::min(from, all.size())) : all;
  std::string head = from > 0 && gives_parts_
                         ? "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " + std::to_string(from) + "-" +
                               std::to_string(all.size() - 1) + "/" + std::to_string(all.size()) + "\r\n"
                     : gives_parts_ ? "HTTP/1.1 200 OK\r\nAccept-Ranges: bytes\r\n"
                                    : "HTTP/1.1 200 OK\r\n";
  head += "Content-Length: " + std::to_string(part.size()) + "\r\nConnection: close\r\n\r\n";
  send_all(client, head + part.substr(0, std::exchange(most_, SIZE_MAX)));
}

}  // namespace lumir::tests
