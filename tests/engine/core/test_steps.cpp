// Steps: what they draw, batches, the steps inside steps, and results on disk.

#include <atomic>
#include <numeric>

#include <ATen/ops/arange.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/ones.h>

#include "audio/clip.h"
#include "core/cache.h"
#include "core/codec.h"
#include "core/error.h"
#include "core/step.h"
#include "engine/data/scratch.h"
#include "feature/plan/frames.h"

#undef CHECK  // LibTorch's logging has one too
#include <catch2/catch.hpp>

using namespace lumir;
using audio::Clip;
using feature::Frames;
using tests::ScratchFolder;

namespace {

struct DrawOptions {
  std::optional<int> seed;
  static Schema schema() { return {seed_option<DrawOptions>()}; }
};

/// A number and a draw: the simplest step that draws.
double drawn(const double& input, const DrawOptions&, Random& random) { return input + random.uniform(); }

const RegisterStep<DrawOptions, double, double> drawn_step{
    "testing", "drawn", drawn, "a number", {"Adds a draw.", "a number", "testing.drawn()", "the tests of steps"}};

/// Where it stands.
double epoch_of(const double&, const NoOptions&, const Context& context) { return static_cast<double>(context.epoch); }

const RegisterStep<NoOptions, double, double> epoch_step{
    "testing",
    "epoch_of",
    epoch_of,
    "a number",
    {"The epoch.", "a number", "testing.epoch_of()", "the tests of steps"}};

Several three(const double& input, const NoOptions&) { return {input, input, input + 1}; }

const RegisterStep<NoOptions, double, Several> three_step{
    "testing", "three", three, "a number", {"Three of one.", "numbers", "testing.three()", "the tests of steps"}};

/// Takes up to 4 numbers at once and notes how many came.
class Batched final : public Step {
 public:
  Batched() : Step(*find_entry("testing.epoch_of"), {}) {}
  std::any apply(const std::any& input, const Context& context) const override {
    return apply_batch({&input, 1}, {&context, 1})[0];
  }
  std::vector<std::any> apply_batch(std::span<const std::any> inputs,
                                    std::span<const Context> contexts) const override {
    REQUIRE(inputs.size() == contexts.size());
    sizes.push_back(inputs.size());
    std::vector<std::any> results;
    for (const auto& input : inputs) results.push_back(2 * std::any_cast<double>(input));
    return results;
  }
  size_t batch_size() const override { return 4; }
  mutable std::vector<size_t> sizes;
};

double number(const std::any& value) { return std::any_cast<double>(value); }

std::vector<double> numbers(const std::any& several) {
  std::vector<double> list;
  for (const auto& one : std::any_cast<const Several&>(several)) list.push_back(number(one));
  return list;
}

struct SeedScope {
  explicit SeedScope(uint64_t seed) : before(global_seed()) { set_global_seed(seed); }
  ~SeedScope() { set_global_seed(before); }
  uint64_t before;
};

template <class T>
std::any through_file(const Cache& cache, const std::string& key) {
  const auto entry = cache.map(key);
  REQUIRE(entry);
  Reader from(*entry);
  return read_result(from);
}

template <class T>
T kept(const T& value) {
  const ScratchFolder folder;
  Cache cache(folder.path());
  const auto entry = cache.start("it");
  write_result(value, *entry);
  REQUIRE(entry->finish());
  return std::any_cast<T>(through_file<T>(cache, "it"));
}

}  // namespace

TEST_CASE("draws differ by seed, epoch, copy and place, and by nothing else") {
  const StepPtr step = make_step("testing.drawn", {});
  const auto draw = [&](const Context& context) { return number(step->apply(0.5, context)); };
  const Context first{.seed = 1};
  CHECK(draw(first) == draw({.seed = 1}));
  CHECK(draw(first) != draw({.seed = 2}));
  CHECK(draw(first) != draw({.seed = 1, .epoch = 1}));
  CHECK(draw({.seed = 1, .epoch = 1}) != draw({.seed = 1, .epoch = 2}));
  CHECK(draw(first.copy(0)) == draw(first));
  CHECK(draw(first.copy(1)) != draw(first));
  CHECK(draw(first.copy(1)) != draw(first.step(1)));
  CHECK(draw(first.piece(0)) != draw(first.piece(1)));
  CHECK(draw({.seed = 1, .device = "cuda"}) == draw(first));
  CHECK(number(step->apply(0.25, first)) - 0.25 != draw(first) - 0.5);  // the content stands for the row
}

TEST_CASE("a step with a seed of its own draws by it, anew in each epoch") {
  const StepPtr step = make_step("testing.drawn", {{"seed", 5}});
  CHECK(number(step->apply(0.5, {.seed = 1})) == number(step->apply(0.5, {.seed = 2})));
  CHECK(number(step->apply(0.5, {.epoch = 1})) != number(step->apply(0.5, {.epoch = 2})));
}

