// Core: schemas, values, hashes, random streams, worker threads.

#include <atomic>
#include <cmath>
#include <thread>

#include <catch2/catch.hpp>

#include "core/hash.h"
#include "core/parallel.h"
#include "core/random.h"
#include "core/schema.h"
#include "core/value.h"

using namespace lumir;

namespace {

struct MelOptions {
  int n_mels = 128;
  std::optional<double> fmax;
  std::variant<double, std::string> gamma = "scale";
  std::string norm = "slaney";
  static Schema schema() {
    return {Option{"n_mels", &MelOptions::n_mels, "bands", Range{1, 512}},
            Option{"fmax", &MelOptions::fmax, "highest frequency", Unit{"Hz"}, kPositive},
            Option{"gamma", &MelOptions::gamma, "width", Choices{"scale", "auto"}},
            Option{"norm", &MelOptions::norm, "area of bands", Choices{"slaney", "none"}}};
  }
};
struct MfccOptions : MelOptions {
  int n_mfcc = 20;
  static Schema schema() {
    return extend(MelOptions::schema(),
                  Option{"n_mfcc", &MfccOptions::n_mfcc, "coefficients to keep", Range{1, upto("n_mels")}});
  }
};

std::string problem(const Map& given) {
  try {
    read_options<MfccOptions>(given, "mfcc");
  } catch (const ArgumentError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("options are read, checked and named in errors") {
  CHECK(read_options<MfccOptions>({{"n_mfcc", 13}, {"fmax", 8000}}, "mfcc").n_mfcc == 13);
  CHECK(problem({{"n_mfc", 13}}) ==
        "mfcc: unknown option 'n_mfc' (did you mean 'n_mfcc'?); its options are n_mels, fmax, gamma, norm, n_mfcc");
  CHECK(problem({{"n_mfcc", 0}}) == "mfcc: 'n_mfcc' = 0 is out of range (1 to n_mels = 128)");
  CHECK(problem({{"n_mfcc", 1.5}}) == "mfcc: 'n_mfcc' must be an integer, got 1.5");
  CHECK(problem({{"n_mfcc", "many"}}) == "mfcc: 'n_mfcc' must be an integer, got 'many'");
  CHECK(problem({{"fmax", -1}}) == "mfcc: 'fmax' = -1 is out of range (must be above 0)");
  CHECK(problem({{"fmax", INFINITY}}) == "mfcc: 'fmax' = inf is out of range (must be finite)");
  CHECK(problem({{"fmax", -INFINITY}}) == "mfcc: 'fmax' = -inf is out of range (must be above 0)");
  CHECK(problem({{"fmax", NAN}}) == "mfcc: 'fmax' = nan is out of range (must be above 0)");
  CHECK(problem({{"gamma", "scal"}}) == "mfcc: 'gamma' = 'scal' is none of 'scale', 'auto' (did you mean 'scale'?)");
}

namespace {

struct Level {
  double level = -20;
  static Schema schema() { return {Option{"level", &Level::level, "loudness", Unit{"dB"}}}; }
};
struct Length {
  long samples = 7;
  double share = 0.5;
  static Schema schema() {
    return {Option{"samples", &Length::samples, "length", Range{1}},
            Option{"share", &Length::share, "of it", Range{above(0), below(1)}}};
  }
};
struct Both : Level, Length {
  int copies = 1;
  static Schema schema() {
    Schema schema = extend(Level::schema(), Option{"copies", &Both::copies, "how many", kArgument});
    for (auto& parameter : Length::schema()) schema.push_back(parameter);
    return schema;
  }
};
struct Stranger : Level {
  static Schema schema() { return Length::schema(); }
};

std::string problem_of_both(const Map& given) {
  try {
    read_options<Both>(given, "both");
  } catch (const ArgumentError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("options of every base are read and written where they lie") {
  const auto both = read_options<Both>({{"samples", 5e12}, {"level", -3}, {"copies", 2}}, "both");
  CHECK(both.samples == 5'000'000'000'000);
  CHECK(both.level == -3);
  CHECK(both.copies == 2);
  CHECK(to_json(write_options(both)) == R"({"copies":2,"level":-3,"samples":5000000000000,"share":0.5})");
  CHECK(*schema_of<Both>()[2].default_value.number() == 7);
  CHECK_THROWS_AS(schema_of<Stranger>(), std::logic_error);
}

TEST_CASE("what must be given is asked for, and a half-open range leaves its end out") {
  CHECK(problem_of_both({}) == "both: 'copies' is missing (how many)");
  CHECK(problem_of_both({{"copies", 1}, {"share", 1}}) ==
        "both: 'share' = 1 is out of range (must be above 0, below 1)");
  CHECK(problem_of_both({{"copies", 1}, {"share", 0}}) ==
        "both: 'share' = 0 is out of range (must be above 0, below 1)");
  CHECK(problem_of_both({{"copies", 1}, {"samples", 1e300}}) == "both: 'samples' must be an integer, got 1e+300");
}

TEST_CASE("an object goes through options as it is, and into no file") {
  struct Fit {
    std::shared_ptr<const std::vector<int>> rows;
    static Schema schema() { return {Option{"rows", &Fit::rows, "what to fit", Kind{"table"}}}; }
  };
  const auto rows = std::make_shared<const std::vector<int>>(3, 1);
  const Value object(std::make_shared<const std::any>(rows));
  const auto fit = read_options<Fit>({{"rows", object}}, "fit");
  CHECK(fit.rows == rows);
  CHECK_THROWS_WITH(read_options<Fit>({{"rows", 3}}, "fit"), "fit: 'rows' must be a table, got 3");
  CHECK_THROWS_AS(to_json(write_options(fit)), ArgumentError);
}

TEST_CASE("options survive the way through a map") {
  const auto map = write_options(read_options<MfccOptions>({{"n_mfcc", 13}, {"gamma", 0.5}}, "mfcc"));
  CHECK(to_json(map) == R"({"fmax":"none","gamma":0.5,"n_mels":128,"n_mfcc":13,"norm":"slaney"})");
  CHECK(from_json(to_json(map), "text") == Value(map));
}

TEST_CASE("sha256 agrees with FIPS 180-4") {
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("Philox agrees with the known answers of Random123") {
  Random zero(0, uint64_t{0});
  CHECK(zero.next() == 0x6627e8d5u);
  CHECK(zero.next() == 0xe169c58du);
  CHECK(zero.next() == 0xbc57ac4cu);
  CHECK(zero.next() == 0x9b00dbd8u);
}

TEST_CASE("parallel_for does each piece once and throws the first error") {
  std::vector<std::atomic<int>> seen(1000);
  parallel_for(seen.size(), [&](size_t i) { ++seen[i]; });
  for (const auto& n : seen) REQUIRE(n == 1);
  CHECK_THROWS_WITH(parallel_for(10,
                                 [](size_t i) {
                                   if (i == 3) throw Error("three");
                                 }),
                    "three");
}

TEST_CASE("threads of their own may call for pieces at the same time") {
  std::vector<std::atomic<int>> seen(400);
  {
    std::vector<std::jthread> callers;
    for (size_t caller = 0; caller < 4; ++caller) {
      callers.emplace_back([&, caller] {
        for (int round = 0; round < 50; ++round) parallel_for(100, [&](size_t i) { ++seen[caller * 100 + i]; });
      });
    }
  }
  for (const auto& n : seen) REQUIRE(n == 50);
}

TEST_CASE("every byte comes back from JSON, those that are no UTF-8 as Python writes them") {
  std::string all = "\xF4\x8F\xBE\x80 U+10FF80, \xED\xA0\x80 a surrogate, \xC0\x80 overlong, \xF0\x9F\x8E\xB5";
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  CHECK(from_json(to_json(Map{{all, all}}), "text") == Value(Map{{all, all}}));
  CHECK(to_json("caf\xE9") == R"("caf\udce9")");
  CHECK(from_json(R"(["caf\udce9", "\ud83c\udfb5", "\\udce9"])", "text") ==
        Value(List{"caf\xE9", "\xF0\x9F\x8E\xB5", "\\udce9"}));
}
