// Model files: what is written is read again, byte-equal, and nothing broken is believed.

#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <unistd.h>
#include <catch2/catch.hpp>

#include "core/error.h"
#include "core/file.h"
#include "core/random.h"
#include "tensor/safetensors.h"

using namespace lumir;
using namespace lumir::tensor;

namespace {

/// A file of this test's own, gone at its end.
struct Scratch {
  std::string path =
      (std::filesystem::temp_directory_path() / ("lumir-safetensors-" + std::to_string(getpid()) + ".safetensors"))
          .string();
  ~Scratch() { std::remove(path.c_str()); }
};

std::string with_header(const std::string& header, const std::string& data) {
  const uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), sizeof length) + header + data;
}

SafeTensors example() {
  SafeTensors model;
  model.arrays["steps.1.center"] = Array({3}, {1.5, -0.25, 1e300});
  model.arrays["weight"] = Array({2, 2}, {1, 2, 3, 4});
  model.arrays["empty"] = Array({0, 7}, {});
  model.arrays["scalar"] = Array(std::vector<int64_t>{}, {NAN});
  model.metadata = {{"model", Map{{"name", "learn.SVC"}, {"options", Map{{"C", 10}}}}}, {"classes", List{"a", "邱"}}};
  return model;
}

/// A line of /proc/self/status, in bytes: "RssAnon" is memory without a file behind it.
size_t resident_bytes(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::stoull(line.substr(name.size() + 1)) * 1024;
  }
  return 0;
}

/// The message of loading these bytes; "" where they load.
std::string problem_of(const std::string& bytes) {
  const Scratch file;
  write_file(file.path, bytes);
  try {
    load_safetensors(file.path);
  } catch (const Error& problem) {
    const std::string text = problem.what();
    CHECK(text.starts_with(file.path + ": "));
    CHECK(text.find('\n') == std::string::npos);
    return text.substr(file.path.size() + 2);
  }
  return "";
}

}  // namespace

TEST_CASE("a model file gives back what was written, byte-equal each time") {
  const Scratch file;
  save_safetensors(file.path, example());
  const std::string first = read_file(file.path);
  const auto back = load_safetensors(file.path);
  CHECK(back.arrays.at("steps.1.center").doubles() == std::vector<double>{1.5, -0.25, 1e300});
  CHECK(back.arrays.at("weight").shape() == std::vector<int64_t>{2, 2});
  CHECK(back.arrays.at("empty").shape() == std::vector<int64_t>{0, 7});
  CHECK(std::isnan(back.arrays.at("scalar").doubles().at(0)));
  CHECK(Value(back.metadata) == Value(example().metadata));
  save_safetensors(file.path, back);
  CHECK(read_file(file.path) == first);
}

TEST_CASE("other programs' types of numbers are read") {
  const auto bytes = [](auto... values) {
    std::string out;
    (out.append(reinterpret_cast<const char*>(&values), sizeof values), ...);
    return out;
  };
  const std::string data = bytes(1.5f, -2.0f, uint16_t{0x3C00}, uint16_t{0xC000}, uint16_t{0x0001}, uint16_t{0x3F80},
                                 int64_t{-7}, uint8_t{1});
  const Scratch file;
  write_file(file.path, with_header(R"({"f":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                                    R"("h":{"dtype":"F16","shape":[3],"data_offsets":[8,14]},)"
                                    R"("b":{"dtype":"BF16","shape":[1],"data_offsets":[14,16]},)"
                                    R"("i":{"dtype":"I64","shape":[1],"data_offsets":[16,24]},)"
                                    R"("t":{"dtype":"BOOL","shape":[1],"data_offsets":[24,25]},)"
                                    R"("__metadata__":{"format":"pt"}})",
                                    data));
  const auto read = load_safetensors(file.path);
  CHECK(read.arrays.at("f").doubles() == std::vector<double>{1.5, -2});
  CHECK(read.arrays.at("h").doubles() == std::vector<double>{1, -2, std::ldexp(1.0, -24)});
  CHECK(read.arrays.at("b").doubles() == std::vector<double>{1});
  CHECK(read.arrays.at("i").doubles() == std::vector<double>{-7});
  CHECK(read.arrays.at("t").doubles() == std::vector<double>{1});
  CHECK(read.metadata.at("format") == Value("pt"));
}

