// A model file alone is enough: `lumir predict` writes what the recipe wrote, byte for byte, without recipe or data.

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

#include "engine/evaluate/tones.h"
#include "program.h"

using namespace lumir;
using tests::make_music;
using tests::run;
using tests::Scratch;
using tests::write_tones;

namespace {

/// Recordings 9, 10 and 31, of singers 3, 0 and 2.
void make_unlabelled(const Scratch& place) {
  write_tones(place / "test/0009.wav", 3, 41);
  write_tones(place / "test/0010.wav", 0, 42);
  write_tones(place / "test/0031.wav", 2, 43);
}

constexpr const char* kRecipe = R"(
local lumir = require 'lumir'
local audio, data, feature, learn = lumir.audio, lumir.data, lumir.feature, lumir.learn
local describe = lumir.chain {
  audio.load { rate = 8000, mono = true },
  feature.set { feature.mfcc { n_mfcc = 8, n_mels = 40 }, feature.rms() },
  feature.summary { 'mean', 'std' },
}
local pipeline = learn.Pipeline { learn.StandardScaler(), learn.SelectKBest { k = 10 }, learn.SVC() }
local search = learn.GridSearch(pipeline, { C = { 1, 10 } }, { folds = 3, by = 'album' })
search:fit(data.folder('music', { layout = '{artist}/{album}/{track}', label = 'artist' }):map(describe))
search:save 'model.safetensors'
local text = lumir.evaluate.submission_text(search, data.files 'test':map(describe))
require('lumir.native').core.write_file('by_recipe.csv', text)
)";

/// Fits in one folder and leaves the model, and what the recipe would submit, there.
void fit(const Scratch& place) {
  make_music(place);
  make_unlabelled(place);
  write_file(place / "fit.lua", kRecipe);
  const auto outcome = run(place.folder(), "fit.lua");
  INFO(outcome.out << outcome.err);
  REQUIRE(outcome.status == 0);
}

/// The model of the only run.
std::string model_below(const Scratch& place) { return read_file(place / "runs/fit/1/model.safetensors"); }

}  // namespace

TEST_CASE("predict writes the recipe's submission byte for byte, with nothing there but the model and the folder") {
  const Scratch there("fit"), here("predict");
  fit(there);
  write_file(here / "model.safetensors", model_below(there));
  make_unlabelled(here);
  const auto outcome = run(here.folder(), "predict model.safetensors test out.csv");
  INFO(outcome.err);
  CHECK(outcome.status == 0);
  CHECK(outcome.out == "3 of 3 files classified -> out.csv\n");
  const std::string text = read_file(here / "out.csv");
  CHECK(text == read_file(there / "by_recipe.csv"));
  CHECK(text.starts_with("9,singer_3,"));
  CHECK(text.find("\n10,singer_0,") != std::string::npos);
  CHECK(text.find("\n31,singer_2,") != std::string::npos);
  const auto checked = run(here.folder(), "check-submission out.csv --ids=test --artists=model.safetensors");
  CHECK(checked.out == "out.csv: 3 rows, valid\n");
}

TEST_CASE("a file that predict cannot read is reported, and an error unless that is accepted") {
  const Scratch place("unreadable");
  fit(place);
  write_file(place / "test/0017.mp3", "no sound, only words\n");
  const std::string predict = "predict runs/fit/1/model.safetensors test out.csv";
  const auto refused = run(place.folder(), predict);
  CHECK(refused.status == 1);
  CHECK(refused.out ==
        "3 of 4 files classified -> out.csv   1 without a prediction, listed above; --allow-missing to accept that\n");
  CHECK(refused.err.find("warning: test/0017.mp3: no audio in it") != std::string::npos);
  const auto accepted = run(place.folder(), predict + " --allow-missing");
  CHECK(accepted.status == 0);
  CHECK(accepted.out == "3 of 4 files classified -> out.csv   1 without a prediction, listed above\n");
  const auto checked = run(place.folder(), "check-submission out.csv --ids=test");
  CHECK(checked.out == "out.csv: ID 17 is missing\n1 error\n");
  CHECK(checked.status == 1);
}

namespace {

/// As kRecipe, but the model hears excerpts of 0.3 s: three rows for each recording.
std::string excerpts_recipe() {
  std::string recipe = kRecipe;
  const std::string load = "audio.load { rate = 8000, mono = true },\n";
  recipe.insert(recipe.find(load) + load.size(), "  audio.excerpts { seconds = 0.3 },\n");
  return recipe + R"(
local songs = data.folder('music', { layout = '{artist}/{album}/{track}', label = 'artist' })
local results = lumir.evaluate.compare({ SVM = search }, songs:map(describe), { vote = 'majority' })
print(results)
lumir.report.submission(search, data.files 'test':map(describe))
lumir.report.tsne(search, songs:map(describe), { perplexity = 5 })
)";
}

}  // namespace

