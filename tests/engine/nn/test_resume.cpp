// Trainings that are killed and go on: the weights come out as if nothing had happened.

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/file.h"
#include "program.h"

namespace {

using lumir::tests::Scratch;

/// Everything that a training draws and remembers, and a signal in the middle of a batch where one is asked for. A body
/// of its own: a pass before the one that trains, means, a count, accumulated gradients, by minimize and by hand.
constexpr const char* kLoop = R"(
local lumir = require 'lumir'
local nn, optim = lumir.nn, lumir.optim
local opt = lumir.options { epochs = 6, every = 0, rows = 40, accumulate = 3, hands = false,
  signal = 9, kill_epoch = 0, kill_batch = 0 }
lumir.seed(3)
local rows, labels = {}, {}
for i = 1, opt.rows do rows[i], labels[i] = { math.sin(i), math.cos(3 * i), i % 2 }, i % 2 == 0 and 'even' or 'odd' end
local data = lumir.data.table { x = rows, y = labels }
local net = nn.Sequential { nn.Linear(3, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 2) }
local adamw = optim.AdamW(net, { lr = 0.01 })
local plateau = optim.ReduceLROnPlateau(adamw, { patience = 0, threshold = 0.05, factor = 0.9 })
local loss, mixup = nn.CrossEntropyLoss(), lumir.augment.Mixup { alpha = 0.4, n_classes = 2 }
local curve, best = lumir.report.Curve(), nn.Best(net)  -- of the loss: an early epoch, so that its weights stand apart
local averaged = optim.AveragedModel(net, { decay = 0.9 })
local counted, here = { batches = 0 }, 0
for epoch in nn.epochs(opt.epochs, { net, adamw, plateau, curve, best, counted, averaged }, { every = opt.every }) do
  local before, mean = lumir.evaluate.Mean(), lumir.evaluate.Mean()
  for x, y in data:batches { batch_size = 16 } do before:add(loss(net(x), y):item()) end
  local batches = data:batches { batch_size = 6, shuffle = true }
  for x, y in batches do
    counted.batches, here = counted.batches + 1, here + 1
    if epoch == opt.kill_epoch and batches.done == opt.kill_batch then
      os.execute(('(sleep %g; kill -%d $PPID) &'):format(opt.signal == 9 and 0 or 0.2, opt.signal))
      local till = os.time() + 2                           -- os.execute itself lets no SIGINT through
      while os.time() < till do end
    end
    local mixed, target = mixup(x, y)
    local value = loss(net(mixed), target)
    if opt.hands then
      (value / opt.accumulate):backward()
      if batches.done % opt.accumulate == 0 then
        adamw:step()
        adamw:zero_grad()
      end
    else
      adamw:minimize(value, { accumulate = opt.accumulate })
    end
    averaged:update()
    mean:add(value:item(), x.shape[1])
  end
  plateau:step(mean.value)
  best:offer(mean.value)
  curve:add { epoch = epoch, before = before.value, loss = mean.value, lr = adamw.lr, batches = counted.batches }
end
net:save 'last.safetensors'
best:restore()
net:save 'best.safetensors'
local file = assert(io.open(lumir.report.folder() .. '/curve.json', 'w'))
for _, row in ipairs(curve.rows) do file:write(('%.17g %.17g %.17g %d\n'):format(row.before, row.loss, row.lr, row.batches)) end
file:write(('%d %.17g\n'):format(averaged.n_averaged, averaged:state_dict()['average.0.weight']:sum():item()))
file:close()
print(('%d batches here'):format(here))
)";

/// The same of nn.fit; `valid`: the signal comes while it is judged on other data, behind the last batch.
constexpr const char* kFit = R"(
local lumir = require 'lumir'
local nn, optim = lumir.nn, lumir.optim
local opt = lumir.options { epochs = 4, every = 0, rows = 40, valid = false, signal = 9, kill_epoch = 0, kill_batch = 0 }
lumir.seed(5)
local rows, labels = {}, {}
for i = 1, opt.rows do rows[i], labels[i] = { math.sin(i), math.cos(3 * i), i % 2 }, i % 2 == 0 and 'even' or 'odd' end
local data = lumir.data.table { x = rows, y = labels }
local net = nn.Sequential { nn.Linear(3, 16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 2) }
local epoch, here, trained = 1, 0, 0
net:register_forward_hook(function()
  if net.training then here, trained = here + 1, trained + 1 end
  if epoch ~= opt.kill_epoch or here ~= opt.kill_batch then return end
  if net.training and opt.valid then os.execute 'sleep 0.3' end       -- a pass that is worth a save
  if net.training == opt.valid then return end
  os.execute(('kill -%d $PPID'):format(opt.signal))
end)
local run = nn.fit(net, data, {
  valid = data, epochs = opt.epochs, batch_size = 6, every = opt.every, accumulate = 2, patience = 3, keep = 'last',
  optimizer = optim.Adam { lr = 0.01 }, schedule = optim.StepLR { step_size = 3, per = 'batch', gamma = 0.95 },
  augment = { lumir.augment.Mixup { alpha = 0.4, n_classes = 2 } }, average = optim.AveragedModel { decay = 0.9 },
  on_epoch = function(row) epoch, here = row.epoch + 1, 0 end,
})
net:save 'last.safetensors'
net:save 'best.safetensors'
local file = assert(io.open(lumir.report.folder() .. '/curve.json', 'w'))
for _, row in ipairs(run.curve.rows) do
  file:write(('%.17g %.17g %.17g %.17g\n'):format(row.loss, row.accuracy, row.grad_norm, row.valid_loss))
