// A network beside a learner: each hears the recordings in its own way, both stand in the report.

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

#include "core/value.h"
#include "engine/evaluate/tones.h"

using namespace lumir;
using tests::run;
using tests::Scratch;

namespace {

constexpr const char* kHead = R"(
local lumir = require 'lumir'
local audio, data, feature, learn, nn, optim = lumir.audio, lumir.data, lumir.feature, lumir.learn, lumir.nn, lumir.optim
local evaluate, report = lumir.evaluate, lumir.report
local opt = lumir.options { epochs = 2 }
lumir.seed(1)
local function frames(n_mels)
  return lumir.chain { audio.load { rate = 8000, mono = true },
    feature.melspectrogram { n_mels = n_mels, n_fft = 512 }, feature.power_to_db(), feature.frames_first() }
end
local mel = frames(16)
local hand = lumir.chain { audio.load { rate = 8000, mono = true }, feature.mfcc { n_mfcc = 8, n_mels = 40 },
  feature.summary { 'mean', 'std' } }
local songs = data.folder('music', { layout = '{artist}/{album}/{track}', label = 'artist' })
local train, valid = songs:split 'last_album'
local net = nn.Sequential { nn.GRU(16, 8, { batch_first = true }), nn.LastFrame(), nn.Linear(8, 4) }
local svm = learn.SVC():fit(train:map(hand))
local run = nn.fit(net, train:map(mel), { epochs = opt.epochs, optimizer = optim.AdamW { lr = 3e-3 }, batch_size = 8,
  schedule = optim.CosineAnnealingLR { T_max = opt.epochs }, augment = { lumir.augment.Mixup { alpha = 0.2, n_classes = 4 } } })
)";

/// What a recipe of that end leaves and prints.
tests::Outcome run_recipe(const Scratch& place, const std::string& end) {
  tests::make_music(place);
  write_file(place / "ears.lua", kHead + end);
  auto outcome = run(place.folder(), "ears.lua");
  INFO(outcome.out << outcome.err);
  REQUIRE(outcome.status == 0);
  return outcome;
}

Value record_in(const Scratch& place) { return from_json(read_file(place / "runs/ears/1/run.json"), "run.json"); }

}  // namespace

TEST_CASE("a report of two results has both in every part, and keeps the model that its headline is of") {
  const Scratch place("two-results");
  run_recipe(place,
             "report('By ear', { opt, songs, mel, hand, net, run, evaluate(net, valid:map(mel)), "
             "evaluate(svm, valid:map(hand)) })\n");
  const Value record = record_in(place);
  std::vector<std::string> names;
  for (const auto& model : *record["results"]["models"].list()) names.push_back(*model["name"].text());
  std::string best = names.at(0);
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{"SVC", "Sequential"});
  CHECK(record["results"]["differences"].list()->size() == 1);
  CHECK(*record["model"]["name"].text() == best);
  CHECK(best == "SVC");  // two epochs teach a network little
  const auto loaded = run(place.folder(), "predict runs/ears/1/model.safetensors music/singer_0/album_0 out.csv");
  CHECK(loaded.status == 0);
  CHECK(read_file(place / "out.csv").find("song_0,singer_0,") != std::string::npos);

  const std::string page = read_file(place / "runs/ears/1/report.html");
  for (const char* words : {"What SVC learnt from", "What Sequential learnt from", "For SVC each recording becomes 16",
                            "Confusion matrix: SVC", "Confusion matrix: Sequential", "model.safetensors holds SVC"}) {
    INFO(words);
    CHECK(page.find(words) != std::string::npos);
  }
  const std::string recordings = read_file(place / "runs/ears/1/recordings.csv");
  CHECK(recordings.find(",SVC,") != std::string::npos);
  CHECK(recordings.find(",Sequential,") != std::string::npos);
  CHECK(std::count(recordings.begin(), recordings.end(), '\n') == 9);
}

