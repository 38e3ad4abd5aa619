// Numbers as text are read to the last bit as the standard library reads them, or not at all.

#include <catch2/catch.hpp>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "core/random.h"
#include "data/number_text.h"

using namespace lumir;

namespace {

/// True where it was read; then it must be the same, to where it ends.
bool reads_as_the_library(const std::string& text) {
  const char *begin = text.data(), *end = begin + text.size();
  double ours = 0, theirs = 0;
  const char* stop = data::read_number(begin, end, ours);
  if (!stop) return false;
  const auto [place, problem] = std::from_chars(begin, end, theirs);
  INFO(text);
  REQUIRE(problem == std::errc());
  REQUIRE(stop == place);
  REQUIRE(std::bit_cast<uint64_t>(ours) == std::bit_cast<uint64_t>(theirs));
  return true;
}

/// The same of a number that ends where the text does.
bool whole_reads_as_the_library(const std::string& text) {
  const std::string padded = text + ",12345678901234567890123456789012";
  const char *begin = padded.data(), *stop = begin + text.size();
  double ours = 0, theirs = 0;
  if (!data::read_whole_number(begin, stop, ours)) return false;
  INFO(text);
  REQUIRE(std::from_chars(begin, stop, theirs).ptr == stop);
  REQUIRE(std::bit_cast<uint64_t>(ours) == std::bit_cast<uint64_t>(theirs));
  return true;
}

std::string written(const char* format, double number) {
  char text[64];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

}  // namespace

TEST_CASE("numbers of up to 19 digits are read to the last bit", "[data]") {
  for (const char* text : {"0",
                           "-0",
                           "0.0",
                           "1.",
                           ".5",
                           "-.25",
                           "1e5",
                           "1E-5",
                           "1e+05",
                           "00012.50",
                           "9007199254740993",
                           "9007199254740992.5",
                           "9007199254740993.5",
                           "1.7976931348623157e+40",
                           "123456789012345678",
                           "0.00000000000000001234567",
                           "1234567890123456789",
                           "2251799813685248.25",
                           "12;",
                           "7,8"}) {
    INFO(text);
    CHECK(reads_as_the_library(text));
  }
  Random random(1, "numbers as text");
  for (int i = 0; i < 30000; ++i) {
    const double number = random.normal() * std::pow(10, static_cast<double>(random.below(20)) - 6);
    CHECK(reads_as_the_library(written("%.17g", number)));
    if (std::fabs(number) < 1e9) CHECK(reads_as_the_library(written("%.6f,", number)));
    CHECK(reads_as_the_library(written("%.3e", number)));
  }
}

TEST_CASE("numbers halfway between two doubles go to the even one", "[data]") {
  Random random(2, "halves");
  for (int i = 0; i < 30000; ++i) {
    const uint64_t odd = ((uint64_t{1} << 53) + random.below(1u << 30) * uint64_t{4096}) * 2 + 1;
    CHECK(reads_as_the_library(std::to_string(odd)));
    CHECK(reads_as_the_library(std::to_string(odd) + "e" + std::to_string(random.below(5))));
  }
}

TEST_CASE("no number is read beyond its end", "[data]") {
  for (const size_t zeros : {19, 20, 21, 40}) {
    INFO(zeros);
    std::vector<char> text(zeros, '0');  // nothing ends it: address sanitizer sees what reads on
    for (const char last : {'0', '.'}) {
      text.back() = last;
      double value = 7;
      CHECK(data::read_number(text.data(), text.data() + text.size(), value) == text.data() + text.size());
      CHECK(value == 0);
    }
  }
}

TEST_CASE("what takes a closer look is left to others", "[data]") {
  for (const char* text : {"", "-", ".", "e5", "1e", "1e+", "inf", "nan", "NA", "+1", " 1", "12345678901234567890",
                           "1e-30", "1e60", "1e99999", "0x10"}) {
    INFO(text);
    double value = 7;
    const std::string kept = text;
    const char* stop = data::read_number(kept.data(), kept.data() + kept.size(), value);
    CHECK((stop == nullptr || kept == "0x10"));
    if (!stop) CHECK(value == 7);
  }
}

TEST_CASE("a number whose end is known is the same to the last bit", "[data]") {
  for (const char* text : {"0", "-0", "-0.0", "1.", ".5", "-.25", "00012.50", "12345678", "12345678.12345678901",
                           "0.0012345678901234567", "0.000000000000000000", "1.12345678", "1.123456789",
                           "1.1234567890123456", "1.12345678901234567", "2251799.8136852482"}) {
    INFO(text);
    CHECK(whole_reads_as_the_library(text));
  }
  for (const char* text : {"", "-", ".", "-.", "+1", "1e5", "1.5e3", "nan", "inf", "1 ", " 1", "12a", "1.2.3", "1.2-3",
                           "1234567.89a12345", "1.a2345678901", "0x10", "123456789", "1.23456789012345678901"}) {
    INFO(text);
    CHECK_FALSE(whole_reads_as_the_library(text));
  }
  Random random(1, "whole numbers as text");
  for (int i = 0; i < 30000; ++i) {
    const double number = random.normal() * std::pow(10, static_cast<double>(random.below(9)) - 3);
    for (const char* format : {"%.12f", "%.6f", "%.8f", "%.9f", "%.0f", "%.1f"}) {
      CHECK(whole_reads_as_the_library(written(format, number)));
    }
    whole_reads_as_the_library(written("%.17g", number));
  }
}
