// Tables whose rows stay on disk, files that a step fails for, epochs, and parts of recordings.

#include <atomic>
#include <mutex>

#include <ATen/ops/full.h>

#include "audio/clip.h"
#include "core/cache.h"
#include "core/error.h"
#include "core/memory.h"
#include "core/parallel.h"
#include "data/corpus.h"
#include "data/table.h"
#include "engine/data/in_store.h"
#include "engine/data/scratch.h"
#include "feature/plan/frames.h"

#undef CHECK  // LibTorch's logging has one too
#include <catch2/catch.hpp>

using namespace lumir;
using namespace lumir::data;
using tests::Listener;
using tests::ScratchFolder;

namespace {

/// A step that is a function: of a path, in a context.
class Does final : public Step {
 public:
  using Function = std::function<std::any(const std::string& path, const Context& context)>;
  explicit Does(Function function, bool draws = false, size_t batch = 1)
      : Step(*find_entry("lumir.chain"), {}), function_(std::move(function)), draws_(draws), batch_(batch) {
    static std::atomic<int> counter = 0;
    key_ = "does " + std::to_string(counter++);
  }
  std::any apply(const std::any& input, const Context& context) const override {
    ++calls;
    return function_(input_as<std::string>(input, "does", "a path"), context);
  }
  std::vector<std::any> apply_batch(std::span<const std::any> inputs,
                                    std::span<const Context> contexts) const override {
    {
      const std::lock_guard lock(guard);
      batches.push_back(inputs.size());
    }
    return Step::apply_batch(inputs, contexts);
  }
  size_t batch_size() const override { return batch_; }
  bool draws() const override { return draws_; }
  std::string key() const override { return key_; }

  mutable std::atomic<int> calls = 0;
  mutable std::mutex guard;
  mutable std::vector<size_t> batches;

 private:
  Function function_;
  std::string key_;
  bool draws_;
  size_t batch_;
};

/// A corpus of tiny files, a cache, and what observers hear.
struct Spot {
  explicit Spot(int songs = 6) {
    for (int i = 0; i < songs; ++i) {
      folder.file(std::string(i % 2 ? "abba/A/" : "queen/Q/") + std::to_string(i) + ".mp3",
                  "song " + std::to_string(i));
    }
  }
  Dataset songs() const { return open_corpus("artist20", folder.path()); }

  ScratchFolder folder, kept;
  Cache cache{kept.path()};
  CacheScope cache_scope{cache};
  Listener listener;
  ObserverScope observer_scope{listener};
};

double number_in(const std::string& path) { return std::stod(read_file(path).substr(5)); }

feature::Description row_of(double number) { return {{"number"}, {number}}; }

}  // namespace

TEST_CASE("a chain that ends in a tensor makes a table of items, read from disk when they are asked for") {
  const Spot place;
  const auto step = std::make_shared<Does>([](const std::string& path, const Context&) -> std::any {
    return at::full({2, 3}, number_in(path));
  });
  const Table table = place.songs().map(step).table();
  REQUIRE(table.items);
  CHECK(table.rows() == 6);
  CHECK(table.x->rows == 0);
  CHECK(table.y.size() == 6);
  CHECK(table.columns.empty());
  const auto value = [](const Table& of, size_t i) {
    return std::any_cast<at::Tensor>(of.items->at(i))[1][2].item<float>();
  };
  for (size_t i = 0; i < 6; ++i) CHECK(value(table, i) == static_cast<float>(number_in(table.paths[i])));
  const std::vector<int> two{5, 0};
  const Table part = table.take(two);
  CHECK(part.rows() == 2);
  CHECK(value(part, 0) == value(table, 5));
  CHECK(part.ids[1] == table.ids[0]);
  CHECK(step->calls == 6);
  const Table again = place.songs().map(step).table();
  CHECK(value(again, 3) == value(table, 3));
  CHECK(step->calls == 6);
  CHECK_THROWS_WITH(need_numbers(table, "fit"),
                    "fit: the chain ends in a tensor, and a table needs one row for each recording (end the chain with "
                    "feature.summary)");
}

