// Weight files that are not what they say: no crash, little memory, one line each.
//
// Thousands of files are made from those of golden/weights and golden/arrays, in each form that is read, and loaded into
// Lua in a process of its own that is watched. A short run belongs to the suite;
//
//   scripts/fuzz --weights --files=18000
//
// runs a long one and prints its figures.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>

#include <catch2/catch.hpp>

#include "bind/state.h"
#include "core/file.h"
#include "core/random.h"
#include "engine/mutation.h"
#include "engine/tensor/pickle_mutation.h"
#include "engine/watched.h"
#include "program.h"
#include "sanitized.h"
#include "tensor/zip.h"
#include "tree.h"

using namespace lumir;
using tests::JobReport;
using tests::Scratch;

namespace {

constexpr double kMostSeconds = 60;    // of the wall clock for one file, sanitizers and busy machines included
constexpr size_t kFew = 300;           // spoilt files of the short run
constexpr double kMostGrowth = 200;    // times the file's bytes
constexpr double kMegabytesKept = 20;  // by malloc and Lua, of files before

enum class Form { zip, stream, tar, pickle, safetensors, npz };
constexpr const char* kForms[] = {"zip", "stream", "tar", "pickle", "safetensors", "npz"};

std::string golden(const std::string& name) { return read_file(std::string(LUMIR_ROOT) + "/tests/golden/" + name); }

const std::vector<std::string>& whole_files() {
  static const std::vector<std::string> files{
      golden("weights/small.pth"),    golden("weights/stream.pth"),         golden("weights/old.tar"),
      golden("weights/arrays_2.pkl"), golden("arrays/several.safetensors"), golden("arrays/packed.npz")};
  return files;
}

/// Writes numbers over the end of an archive, where its list of members is.
std::string forge_list(std::string& bytes, Random& random) {
  static constexpr uint64_t numbers[] = {0, 1, 0xffff, 0x7fffffff, 0xfffffff0, 0xffffffff, ~uint64_t{0}};
  for (int i = 0; i < 4; ++i) {
    const size_t reach = std::min<size_t>(bytes.size(), 900), size = size_t{1} << (1 + random.below(3));
    const size_t at = bytes.size() - reach + random.below(static_cast<uint32_t>(reach));
    if (at + size <= bytes.size()) std::memcpy(bytes.data() + at, &numbers[random.below(7)], size);
  }
  return "list of members forged";
}

/// The zip file with another pickle, and sums that are right.
void write_with_pickle(const std::string& path, const std::string& from, Random& random, std::string& story) {
  const tensor::Archive archive(from);
  std::vector<tensor::Part> parts;
  std::vector<tensor::Member> members;
  const auto names = archive.names();
  for (size_t i = 0; i < names.size(); ++i) {
    members.push_back(archive.read(i));
    if (names[i].ends_with("data.pkl")) {
      std::string pickle(reinterpret_cast<const char*>(members[i].bytes.data()), members[i].bytes.size());
      story += tests::spoil_pickle(pickle, random);
      parts.push_back({names[i], pickle, {}});
    } else {
      parts.push_back({names[i], "", members[i].bytes});
    }
  }
  tensor::write_zip(path, parts, /*deflated=*/false);
}

/// Makes spoilt file `i` and tells what was done to it.
std::string make_file(size_t i, uint64_t seed, const std::string& path) {
  Random random(seed, i);
  const auto form = static_cast<Form>(i % std::size(kForms));
  std::string bytes = whole_files()[i % std::size(kForms)], story = std::string(kForms[i % std::size(kForms)]) + ": ";
  const bool has_pickle = form != Form::safetensors && form != Form::npz;
  if (form == Form::zip && random.below(2) == 0) {
    const std::string whole = path + ".whole";
    write_file(whole, bytes, Sync::no);
    write_with_pickle(path, whole, random, story);
    std::filesystem::remove(whole);
    return story;
  }
  if (has_pickle && form != Form::zip && random.below(2) == 0) {
    story += tests::spoil_pickle(bytes, random);
  } else if ((form == Form::zip || form == Form::npz) && random.below(3) == 0) {
    story += forge_list(bytes, random);
  } else {
    auto spoilt = tests::spoil({{kForms[i % std::size(kForms)], "pth", bytes}}, random);
    bytes = std::move(spoilt.bytes);
    story = std::move(spoilt.story);
  }
  write_file(path, bytes, Sync::no);
  return story;
}

/// What Lua says of loading a file. A sanitizer does not look into Lua's own memory: what a state that is still open holds
/// would count as lost, so there each file has its own.
lua::Outcome load_into_lua(const std::string& path) {
  static std::unique_ptr<lua_State, void (*)(lua_State*)> state(nullptr, &lua_close);
  if (!state) state = lua::open_state();
  auto outcome = lua::run_chunk(state.get(), "require('lumir').torch.load(...)\ncollectgarbage()", "=test", {path});
  if (tests::kSanitized) state.reset();
  return outcome;
}

/// Loads a file: "read", or the reason without path and numbers, or what is wrong with it.
std::string load(const std::string& path) {
  const auto outcome = load_into_lua(path);
  const std::string& message = outcome.message;
  if (outcome.status == 0) return "read";
  if (!message.starts_with(path + ": ")) return "WRONG: does not begin with the path: " + message;
  if (message.find('\n') != std::string::npos) return "WRONG: more than one line: " + message;
  if (message.size() > path.size() + 300) return "WRONG: too long: " + message;
  std::string reason;
  for (const char c : message.substr(path.size() + 2)) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit) reason += c;
    if (digit && !reason.ends_with('#')) reason += '#';
  }
  return reason.substr(0, reason.find('\''));
}

