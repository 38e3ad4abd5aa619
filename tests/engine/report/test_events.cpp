// Event files: the bytes that PyPI's tensorboard writes and reads, and what trainings put into them.

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

#include "core/file.h"
#include "program.h"
#include "report/curve.h"
#include "report/event_file.h"
#include "tree.h"

using namespace lumir;
using namespace lumir::report;

namespace {

/// The only file of a folder.
std::string file_in(const std::filesystem::path& folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path().string());
  REQUIRE(files.size() == 1);
  CHECK(std::filesystem::path(files[0]).filename().string().starts_with("events.out.tfevents.1"));
  return files[0];
}

template <class Number>
Number number_at(const std::string& bytes, size_t place) {
  Number number;
  REQUIRE(place + sizeof number <= bytes.size());
  std::memcpy(&number, bytes.data() + place, sizeof number);
  return number;
}

/// The records of a file, whose checksums must be right.
std::vector<std::string> records_of(const std::string& bytes) {
  const auto masked = [](const std::string& part) {
    const uint32_t crc = crc32c(part);
    return ((crc >> 15) | (crc << 17)) + 0xa282ead8U;
  };
  std::vector<std::string> records;
  for (size_t place = 0; place < bytes.size();) {
    const auto length = number_at<uint64_t>(bytes, place);
    CHECK(number_at<uint32_t>(bytes, place + 8) == masked(bytes.substr(place, 8)));
    records.push_back(bytes.substr(place + 12, length));
    CHECK(number_at<uint32_t>(bytes, place + 12 + length) == masked(records.back()));
    place += length + 16;
  }
  return records;
}

/// How many records name a tag.
size_t count(const std::vector<std::string>& records, const std::string& tag) {
  const std::string named = static_cast<char>(tag.size()) + tag;
  return static_cast<size_t>(std::count_if(records.begin(), records.end(), [&](const std::string& record) {
    return record.find(named) != std::string::npos;
  }));
}

}  // namespace

TEST_CASE("checksums are Castagnoli's") {
  CHECK(crc32c("") == 0);
  CHECK(crc32c("123456789") == 0xe3069283);
  CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aa);  // RFC 3720, B.4
}

TEST_CASE("an event file has the bytes that tensorboard writes") {
  const tests::Scratch scratch("events");
  EventFile events(scratch / "run");
  events.add(std::vector<Scalar>{{"loss", 2.5}, {"valid_accuracy", 0.1}}, 1, 1700000000.25);
  events.add(std::vector<Scalar>{{"step/loss", std::numeric_limits<double>::quiet_NaN()}, {"step/grad_norm", 1e30}},
             300, 1700000001.5);
  events.add("weights", Histogram{-1.5, 2.5, 4, 1.25, 9, {0.5, 2.5}, {3, 1}}, 2, 1700000002.0);
  events.begin_again(300, 1700000003.0);
  events.add(std::vector<Scalar>{{"step/loss", 0.75}}, 300, 1700000003.0);
  const std::string golden = LUMIR_ROOT "/tests/golden/events/events.tfevents";
  CHECK(read_file(file_in(scratch / "run")) == read_file(golden));
}

TEST_CASE("a histogram counts every finite number once, in ranges up to the largest") {
  const std::vector<double> values = {0, 1, 1, 2, 4, std::numeric_limits<double>::infinity()};
  const Histogram histogram = histogram_of(values, 4);
  CHECK(histogram.limits == std::vector<double>{1, 2, 3, 4});
  CHECK(histogram.counts == std::vector<double>{3, 1, 0, 1});
  CHECK(histogram.count == 5);
  CHECK(histogram.sum_of_squares == 22);
  CHECK(histogram_of({}, 4).limits.empty());
}

TEST_CASE("a curve that goes on from a checkpoint has later steps of earlier files forgotten") {
  const tests::Scratch scratch("events");
  Curve before, after;
  before.watch(std::make_shared<EventFile>(scratch / "before"), true);
  for (int i = 0; i < 3; ++i) before.add_step({{"loss", 0.5}});
  before.add({{"loss", 0.5}});
  after.load_state(before.state(), "test");
  after.watch(std::make_shared<EventFile>(scratch / "after"), true);
  after.add_step({{"loss", 0.25}});
  const auto records = records_of(read_file(file_in(scratch / "after")));
  REQUIRE(records.size() == 3);
  // behind the time: step (field 2) 4, then session_log (field 7) with the status (field 1) START
  CHECK(records[1].substr(9) == std::string("\x10\x04\x3a\x02\x08\x01", 6));
  CHECK(records[2].substr(9, 2) == "\x10\x04");
  CHECK(records_of(read_file(file_in(scratch / "before"))).size() == 5);
}

TEST_CASE("nn.fit writes events into its run, each step if asked, and each fold into a folder of its own") {
  const tests::Scratch scratch("events");
  std::ofstream(scratch / "recipe.lua") << R"(
local lumir = require 'lumir'
local nn = lumir.nn
local rows = { x = {}, y = {} }
for i = 1, 8 do rows.x[i], rows.y[i] = { math.sin(i), math.cos(i) }, i % 2 == 0 and 'even' or 'odd' end
nn.fit(nn.Linear(2, 2), rows, { epochs = 2, batch_size = 4, valid = rows, events = 'step' })
nn.fit(nn.Linear(2, 2), rows, { epochs = 3, events = 'epoch', histograms = true })
nn.fit(nn.Linear(2, 2), rows, { epochs = 1 })
)";
  const auto outcome = tests::run(scratch.folder(), "recipe.lua");
  CHECK(outcome.err == "");
  const std::string folder = scratch / "runs/recipe/1/events/";
  const auto first = records_of(read_file(file_in(folder + "1")));
  for (const auto* tag : {"loss", "valid_loss", "accuracy", "valid_accuracy", "valid_f1", "lr", "grad_norm"}) {
    CHECK(count(first, tag) == 2);
  }
  for (const auto* tag : {"step/loss", "step/lr", "step/grad_norm"}) CHECK(count(first, tag) == 4);
  const auto second = records_of(read_file(file_in(folder + "2")));
  CHECK(count(second, "loss") == 3);
  CHECK(count(second, "step/loss") == 0);
  for (const auto* tag : {"weights/weight", "weights/bias", "gradients/weight", "gradients/bias"}) {
    CHECK(count(second, tag) == 3);
    CHECK(count(first, tag) == 0);
  }
  CHECK_FALSE(std::filesystem::exists(folder + "3"));
}