TEST_CASE("calls in a row differ, and come again with the seed") {
  const SeedScope scope(3);
  const StepPtr step = make_step("testing.drawn", {});
  const auto three_calls = [&] {
    set_global_seed(3);
    std::vector<double> results;
    for (int i = 0; i < 3; ++i) results.push_back(number(call_step(*step, 0.5)));
    return results;
  };
  const auto results = three_calls();
  CHECK(results[0] != results[1]);
  CHECK(results[1] != results[2]);
  CHECK(results[0] == number(step->apply(0.5)));
  CHECK(three_calls() == results);
}

TEST_CASE("two steps of a chain draw differently though the first changes nothing") {
  struct Unchanged {
    static double same(const double& input, const DrawOptions&, Random& random) { return input + 0 * random.uniform(); }
  };
  static const RegisterStep<DrawOptions, double, double> same_step{
      "testing", "same", Unchanged::same, "a number", {"Draws in vain.", "a number", "testing.same()", "tests"}};
  const StepPtr alone = make_step("testing.drawn", {});
  const StepPtr after = make_chain({make_step("testing.same", {}), alone});
  CHECK(number(after->apply(0.5)) != number(alone->apply(0.5)));
  CHECK(number(make_chain({make_step("testing.epoch_of", {}), alone})->apply(0.5)) == number(alone->apply(0.0)));
}

TEST_CASE("things that are alike draw differently after they were made of one") {
  const auto results =
      numbers(make_chain({make_step("testing.three", {}), make_step("testing.drawn", {})})->apply(0.5));
  REQUIRE(results.size() == 3);
  CHECK(results[0] != results[1]);
}

TEST_CASE("a function may ask where it is") {
  CHECK(number(make_step("testing.epoch_of", {})->apply(0.0, {.epoch = 7})) == 7);
  CHECK_FALSE(make_step("testing.epoch_of", {})->draws());
  CHECK(make_chain({make_step("testing.epoch_of", {}), make_step("testing.drawn", {})})->draws());
}

TEST_CASE("every step that draws by itself has a seed, and its key tells it") {
  for (const Entry* entry : entries()) {
    if (!is_step(entry->full_name()) || entry->module == "testing") continue;  // tests' own are in no build's hashes
    StepPtr step;
    try {
      step = make_step(entry->full_name(), {});
    } catch (const ArgumentError&) {
      continue;  // needs options
    }
    if (!step->draws()) continue;
    INFO(entry->full_name());
    CHECK(step->options().contains("seed"));
    const std::string key = step->key();
    const SeedScope scope(global_seed() + 1);
    CHECK(step->key() != key);
  }
}

TEST_CASE("a step that takes several inputs at once gets as many as it asks for") {
  const auto batched = std::make_shared<Batched>();
  const StepPtr chain = make_chain({make_step("testing.three", {}), batched});
  CHECK(chain->batch_size() == 4);
  std::vector<std::any> inputs{1.0, 2.0, 3.0};
  const std::vector<Context> contexts(3);
  const auto results = chain->apply_batch(inputs, contexts);
  REQUIRE(results.size() == 3);
  CHECK(numbers(results[0]) == std::vector<double>{2, 2, 4});
  CHECK(numbers(results[2]) == std::vector<double>{6, 6, 8});
  CHECK(batched->sizes == std::vector<size_t>{4, 4, 1});
  CHECK(number(make_chain({batched})->apply(1.5)) == 3);
}

TEST_CASE("results come one by one, each before the next thing goes through the chain") {
  static std::vector<std::string> order;
  struct Noting {
    static double note(const double& input, const NoOptions&) {
      order.push_back("in");
      return input;
    }
  };
  static const RegisterStep<NoOptions, double, double> note_step{
      "testing", "note", Noting::note, "a number", {"Notes.", "a number", "testing.note()", "tests"}};
  const StepPtr chain = make_chain({make_step("testing.three", {}), make_step("testing.note", {})});
  const std::any input = 1.0;
  const Context context;
  chain->apply_each({&input, 1}, {&context, 1}, [&](size_t, const std::any&) { order.push_back("out"); });
  CHECK(order == std::vector<std::string>{"in", "out", "in", "out", "in", "out"});
}

TEST_CASE("all steps are those of the chain and those inside sets, copies and profiles") {
  const Value gain = make_step("augment.gain", {})->description();
  const Value mfcc = make_step("feature.mfcc", {})->description();
  const StepPtr chain =
      make_chain({make_step("audio.load", {}), make_step("augment.copies", {{"n", 2}, {"steps", List{gain}}}),
                  make_step("feature.set", {{"features", List{mfcc}}})});
  std::vector<std::string> names;
  for (const auto& step : all_steps(chain)) names.push_back(step->entry().full_name());
  CHECK(names ==
        std::vector<std::string>{"audio.load", "augment.copies", "augment.gain", "feature.set", "feature.mfcc"});
  CHECK(all_steps(make_step("feature.set", {{"features", "fma"}})).size() > 5);
  CHECK(all_steps(make_step("augment.degrade", {})).size() > 2);
}