size_t number_from(const char* variable, size_t otherwise) {
  const char* given = std::getenv(variable);
  return given && *given ? std::strtoul(given, nullptr, 10) : otherwise;
}

/// Loads files in a process of its own, each made by `path_of` just before. The memory of each is what it takes beside
/// that of a first, whole file.
std::vector<JobReport> load_watched(size_t count, const std::function<std::string(size_t)>& path_of) {
  const std::string whole = std::string(LUMIR_ROOT) + "/tests/golden/weights/small.pth";
  auto reports =
      tests::run_watched(count + 1, kMostSeconds, [&](size_t i) { return load(i == 0 ? whole : path_of(i - 1)); });
  const double start = reports[0].megabytes;
  reports.erase(reports.begin());
  for (auto& report : reports) report.megabytes -= start;
  return reports;
}

void print_figures(const std::vector<JobReport>& reports) {
  std::map<std::string, std::map<std::string, size_t>> counts;
  double largest = 0, slowest = 0;
  for (size_t i = 0; i < reports.size(); ++i) {
    ++counts[kForms[i % std::size(kForms)]][reports[i].answer];
    largest = std::max(largest, reports[i].megabytes);
    slowest = std::max(slowest, reports[i].seconds);
  }
  for (const auto& [form, answers] : counts) {
    for (const auto& [answer, count] : answers) std::printf("%-12s %6zu  %s\n", form.c_str(), count, answer.c_str());
  }
  std::printf("%zu files; slowest %.2f s, largest %.1f MB beside a whole file\n", reports.size(), slowest, largest);
}

JobReport loaded(const std::string& path) {
  return load_watched(1, [&](size_t) { return path; })[0];
}

}  // namespace

TEST_CASE("spoilt weight files neither break the reader nor fill memory, and each is one line", "[fuzz]") {
  const Scratch scratch("weights");
  const size_t count = number_from("LUMIR_FUZZ_FILES", kFew);
  const uint64_t seed = number_from("LUMIR_FUZZ_SEED", 1);
  const auto path_of = [&](size_t i) { return scratch / (std::to_string(i) + ".pth"); };
  const auto reports = load_watched(count, [&](size_t i) {
    make_file(i, seed, path_of(i));
    return path_of(i);
  });
  if (count > kFew) print_figures(reports);
  for (size_t i = 0; i < reports.size(); ++i) {
    const std::string story = make_file(i, seed, path_of(i));
    INFO("file " << i << ", " << story << ": " << reports[i].answer << "\n" << reports[i].said);
    CHECK(reports[i].end == JobReport::End::answered);
    CHECK(!reports[i].answer.starts_with("WRONG"));
    CHECK(reports[i].said.empty());
    const auto bytes = static_cast<double>(std::filesystem::file_size(path_of(i)));
    if (!tests::kSanitized) CHECK(reports[i].megabytes < kMegabytesKept + kMostGrowth * bytes / 1e6);
    std::filesystem::remove(path_of(i));
  }
}