TEST_CASE("items that the cache has let go are worked out again, unless the file has changed") {
  Spot place;
  const auto step = std::make_shared<Does>([](const std::string& path, const Context&) -> std::any {
    return audio::Clip{{static_cast<float>(number_in(path))}, 1, 8000};
  });
  const Table table = place.songs().map(step).table();
  place.cache.flush();
  tests::in_store(place.kept.path(), "DELETE FROM entries");
  CHECK(std::any_cast<audio::Clip>(table.items->at(4)).samples[0] == static_cast<float>(number_in(table.paths[4])));
  CHECK(step->calls == 7);
  place.cache.flush();
  tests::in_store(place.kept.path(), "DELETE FROM entries");
  write_file(table.paths[4], "song 99");
  CHECK_THROWS_WITH(table.items->at(4), table.paths[4] + ": has changed since it was described");
}

TEST_CASE("without a cache items stay in memory") {
  Spot place;
  Cache none("");
  const CacheScope scope(none);
  const auto step = std::make_shared<Does>(
      [](const std::string& path, const Context&) -> std::any { return at::full({1}, number_in(path)); });
  const Table table = place.songs().map(step).table();
  CHECK(std::any_cast<at::Tensor>(table.items->at(1)).item<float>() == static_cast<float>(number_in(table.paths[1])));
  CHECK(step->calls == 6);
}

TEST_CASE("a corpus of items is described and gone through in an eighth of the memory that it fills") {
  constexpr size_t kSongs = 64, kNumbers = 2 << 20;  // 8 MB each, half a gigabyte in all
  const Spot place(kSongs);
  const auto step = std::make_shared<Does>([](const std::string& path, const Context&) -> std::any {
    Several parts;
    for (int part = 0; part < 2; ++part) parts.push_back(at::full({kNumbers / 2}, number_in(path) + part, at::kFloat));
    return parts;
  });
  const StepPtr chain = make_chain({step});
  set_thread_count(2);  // each holds the parts of one song
  const size_t before = allocated_bytes();
  size_t most = 0;
  const Table table = place.songs().map(chain).table();
  most = std::max(most, allocated_bytes());
  REQUIRE(table.rows() == 2 * kSongs);
  for (int epoch = 0; epoch < 2; ++epoch) {
    double sum = 0;
    for (size_t i = 0; i < table.rows(); ++i) {
      const auto tensor = std::any_cast<at::Tensor>(table.items->at(i));
      sum += tensor.sum(at::kDouble).item<double>() / static_cast<double>(tensor.numel());
      most = std::max(most, allocated_bytes());
    }
    CHECK(sum == kSongs * (kSongs - 1) + kSongs);
  }
  CHECK(step->calls == static_cast<int>(kSongs));
  set_thread_count(0);
  CHECK(most < before + (kSongs * kNumbers * sizeof(float)) / 8);
}

TEST_CASE("rows know which recording they are parts of") {
  const Spot place(2);
  const auto step = std::make_shared<Does>([](const std::string& path, const Context&) -> std::any {
    if (number_in(path) == 0) return row_of(0);
    return Several{row_of(1), row_of(2)};
  });
  const Table table = place.songs().map(make_chain({step})).table();
  CHECK(table.ids == std::vector<std::string>{"abba/A/1.mp3#1", "abba/A/1.mp3#2", "queen/Q/0.mp3"});
  CHECK(table.recordings == std::vector<std::string>{"abba/A/1.mp3", "abba/A/1.mp3", "queen/Q/0.mp3"});
  CHECK(table.x->values == std::vector<double>{1, 2, 0});
  const std::vector<int> last{2, 1};
  CHECK(table.take(last).recordings == std::vector<std::string>{"queen/Q/0.mp3", "abba/A/1.mp3"});
}

