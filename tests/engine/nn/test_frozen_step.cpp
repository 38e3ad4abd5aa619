// Frozen networks as steps: from several threads, and read again from what the cache keeps.

#include <atomic>
#include <chrono>
#include <thread>

#include <ATen/ops/ones.h>

#include <catch2/catch.hpp>

#include "core/cache.h"
#include "core/makers.h"
#include "core/step.h"
#include "engine/data/scratch.h"
#include "feature/plan/frames.h"
#include "nn/frozen_step.h"

using namespace lumir;

namespace {

std::atomic<int> inside{0}, most{0};

/// Notes how many are in it at once.
class Crowd final : public nn::Described<nn::Layer, NoOptions> {
 public:
  using Described::Described;
  std::string source() const override { return "the tests"; }  // which no build has the hash of

 protected:
  at::Tensor forward(const at::Tensor& x) override {
    const int now = ++inside;
    if (now > most) most = now;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    --inside;
    return x;
  }
};

/// Beside Lumir's own layers, whose tests look at all of them.
void register_crowd() {
  static const Entry& entry =
      register_entry("nn.testing", "Crowd", {"Its input.", "a Tensor", "", "the tests of frozen steps"}, {});
  Makers<nn::Module>::add(entry, [](const Entry& found, const Map& options) -> nn::ModulePtr {
    return std::make_shared<Crowd>(found, options);
  });
}

Value linear(int width) {
  return Map{{"name", "nn.Linear"}, {"options", Map{{"in_features", width}, {"out_features", width}}}};
}

std::vector<double> values_of(const StepPtr& step, int width) {
  return std::any_cast<feature::Description>(step->apply(at::Tensor(at::ones({width})))).values;
}

}  // namespace

TEST_CASE("a network that several steps share has one batch in it at a time, whichever step it comes from") {
  register_crowd();
  const Value crowd = Map{{"name", "nn.testing.Crowd"}, {"options", Map{}}};
  const auto network = nn::make_module("Sequential", {{"modules", List{linear(2), crowd}}});
  const StepPtr made = nn::frozen_step(network, "", {}), read = make_step(made->description()),
                again = nn::frozen_step(network, "", {});
  std::vector<std::thread> threads;
  for (const StepPtr& step : {made, read, again}) {
    threads.emplace_back([step] {
      for (int i = 0; i < 3; ++i) step->apply(at::Tensor(at::ones({2})));
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(most == 1);
}

TEST_CASE("a step of a float64 network is the same where its description is read again") {
  const auto network = nn::make_module(linear(2));
  network->to(std::nullopt, at::kDouble);
  StepPtr step = nn::frozen_step(network, "", {});
  const Value description = step->description();
  const auto wanted = values_of(step, 2);
  step.reset();
  CHECK(values_of(make_step(description), 2) == wanted);
}

TEST_CASE("results of a network and of its last part, whose numbers are called otherwise, are kept apart") {
  const auto network = nn::make_module("Sequential", {{"modules", List{linear(2)}}, {"names", List{"embedding"}}});
  CHECK(nn::frozen_step(network, "", {})->key() != nn::frozen_step(network, "embedding", {})->key());
}

TEST_CASE("the cache lets weights go; a step that has them puts them back, and without one that is said") {
  const tests::ScratchFolder folder;
  Cache kept(folder.path());
  const CacheScope scope(kept);
  const auto empty = [&] { Cache(folder.path(), 0).sweep(); };
  const int width = GENERATE(2, 300);  // which is a small entry, and a large one
  StepPtr step = nn::frozen_step(nn::make_module(linear(width)), "", {});
  const Value description = step->description();
  const auto wanted = values_of(step, width);
  empty();
  CHECK(values_of(make_step(description), width) == wanted);
  step.reset();
  CHECK(values_of(make_step(description), width) == wanted);
  empty();
  CHECK_THROWS_WITH(make_step(description), "frozen: weights of sha256 " + *description["options"]["weights"].text() +
                                                " are not in the cache (" + folder.path() +
                                                "); net:step of the network that has them puts them there");
}