TEST_CASE("a small archive that unpacks to much is refused before it is unpacked", "[fuzz]") {
  if (tests::sanitized("what is not unpacked")) return;
  const Scratch scratch("weights");
  const std::string path = scratch / "bomb.pth";
  const std::vector<std::byte> zeros(200'000'000);
  const tensor::Part parts[] = {{"a/data.pkl", "\x80\x02}.", {}}, {"a/data/0", "", zeros}};
  tensor::write_zip(path, parts, /*deflated=*/true);
  CHECK(std::filesystem::file_size(path) < 300'000);
  const JobReport report = loaded(path);
  CHECK(report.answer == "not a whole .npz or .pth file (a member is packed)");
  CHECK(report.megabytes < kMegabytesKept);
}

TEST_CASE("pickles that ask for more than they hold are refused", "[fuzz]") {
  const Scratch scratch("weights");
  const auto answer = [&](const std::string& pickle) {
    const std::string path = scratch / "made.pkl";
    write_file(path, "\x80\x02" + pickle, Sync::no);
    return loaded(path).answer;
  };
  const auto times = [](const std::string& codes, size_t count) {
    std::string all;
    for (size_t i = 0; i < count; ++i) all += codes;
    return all;
  };
  using namespace std::string_literals;
  CHECK(answer("K\x05.") == "read");
  CHECK(answer(times("]", 1'000'000) + times("a", 999'999) + ".") == "read");
  CHECK(answer("]q\0"s + times("h\0h\0\x86q\0"s, 1000) + ".") == "read");
  CHECK(answer("X\xff\xff\xff\x7f.") == "not whole (it is cut off)");
  CHECK(answer("\x8e\xff\xff\xff\xff\xff\xff\xff\xff.") == "not whole (it is cut off)");
  CHECK(answer("Nr\xff\xff\xff\xff.") == "read");
  CHECK(answer("h\x09.") == "not whole (its pickle asks for what it has not kept)");
  CHECK(answer("a.") == "not whole (its pickle takes what is not there)");
  CHECK(answer("(a.") == "not whole (its pickle takes what is not there)");
  CHECK(answer("Na.") == "not whole (its pickle takes what is not there)");
  CHECK(answer("NNa.") == "not whole (its pickle appends to what is no list)");
  CHECK(answer("N)R.") == "not whole (its pickle calls what is no name)");
  CHECK(answer("}NNs.") == "a dict has an entry for None or NaN, which no table has");
  CHECK(answer("\x82\x01.") == "not whole (its pickle has the code #x#, which is not read)");
  CHECK(answer(times("N0", 5'000'000) + "N.") == "its pickle has more than # steps");
  const std::string encode =
      "c_codecs\nencode\nq\1X\x28\0\0\0"s + times("a", 40) + "q\2X\6\0\0\0latin1q\3h\2h\3\x86q\4"s;
  CHECK(answer(encode + times("h\1h\4R0", 2) + "N.") == "read");
  CHECK(answer(encode + times("h\1h\4R0", 1000) + "N.") == "not whole (it unpacks to more than it holds)");
}

TEST_CASE("an archive whose members lie upon each other is refused", "[fuzz]") {
  const Scratch scratch("weights");
  const std::string path = scratch / "upon.pth";
  const std::string content(1000, 'x');
  const tensor::Part parts[] = {{"a/data.pkl", "\x80\x02}.", {}}, {"a/data/0", content, {}}, {"a/data/1", content, {}}};
  tensor::write_zip(path, parts, /*deflated=*/false);
  std::string bytes = read_file(path);
  CHECK(loaded(path).answer == "read");
  // Both listings name the first member's place; one of them claims the whole file.
  const uint64_t size = bytes.size() - 100;
  for (size_t at = bytes.find("\x50\x4b\x01\x02"); at != std::string::npos;
       at = bytes.find("\x50\x4b\x01\x02", at + 1)) {
    std::memcpy(bytes.data() + at + 46 + std::strlen("a/data/0") + 4 + 8, &size, sizeof size);
  }
  write_file(path, bytes);
  CHECK(loaded(path).answer == "not a whole .npz or .pth file (its members lie upon each other)");
}
