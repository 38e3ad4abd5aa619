// Frozen networks as steps, from several threads.

#include <atomic>
#include <chrono>
#include <thread>

#include <ATen/ops/ones.h>

#include <catch2/catch.hpp>

#include "core/makers.h"
#include "core/step.h"
#include "nn/frozen_step.h"

using namespace lumir;

namespace {

std::atomic<int> inside{0}, most{0};

/// Notes how many are in it at once.
class Crowd final : public nn::Described<nn::Layer, NoOptions> {
 public:
  using Described::Described;

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

}  // namespace

TEST_CASE("a network that several steps share has one batch in it at a time, whichever step it comes from") {
  register_crowd();
  const Value linear = Map{{"name", "nn.Linear"}, {"options", Map{{"in_features", 2}, {"out_features", 2}}}};
  const Value crowd = Map{{"name", "nn.testing.Crowd"}, {"options", Map{}}};
  const auto network = nn::make_module("Sequential", {{"modules", List{linear, crowd}}});
  const StepPtr made = nn::frozen_step(network, "", {}), read = make_step(made->description());
  std::vector<std::thread> threads;
  for (const StepPtr& step : {made, read}) {
    threads.emplace_back([step] {
      for (int i = 0; i < 3; ++i) step->apply(at::Tensor(at::ones({2})));
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(most == 1);
}