TEST_CASE("every kind of result comes back from disk as it was") {
  CHECK(kept(2.5) == 2.5);
  CHECK(kept(std::string("björk")) == "björk");
  const Clip clip{{0.5f, -0.25f, 1, 0}, 2, 8000};
  CHECK(kept(clip).samples == clip.samples);
  CHECK(kept(clip).channels == 2);
  CHECK(kept(clip).rate == 8000);
  const feature::Description row{{"a", "b"}, {1, 2}};
  CHECK(kept(row).names == row.names);
  CHECK(kept(row).values == row.values);
  Frames frames;
  frames.rows = 2;
  frames.frames = 3;
  frames.values = {1, 2, 3, 4, 5, 6};
  frames.names = {"x_1", "x_2"};
  frames.scalar_names = {"tempo"};
  frames.scalars = {120};
  frames.times = {{{0.5, 1}}, {}};
  frames.parts = {{"x", 0, 2}, {"tempo", 0, 1, feature::Gives::number}};
  frames.frame_rate = 43;
  const Frames back = kept(frames);
  CHECK(back.values == frames.values);
  CHECK(back.names == frames.names);
  CHECK(back.scalars == frames.scalars);
  CHECK(back.times[0].seconds == frames.times[0].seconds);
  CHECK(back.times.size() == 2);
  CHECK(back.parts[1].gives == feature::Gives::number);
  CHECK(back.frame_rate == 43);
}

TEST_CASE("tensors of every element type come back, without a copy and free to be changed") {
  for (const auto type : {at::kFloat, at::kDouble, at::kHalf, at::kBFloat16, at::kLong, at::kInt, at::kByte, at::kBool,
                          at::kComplexFloat}) {
    const at::Tensor tensor = at::arange(6, at::kFloat).reshape({2, 3}).to(type).t();
    at::Tensor back = kept(tensor);
    CHECK(back.scalar_type() == type);
    CHECK(at::equal(back, tensor));
    back.zero_();
  }
  CHECK(kept(at::ones({0, 4})).size(1) == 4);
  CHECK(kept(at::ones({})).item<float>() == 1);
}

TEST_CASE("what has no form on disk says so") {
  const ScratchFolder folder;
  Cache cache(folder.path());
  const auto entry = cache.start("it");
  CHECK_THROWS_WITH(write_result(Several{1.0}, *entry), "no form on disk is known for several things");
}

TEST_CASE("a large entry appears when it is finished; a damaged or cut one is none") {
  const ScratchFolder folder;
  Cache cache(folder.path());
  std::vector<float> many(3'000'000);
  std::iota(many.begin(), many.end(), 0.0f);
  auto entry = cache.start("many");
  entry->text("first");
  entry->array(std::span<const float>(many));
  CHECK_FALSE(cache.map("many"));
  REQUIRE(entry->finish());
  {
    const auto bytes = cache.map("many");
    REQUIRE(bytes);
    Reader from(*bytes);
    CHECK(from.text() == "first");
    const auto read = from.array<float>();
    CHECK(std::equal(read.begin(), read.end(), many.begin(), many.end()));
    CHECK(reinterpret_cast<uintptr_t>(read.data()) % kNumbersAlignment == 0);
    CHECK_THROWS_WITH(from.number<double>(), "a kept result ends too early");
  }
  CHECK(cache.map("many", true));
  std::string path;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder.path("entries"))) {
    if (file.is_regular_file() && file.file_size() > 1000) path = file.path();
  }
  std::string text = read_file(path);
  text[text.size() / 2] ^= 1;
  write_file(path, text);
  CHECK_FALSE(cache.map("many"));
  CHECK_FALSE(std::filesystem::exists(path));
  text.resize(text.size() / 2);
  write_file(path, text);
  CHECK_FALSE(cache.map("many", true));
  entry = cache.start("never");
  entry->text("half");
  entry = nullptr;
  CHECK_FALSE(cache.map("never"));
}

TEST_CASE("a cache that cannot be written starts no entry, after one warning") {
  tests::Listener listener;
  const ObserverScope scope(listener);
  const ScratchFolder folder;
  Cache cache(folder.file("no_folder"));
  const auto entry = cache.start("it");
  if (entry) CHECK_FALSE(entry->finish());
  CHECK_FALSE(cache.start("it"));
  CHECK(listener.warnings.size() == 1);
  CHECK_FALSE(Cache("").start("it"));
}