end
file:close()
print(('%d batches here'):format(trained))
)";

struct Ends {
  std::string last, best, curve;
  bool operator==(const Ends&) const = default;
};

Ends ends_in(const Scratch& place, const char* run) {
  const auto folder = std::filesystem::path(place.folder()) / "runs/train" / run;
  return {lumir::read_file((folder / "last.safetensors").string()),
          lumir::read_file((folder / "best.safetensors").string()), lumir::read_file((folder / "curve.json").string())};
}

/// What a training that nobody stops comes to.
Ends undisturbed(const char* recipe, const std::string& options) {
  const Scratch whole("whole");
  lumir::write_file(whole / "train.lua", recipe);
  const auto outcome = lumir::tests::run(whole.folder(), "train.lua" + options);
  INFO(outcome.err);
  REQUIRE(outcome.status == 0);
  return ends_in(whole, "1");
}

/// Stops one by a signal to itself in a batch and has it go on; answers how many batches it was then given.
int stopped_at(const char* recipe, const std::string& options, int signal, int epoch, int batch, const Ends& wanted) {
  INFO("signal " << signal << " in epoch " << epoch << ", batch " << batch << options);
  const Scratch stopped("stopped");
  lumir::write_file(stopped / "train.lua", recipe);
  const std::string at = options + " --signal=" + std::to_string(signal) + " --kill_epoch=" + std::to_string(epoch) +
                         " --kill_batch=" + std::to_string(batch);
  const auto first = lumir::tests::run(stopped.folder(), "train.lua" + at);
  INFO(first.err);
  CHECK(first.status == (signal == 9 ? 137 : 130));
  const auto resumed = lumir::tests::run(stopped.folder(), "train.lua --resume --kill_epoch=0" + options);
  INFO(resumed.err);
  REQUIRE(resumed.status == 0);
  CHECK((ends_in(stopped, "1") == wanted));
  const auto found = resumed.out.find(" batches here");
  REQUIRE(found != std::string::npos);
  const auto begin = resumed.out.rfind('\n', found);
  return std::stoi(resumed.out.substr(begin == std::string::npos ? 0 : begin + 1));
}

/// The program at work; its words go nowhere.
pid_t start(const Scratch& place, const std::vector<std::string>& arguments) {
  const std::string lumir = lumir::tests::program();
  std::vector<char*> words;
  for (const auto& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  const int nowhere = open("/dev/null", O_RDWR);
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nowhere, descriptor);
  setenv("LUMIR_CACHE", ".cache", 1);
  if (chdir(place.folder().c_str()) == 0) execv(lumir.c_str(), words.data());
  _exit(127);
}

/// Starts a training, or goes on with it, again and again, and kills it each time at a random moment of the time that it
/// takes undisturbed, until that was done so often; each training that comes to its end must be as that one.
void kill_at_random(const char* recipe, int kills) {
  const std::vector<std::string> options{"--epochs=40", "--rows=240", "--every=7"};
  const auto began = std::chrono::steady_clock::now();
  const Ends wanted = undisturbed(recipe, " --epochs=40 --rows=240 --every=7");
  const auto longest =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began).count();
  std::mt19937 random(static_cast<unsigned>(kills));  // the moments differ from run to run by themselves
  auto place = std::make_unique<Scratch>("kills");
  lumir::write_file(*place / "train.lua", recipe);
  int killed = 0, ended = 0, begun = 0, within = 0;
  const auto folder = [&] { return place->folder() / "runs/train/1/checkpoints"; };
  // at work on nothing but its own end: there is no training to go on with
  const auto has_ended = [&] {
    const std::string log = place->folder() / "runs/train/1/log.jsonl";
    return std::filesystem::exists(log) && lumir::read_file(log).find("\"event\":\"end\"") != std::string::npos;
  };
  while (killed < kills || begun > 0) {
    std::vector<std::string> words{"lumir", "train.lua"};
    words.insert(words.end(), options.begin(), options.end());
    if (std::filesystem::exists(folder())) words.emplace_back("--resume");
    const pid_t child = start(*place, words);
    ++begun;
    int status = 0;
    if (killed < kills) {
      std::this_thread::sleep_for(std::chrono::milliseconds(random() % static_cast<unsigned long>(longest)));
      if (waitpid(child, &status, WNOHANG) == 0) {
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        ++killed;
        within += std::filesystem::exists(folder() / "1.within.safetensors");
        if (!std::filesystem::exists(folder())) std::filesystem::remove_all(place->folder() / "runs");
        if (!has_ended()) continue;
        status = 0;
      }
    } else {
      waitpid(child, &status, 0);
    }
    REQUIRE(status == 0);
    const bool equal = ends_in(*place, "1") == wanted;
    REQUIRE(equal);
    ++ended;
    begun = 0;
    std::filesystem::remove_all(place->folder() / "runs");
  }
  std::printf("%d kills, %d of them with a save within the epoch; %d trainings ended, all as undisturbed\n", killed,
              within, ended);
}

}  // namespace