TEST_CASE("a model that hears excerpts answers for recordings: in comparisons, submissions and predictions") {
  const Scratch place("excerpts");
  make_music(place);
  make_unlabelled(place);
  write_file(place / "fit.lua", excerpts_recipe());
  const auto fitted = run(place.folder(), "fit.lua");
  INFO(fitted.out << fitted.err);
  REQUIRE(fitted.status == 0);
  CHECK(fitted.out.find("72 rows joined to 24 recordings by the majority of their classes") != std::string::npos);
  CHECK(fitted.out.find("3 rows, valid") != std::string::npos);

  const auto outcome = run(place.folder(), "predict runs/fit/1/model.safetensors test out.csv");
  INFO(outcome.err);
  CHECK(outcome.status == 0);
  CHECK(outcome.out == "3 of 3 files classified -> out.csv\n");
  const std::string text = read_file(place / "out.csv");
  CHECK(text.starts_with("9,singer_3,"));
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
  CHECK(text == read_file(place / "by_recipe.csv"));
  CHECK(text == read_file(place / "runs/fit/1/submission.csv"));
  const auto checked =
      run(place.folder(), "check-submission out.csv --ids=test --artists=runs/fit/1/model.safetensors");
  CHECK(checked.out == "out.csv: 3 rows, valid\n");

  const auto majority = run(place.folder(), "predict runs/fit/1/model.safetensors test by_vote.csv --vote=majority");
  CHECK(majority.out == "3 of 3 files classified -> by_vote.csv\n");
  CHECK(read_file(place / "by_vote.csv").starts_with("9,singer_3,"));
  const auto refused = run(place.folder(), "predict runs/fit/1/model.safetensors test no.csv --vote=none");
  CHECK(refused.status == 2);  // before anything is described
  CHECK(refused.err.find("predict: --vote must be mean or majority, got 'none'") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(place / "no.csv"));

  const std::string recordings = read_file(place / "runs/fit/1/recordings.csv");
  CHECK(std::count(recordings.begin(), recordings.end(), '\n') == 25);
  CHECK(recordings.starts_with("id,path,group,truth,SVM,SVM: singer_0,"));
  CHECK(recordings.find("SVM: singer_3,tsne_1,tsne_2\n") != std::string::npos);
  CHECK(recordings.find('#') == std::string::npos);
  CHECK(recordings.find(",,") == std::string::npos);
}

TEST_CASE("predict writes JSON by the ending, and makes no folders") {
  const Scratch place("json");
  fit(place);
  const auto outcome = run(place.folder(), "predict runs/fit/1/model.safetensors test out.json");
  CHECK(outcome.status == 0);
  CHECK(read_file(place / "out.json").starts_with("{\n  \"009\": [\"singer_3\","));
  const auto checked =
      run(place.folder(), "check-submission out.json --ids=test --artists=runs/fit/1/model.safetensors");
  CHECK(checked.out == "out.json: 3 rows, valid\n");
  write_file(place / "truth.json", R"(["singer_3", "singer_0", "singer_1"])");
  CHECK(run(place.folder(), "score out.json --truth=truth.json").out.starts_with("top-1 0.667"));
  const auto nowhere = run(place.folder(), "predict runs/fit/1/model.safetensors test none/out.csv");
  CHECK(nowhere.status == 1);
  CHECK(nowhere.err == "error: none: no such folder\n");
  CHECK_FALSE(std::filesystem::exists(place / "none"));
}

TEST_CASE("files that have names are classified under these, and checked by the same names") {
  const Scratch place("named");
  fit(place);
  write_tones(place / "new/blues.00000.wav", 3, 41);
  write_tones(place / "new/live/rock song.wav", 0, 42);
  const auto direct = run(place.folder(), "predict runs/fit/1/model.safetensors new out.csv");
  INFO(direct.err);
  CHECK(direct.out == "1 of 1 files classified -> out.csv\n");
  CHECK(read_file(place / "out.csv").starts_with("blues.00000,singer_3,"));
  CHECK(run(place.folder(), "predict runs/fit/1/model.safetensors new all.csv --recursive").status == 0);
  const std::string all = read_file(place / "all.csv");
  CHECK(all.starts_with("blues.00000,singer_3,"));
  CHECK(all.find("\nlive/rock song,singer_0,") != std::string::npos);
  const auto checked = run(place.folder(), "check-submission all.csv --ids=new --recursive --classes=music");
  INFO(checked.err);
  CHECK(checked.out == "all.csv: 2 rows, valid\n");
  CHECK(run(place.folder(), "check-submission all.csv --classes=music").status == 1);  // the course's IDs are numbers
}

TEST_CASE("names that are no UTF-8, or hold a line break, pass through model, predict and check unchanged") {
  const Scratch place("names");
  make_music(place);
  make_unlabelled(place);
  const std::string latin = "Bj\xF6rk\n\"B\"", music = place / "music";
  std::filesystem::rename(music + "/singer_3", music + "/" + latin);
  write_file(place / "fit.lua", kRecipe);
  const auto fitted = run(place.folder(), "fit.lua");
  INFO(fitted.err);
  REQUIRE(fitted.status == 0);
  for (const std::string out : {"out.csv", "out.json"}) {
    REQUIRE(run(place.folder(), "predict runs/fit/1/model.safetensors test " + out).status == 0);
    const auto checked =
        run(place.folder(), "check-submission " + out + " --ids=test --artists=runs/fit/1/model.safetensors");
    CHECK(checked.out == out + ": 3 rows, valid\n");
    CHECK(run(place.folder(), "check-submission " + out + " --artists=music").out == out + ": 3 rows, valid\n");
  }
  CHECK(read_file(place / "out.csv").starts_with("9,\"Bj\xF6rk\n\"\"B\"\"\","));
  CHECK(read_file(place / "out.json").find("[\"Bj\\udcf6rk\\n\\\"B\\\"\",") != std::string::npos);
}