TEST_CASE("what a step throws for one file costs that file, whatever it throws") {
  Spot place;
  const auto step = std::make_shared<Does>([](const std::string& path, const Context&) -> std::any {
    const double number = number_in(path);
    if (number == 1) throw ArgumentError("crop: 'seconds' = 30 is longer than the clip");
    if (number == 2) throw std::runtime_error("sizes differ\nat address 0x1");
    if (number == 3) return Several{};
    return row_of(number);
  });
  const Table table = place.songs().map(make_chain({step})).table();
  CHECK(table.x->values == std::vector<double>{5, 0, 4});
  REQUIRE(table.skipped.size() == 3);
  const std::string at = place.folder.path() + "/";
  CHECK(place.listener.warnings ==
        std::vector<std::string>{at + "abba/A/1.mp3: crop: 'seconds' = 30 is longer than the clip",
                                 at + "abba/A/3.mp3: too short for one excerpt", at + "queen/Q/2.mp3: sizes differ",
                                 "3 songs of 6 left out, listed above"});
}

TEST_CASE("a pass stops where every file fails in the same words, with that one error, and may be tried again") {
  Spot place;
  bool broken = true;
  const auto step = std::make_shared<Does>([&](const std::string& path, const Context&) -> std::any {
    if (broken) throw ArgumentError("summary: takes frames, got a clip");
    return row_of(number_in(path));
  });
  const Dataset songs = place.songs().map(step);
  CHECK_THROWS_AS(songs.table(), ArgumentError);
  CHECK_THROWS_WITH(songs.table(), "summary: takes frames, got a clip");
  CHECK(place.listener.warnings.empty());
  broken = false;
  CHECK(songs.table().rows() == 6);
}

TEST_CASE("an interrupt ends the pass and is nobody's fault") {
  Spot place;
  const auto step =
      std::make_shared<Does>([&](const std::string&, const Context&) -> std::any { throw Interrupted(); });
  CHECK_THROWS_AS(place.songs().map(step).table(), Interrupted);
  CHECK(place.listener.warnings.empty());
}

TEST_CASE("a chain that draws is described anew in each epoch, and the same in the same") {
  const Spot place;
  const auto step = std::make_shared<Does>(
      [](const std::string& path, const Context& context) -> std::any {
        Context of_row = context;
        of_row.row = static_cast<uint64_t>(number_in(path));
        return row_of(of_row.random().uniform());
      },
      true);
  const Dataset songs = place.songs().map(step);
  const Table first = songs.table(), second = songs.table(1);
  CHECK(first.x->values != second.x->values);
  CHECK(step->calls == 12);
  set_thread_count(1);
  CHECK(place.songs().map(step).table(1).x->values == second.x->values);
  CHECK(step->calls == 12);
  {
    Cache none("");
    const CacheScope scope(none);
    CHECK(place.songs().map(step).table(1).x->values == second.x->values);
    CHECK(step->calls == 18);
  }
  set_thread_count(0);

  const auto plain = std::make_shared<Does>(
      [](const std::string& path, const Context&) -> std::any { return row_of(number_in(path)); });
  place.songs().map(plain).table(0);
  place.songs().map(plain).table(1);
  CHECK(plain->calls == 6);
}

TEST_CASE("a chain that takes recordings in batches gets them so, and one that fails costs only itself") {
  const Spot place;
  const auto step = std::make_shared<Does>(
      [](const std::string& path, const Context&) -> std::any {
        if (number_in(path) == 2) throw Error("no sound");
        return row_of(number_in(path));
      },
      false, 4);
  set_thread_count(1);
  const Table table = place.songs().map(make_chain({step})).table();
  set_thread_count(0);
  CHECK(table.x->values == std::vector<double>{1, 3, 5, 0, 4});
  CHECK(std::count(step->batches.begin(), step->batches.end(), size_t{4}) == 1);
  CHECK(place.listener.tasks == std::vector<std::string>{"describe 6 songs"});
  REQUIRE(table.skipped.size() == 1);
  CHECK(table.skipped[0].reason == place.folder.path("queen/Q/2.mp3") + ": no sound");
}