TEST_CASE("how a network was trained stands in the report and in run.json") {
  const Scratch place("training");
  run_recipe(place, "report('By ear', { opt, net, run, evaluate(net, valid:map(mel)) })\n");
  const Value training = record_in(place)["trainings"].list()->at(0);
  CHECK(training["optimizer"].text()->find("AdamW") == 0);
  CHECK(training["optimizer"].text()->find("lr = 0.003") != std::string::npos);
  CHECK(training["schedule"].text()->find("CosineAnnealingLR") == 0);
  CHECK(training["augment"].text()->find("Mixup") == 0);
  CHECK(training["loss"].text()->find("CrossEntropyLoss") == 0);
  CHECK(*training["batch_size"].text() == "8");
  for (const char* as_ever : {"accumulate", "events", "every", "monitor", "shuffle"}) {
    INFO(as_ever);
    CHECK(training[as_ever].is_nil());
  }
  const std::string page = read_file(place / "runs/ears/1/report.html");
  CHECK(page.find("Method: the training") != std::string::npos);
  CHECK(page.find("AdamW") != std::string::npos);
  CHECK(page.find("Learning rate by epoch") != std::string::npos);
}

TEST_CASE("folds of a cross-validation all stand in run.json and recordings.csv") {
  const Scratch place("folds");
  run_recipe(place, R"(
local scores = evaluate.Scores()
for fold, fit, test in songs:map(hand):folds { folds = 3, by = 'album' } do
  scores:add(evaluate(learn.SVC():fit(fit), test))
end
report('Folds', { opt, songs, hand, scores })
)");
  const Value record = record_in(place);
  CHECK(record["judged"].list()->size() == 3);
  size_t judged = 0;
  for (const auto& one : *record["judged"].list()) judged += one["ids"].list()->size();
  CHECK(judged == 24);
  const std::string recordings = read_file(place / "runs/ears/1/recordings.csv");
  CHECK(std::count(recordings.begin(), recordings.end(), '\n') == 25);
  CHECK(recordings.starts_with("id,path,group,set,truth,SVC,"));
}

TEST_CASE("models that are compared on recordings hear each as it has learnt to") {
  const Scratch place("compare");
  const auto outcome = run_recipe(place, R"(
local both = evaluate.compare({ CNN = net, SVM = svm }, valid, { top = { 1, 3 } })
assert(#both == 2 and both.best.name == 'SVM')
local by_hand = evaluate.compare { CNN = evaluate(net, valid:map(mel)), SVM = evaluate(svm, valid:map(hand)) }
assert(tostring(both) == tostring(by_hand))
print(both)
)");
  CHECK(outcome.out.find("SVM over CNN: ") != std::string::npos);
}

TEST_CASE("a model is not judged on another chain than it learnt from, unless that is asked for") {
  const Scratch place("chain");
  run_recipe(place, R"(
local function message(fn, ...) return select(2, pcall(fn, ...)) end
local wrong = message(evaluate, net, valid:map(frames(32)))
assert(wrong:find('compare: the data are described by another chain than Sequential learnt from: '
  .. 'melspectrogram { n_fft = 512, n_mels = 32 } stands where melspectrogram { n_fft = 512, n_mels = 16 } was; '
  .. "{ chain = 'any' } allows it", 1, true), wrong)
local louder = lumir.chain { audio.load { rate = 8000, mono = true }, feature.melspectrogram { n_mels = 16, n_fft = 512 },
  feature.frames_first() }
local missing = message(evaluate, net, valid:map(louder))
assert(missing:find('frames_first stands where power_to_db was', 1, true), missing)
assert(#evaluate(net, valid:map(louder), { chain = 'any' }) == 1)
assert(#evaluate(net, valid:map(mel)) == 1)
-- which part is heard, and noise on it, are no other chain
local noisy = lumir.chain { audio.load { rate = 8000, mono = true, duration = 0.5 }, lumir.augment.gain { db = 3, probability = 0.5 },
  feature.melspectrogram { n_mels = 16, n_fft = 512 }, feature.power_to_db(), feature.frames_first() }
assert(#evaluate(net, valid:map(noisy)) == 1)
local rate = lumir.chain { audio.load { rate = 4000, mono = true }, feature.mfcc { n_mfcc = 8, n_mels = 40 },
  feature.summary { 'mean', 'std' } }
assert(message(evaluate, svm, valid:map(rate)):find('load { rate = 4000 } stands where', 1, true))
)");
}
