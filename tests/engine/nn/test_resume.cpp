// Trainings that are killed and go on: the weights come out as if nothing had happened.

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

#include "core/file.h"
#include "program.h"

namespace {

using lumir::tests::Scratch;

/// Everything that a training draws and remembers, and a kill -9 in the middle of a batch where one is asked for.
constexpr const char* kRecipe = R"(
local lumir = require 'lumir'
local nn, optim = lumir.nn, lumir.optim
local opt = lumir.options { epochs = 6, kill_epoch = 0, kill_batch = 0 }
lumir.seed(3)
local rows, labels = {}, {}
for i = 1, 40 do rows[i], labels[i] = { math.sin(i), math.cos(3 * i), i % 2 }, i % 2 == 0 and 'even' or 'odd' end
local data = lumir.data.table { x = rows, y = labels }
local net = nn.Sequential { nn.Linear(3, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 2) }
local adamw = optim.AdamW(net, { lr = 0.01 })
local cosine = optim.CosineAnnealingLR(adamw, { T_max = opt.epochs })
local loss, mixup = nn.CrossEntropyLoss(), lumir.augment.Mixup { alpha = 0.4, n_classes = 2 }
local curve, best = lumir.report.Curve(), nn.Best(net)  -- of the loss: an early epoch, so that its weights stand apart
for epoch in nn.epochs(opt.epochs, { net, adamw, cosine, curve, best }) do
  local mean, batch = lumir.evaluate.Mean(), 0
  for x, y in data:batches { batch_size = 8, shuffle = true } do
    batch = batch + 1
    if epoch == opt.kill_epoch and batch == opt.kill_batch then os.execute 'kill -9 $PPID' end
    local mixed, target = mixup(x, y)
    mean:add(adamw:minimize(loss(net(mixed), target)), x.shape[1])
  end
  cosine:step()
  best:offer(mean.value)
  curve:add { epoch = epoch, loss = mean.value, lr = adamw.lr }
end
net:save 'last.safetensors'
best:restore()
net:save 'best.safetensors'
)";

struct Weights {
  std::string last, best;
  bool operator==(const Weights&) const = default;
};

Weights weights_in(const Scratch& place, const char* run) {
  const auto folder = std::filesystem::path(place.folder()) / "runs/train" / run;
  return {lumir::read_file((folder / "last.safetensors").string()),
          lumir::read_file((folder / "best.safetensors").string())};
}

}  // namespace

TEST_CASE("a training that was killed at any moment comes out bit by bit as one that was not") {
  const Scratch whole("whole");
  lumir::write_file(whole / "train.lua", kRecipe);
  REQUIRE(lumir::tests::run(whole.folder(), "train.lua").status == 0);
  const Weights wanted = weights_in(whole, "1");
  CHECK((wanted.last != wanted.best));

  for (const auto& [epoch, batch] : {std::pair{2, 1}, {2, 5}, {4, 3}, {6, 5}}) {
    INFO("killed in epoch " << epoch << ", batch " << batch);
    const Scratch killed("killed");
    lumir::write_file(killed / "train.lua", kRecipe);
    const std::string at = " --kill_epoch=" + std::to_string(epoch) + " --kill_batch=" + std::to_string(batch);
    CHECK(lumir::tests::run(killed.folder(), "train.lua" + at).status != 0);
    const auto resumed = lumir::tests::run(killed.folder(), "train.lua --resume --kill_epoch=0");
    INFO(resumed.err);
    REQUIRE(resumed.status == 0);
    CHECK((weights_in(killed, "1") == wanted));
  }
}

TEST_CASE("what cannot be resumed is said in a line") {
  const Scratch place("nothing");
  lumir::write_file(place / "train.lua", kRecipe);
  const std::string nothing = "error: --resume: nothing to resume: no run of train.lua was stopped in its training";
  CHECK(lumir::tests::run(place.folder(), "train.lua --resume").err == nothing + "\n");
  CHECK(lumir::tests::run(place.folder(), "train.lua --epochs=4 --kill_epoch=3 --kill_batch=1").status != 0);
  const auto fewer = lumir::tests::run(place.folder(), "train.lua --resume --epochs=1 --kill_epoch=0");
  CHECK(fewer.status == 1);
  CHECK(fewer.err.find("checkpoints/1.safetensors: has 2 epochs behind it, the loop has 1") != std::string::npos);
  CHECK(lumir::tests::run(place.folder(), "train.lua --resume=x").err ==
        "error: --resume must be the number of a run, got 'x'\n");
}

TEST_CASE("a run that came to its end is not touched; the newest that was stopped goes on, or the one that is named") {
  const Scratch place("finished");
  lumir::write_file(place / "train.lua", kRecipe);
  const std::string stop = " --kill_batch=1 --kill_epoch=";
  CHECK(lumir::tests::run(place.folder(), "train.lua" + stop + "2").status != 0);
  CHECK(lumir::tests::run(place.folder(), "train.lua" + stop + "3").status != 0);
  REQUIRE(lumir::tests::run(place.folder(), "train.lua").status == 0);
  const Weights finished = weights_in(place, "3");
  const auto refused = lumir::tests::run(place.folder(), "train.lua --resume=3 --epochs=7");
  CHECK(refused.status == 1);
  CHECK(refused.err == "error: --resume=3: runs/train/3 is finished; stopped in their training: 1, 2\n");
  CHECK(lumir::tests::run(place.folder(), "train.lua --resume=9").err ==
        "error: --resume=9: runs/train/9 is not there; stopped in their training: 1, 2\n");
  REQUIRE(lumir::tests::run(place.folder(), "train.lua --resume=1 --kill_epoch=0").status == 0);
  CHECK((weights_in(place, "1") == finished));
  REQUIRE(lumir::tests::run(place.folder(), "train.lua --resume --kill_epoch=0").status == 0);
  CHECK((weights_in(place, "2") == finished));
  const auto none = lumir::tests::run(place.folder(), "train.lua --resume --epochs=7");
  CHECK(none.err ==
        "error: --resume: nothing to resume: no run of train.lua was stopped in its training; the last one, "
        "runs/train/3, is finished\n");
  CHECK((weights_in(place, "3") == finished));
}