TEST_CASE("a training that was killed at any moment comes out bit by bit as one that was not") {
  const Ends wanted = undisturbed(kLoop, "");
  CHECK((wanted.last != wanted.best));
  for (const auto& [epoch, batch] : {std::pair{2, 1}, {4, 3}, {6, 5}}) {
    CHECK(stopped_at(kLoop, "", 9, epoch, batch, wanted) == (7 - epoch) * 7);  // the whole epoch is done again
  }
}

TEST_CASE("what was saved within an epoch is not done again, and it comes out the same") {
  const Ends wanted = undisturbed(kLoop, " --every=2");
  CHECK((wanted == undisturbed(kLoop, "")));
  CHECK(stopped_at(kLoop, " --every=2", 9, 1, 4, wanted) == 42 - 2);
  CHECK(stopped_at(kLoop, " --every=2", 9, 2, 6, wanted) == 35 - 4);
  CHECK(stopped_at(kLoop, " --every=1", 9, 5, 7, wanted) == 14 - 6);
  const Ends by_hand = undisturbed(kLoop, " --hands");
  CHECK(stopped_at(kLoop, " --every=1 --hands", 9, 3, 6, by_hand) == 28 - 5);
}

TEST_CASE("a training that is told to stop ends its batch, and goes on behind it") {
  const Ends wanted = undisturbed(kLoop, "");
  CHECK(stopped_at(kLoop, "", SIGTERM, 1, 4, wanted) == 42 - 4);
  CHECK(stopped_at(kLoop, "", SIGINT, 3, 2, wanted) == 28 - 2);
  CHECK(stopped_at(kLoop, "", SIGINT, 6, 7, wanted) == 0);  // the last one of all: what follows it is left to do
}

TEST_CASE("nn.fit is stopped and goes on in the same way") {
  const Ends wanted = undisturbed(kFit, "");
  CHECK(stopped_at(kFit, "", SIGTERM, 2, 3, wanted) == 28 - 10);
  CHECK(stopped_at(kFit, " --every=2", 9, 3, 6, wanted) == 14 - 4);
  CHECK(stopped_at(kFit, "", 9, 4, 7, wanted) == 7);
}

TEST_CASE("a training that is stopped while it is judged goes on there") {
  const Ends wanted = undisturbed(kFit, "");
  CHECK(stopped_at(kFit, " --valid", SIGTERM, 4, 7, wanted) == 0);
  CHECK(stopped_at(kFit, " --valid", 9, 3, 7, wanted) == 7);  // those of epoch 4
}

TEST_CASE("kills at random moments leave no trace") { kill_at_random(kLoop, 3); }

TEST_CASE("fifty kills at random moments leave no trace", "[.][kills]") { kill_at_random(kLoop, 50); }

TEST_CASE("what cannot be resumed is said in a line") {
  const Scratch place("nothing");
  lumir::write_file(place / "train.lua", kLoop);
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
  lumir::write_file(place / "train.lua", kLoop);
  const std::string stop = " --kill_batch=1 --kill_epoch=";
  CHECK(lumir::tests::run(place.folder(), "train.lua" + stop + "2").status != 0);
  CHECK(lumir::tests::run(place.folder(), "train.lua" + stop + "3").status != 0);
  REQUIRE(lumir::tests::run(place.folder(), "train.lua").status == 0);
  const Ends finished = ends_in(place, "3");
  const auto refused = lumir::tests::run(place.folder(), "train.lua --resume=3 --epochs=7");
  CHECK(refused.status == 1);
  CHECK(refused.err == "error: --resume=3: runs/train/3 is finished; stopped in their training: 1, 2\n");
  CHECK(lumir::tests::run(place.folder(), "train.lua --resume=9").err ==
        "error: --resume=9: runs/train/9 is not there; stopped in their training: 1, 2\n");
  REQUIRE(lumir::tests::run(place.folder(), "train.lua --resume=1 --kill_epoch=0").status == 0);
  CHECK((ends_in(place, "1") == finished));
  REQUIRE(lumir::tests::run(place.folder(), "train.lua --resume --kill_epoch=0").status == 0);
  CHECK((ends_in(place, "2") == finished));
  const auto none = lumir::tests::run(place.folder(), "train.lua --resume --epochs=7");
  CHECK(none.err ==
        "error: --resume: nothing to resume: no run of train.lua was stopped in its training; the last one, "
        "runs/train/3, is finished\n");
  CHECK((ends_in(place, "3") == finished));
}