TEST_CASE("a broken model file is one line that names the file") {
  const std::string whole = "not a whole safetensors file (";
  CHECK(problem_of("") == whole + "it has 0 bytes)");
  CHECK(problem_of(std::string(8, '\xff')) == whole + "its header is cut off)");
  CHECK(problem_of(with_header("{", "")) == whole + "its header is no JSON)");
  CHECK(problem_of(with_header("[]", "")) == whole + "its header is no table)");
  CHECK(problem_of(with_header(std::string(100000, '['), "")) == whole + "its header is nested too deeply)");
  CHECK(problem_of(with_header(R"({"w":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})", "1234567")) ==
        whole + "'w' is larger than the file)");
  CHECK(problem_of(with_header(R"({"w":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,8]}})",
                               "12345678")) == whole + "'w' is larger than the file)");
  CHECK(problem_of(with_header(R"({"w":{"dtype":"F64","shape":[-1],"data_offsets":[0,8]}})", "12345678")) ==
        whole + "the shape of 'w' is out of range)");
  CHECK(problem_of(with_header(R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", "12345678")) ==
        whole + "'w' overlaps another or leaves a gap)");
  CHECK(problem_of(with_header(R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", "12345678")) ==
        whole + "its numbers end at byte 4 of 8)");
  CHECK(problem_of(with_header(R"({"w":{"dtype":"Q4","shape":[1],"data_offsets":[0,4]}})", "1234")) ==
        "'w' has numbers of type 'Q4', which are not read here");
  CHECK_THROWS_WITH(load_safetensors("/nowhere/model.safetensors"),
                    "/nowhere/model.safetensors: No such file or directory");
}

TEST_CASE("no damage to a model file can do worse than an error") {
  const Scratch file;
  save_safetensors(file.path, example());
  const std::string good = read_file(file.path);
  for (size_t n = 0; n < good.size(); ++n) CHECK(problem_of(good.substr(0, n)) != "");
  Random random(1, "damage");
  for (int round = 0; round < 2000; ++round) {
    std::string bad = good;
    const uint32_t changes = 1 + random.below(4);
    for (uint32_t c = 0; c < changes; ++c) {
      bad[random.below(static_cast<uint32_t>(bad.size()))] = static_cast<char>(random.below(256));
    }
    problem_of(bad);  // an Error or a load, checked inside
  }
}

TEST_CASE("every type of element keeps its type and its bytes") {
  const Scratch file;
  const std::vector<float> floats{1.5f, -2, 1e-40f};
  const std::vector<uint16_t> bfloats{0x3f80, 0xc000, 0x0001};
  const std::vector<int64_t> whole{-7, 9007199254740993};
  const auto array = [](ElementType type, const auto& values) {
    return Array(type, {static_cast<int64_t>(values.size())}, std::as_bytes(std::span(values)), nullptr);
  };
  SafeTensors model;
  model.arrays = {{"b", array(ElementType::bfloat16, bfloats)},
                  {"f", array(ElementType::float32, floats)},
                  {"i", array(ElementType::int64, whole)}};
  save_safetensors(file.path, model);
  const auto back = load_safetensors(file.path);
  for (const auto& [name, written] : model.arrays) {
    const Array& read = back.arrays.at(name);
    CHECK(read.type() == written.type());
    CHECK(std::memcmp(read.bytes().data(), written.bytes().data(), written.bytes().size()) == 0);
  }
  CHECK(back.arrays.at("b").doubles() == std::vector<double>{1, -2, 9.183549615799121e-41});
}

TEST_CASE("arrays stand on the file: what is loaded takes no memory of its own") {
  const Scratch file;
  constexpr size_t kCount = 16'000'000;  // 64 MB of float32
  {
    const std::vector<float> weights(kCount, 0.5f);
    SafeTensors model;
    model.arrays["weight"] = Array(ElementType::float32, {4000, 4000}, std::as_bytes(std::span(weights)), nullptr);
    const size_t before = resident_bytes("RssAnon");
    save_safetensors(file.path, model);
    CHECK(resident_bytes("RssAnon") < before + kCount);
  }
  CHECK(std::filesystem::file_size(file.path) < kCount * 4 + 1000);
  const size_t before = resident_bytes("RssAnon");
  const auto back = load_safetensors(file.path);
  CHECK(resident_bytes("RssAnon") < before + kCount);
  CHECK(back.arrays.at("weight").first_not_finite() == kCount);
}
