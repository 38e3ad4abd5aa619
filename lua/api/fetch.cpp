// What `lumir fetch` and lumir.weights stand on: downloads, archives, sums.

#include <algorithm>
#include <filesystem>

#include "bind/bind.h"
#include "core/download.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/observer.h"
#include "tensor/zip.h"

namespace lumir::lua {
namespace {

constexpr uint64_t kMegabyte = 1'000'000, kKilobyte = 1000;
constexpr uint64_t kShownInMegabytes = 10 * kMegabyte;

/// download(address, path, what, most): with a bar, unless `what` is empty; of `most` bytes, where that is said.
int download_file(Call& call) {
  const std::string what = call.text(3, "what");
  const uint64_t most = call.missing(4) ? UINT64_MAX : static_cast<uint64_t>(call.number(4, "most"));
  size_t shown = 0;
  bool begun = false;
  download(call.text(1, "address"), call.path(2), most, [&](uint64_t done, uint64_t total) {
    if (total == 0 || what.empty()) return;
    const bool large = total >= kShownInMegabytes;
    const uint64_t unit = large ? kMegabyte : kKilobyte;
    if (!begun) observer().begin(what, (total + unit - 1) / unit, large ? "MB" : "kB");
    begun = true;
    const size_t now = (done + (done == total ? unit - 1 : 0)) / unit;
    if (now > shown) observer().advance(now - shown);
    shown = std::max(shown, now);
  });
  if (begun) observer().end("");
  return 0;
}

/// unpack(archive, member, path)
int unpack(Call& call) {
  const std::string path = call.path(1), wanted = call.text(2, "member");
  const tensor::Archive archive(path);
  const auto names = archive.names();
  const auto found = std::find(names.begin(), names.end(), wanted);
  if (found == names.end()) throw Error(path + ": has no file '" + wanted + "'");
  const auto member = archive.read(static_cast<size_t>(found - names.begin()));
  write_file(call.path(3), {reinterpret_cast<const char*>(member.bytes.data()), member.bytes.size()});
  return 0;
}

/// size(path): in bytes; nil where there is no file.
int size_of_file(Call& call) {
  std::error_code problem;
  const auto size = std::filesystem::file_size(call.path(1), problem);
  return problem ? call.push(Value()) : call.push(static_cast<double>(size));
}

const Module fetching("core", [](ModuleTable& module) {
  module.function("download", download_file);
  module.function("unpack", unpack);
  module.function("file_size", size_of_file);
  module.function("sha256", [](Call& call) { return call.push(sha256(call.text(1, "text"))); });
  module.function("sha256_of_file", [](Call& call) { return call.push(sha256_of_file(call.path(1))); });
  module.function("cache_folder", [](Call& call) { return call.push(cache_folder()); });
});

}  // namespace
}  // namespace lumir::lua
