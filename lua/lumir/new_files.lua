-- Templates of `lumir new`: one small file of each kind that works, and its spec. NAME stands for the name as it is
-- called, FILE for it in lower case.

local new_files = {}

new_files.recipe = {
  { 'FILE.lua', [[
-- What is compared here, and why.
local lumir = require 'lumir'
local audio, data, feature, learn = lumir.audio, lumir.data, lumir.feature, lumir.learn
local evaluate, report = lumir.evaluate, lumir.report

local opt = lumir.options {           -- each is also a command-line flag: --root=/music/artist20
  root = data.sample 'artist20',      -- made when first needed; point it at the real one
  seed = 1,
}
lumir.seed(opt.seed)

local songs = data.artist20(opt.root)
local train, valid = songs:split 'last_album'             -- valid is scored once

local describe = lumir.chain {
  audio.load { rate = 16000, mono = true },
  feature.set { feature.mfcc { n_mfcc = 20 }, feature.spectral_centroid() },
  feature.summary { 'mean', 'std' },
}
local model = learn.Pipeline { learn.StandardScaler(), learn.SVC() }:fit(train:map(describe))

local results = evaluate.compare({ SVM = model }, valid:map(describe), { train = train:map(describe) })
print(results)
report('NAME', { opt, songs, describe, results })
]] },
  { 'FILE_spec.lua', [[
-- What FILE.lua must keep: lumir FILE_spec.lua runs it on a small made corpus and looks at its scores.
local lumir = require 'lumir'

local here = debug.getinfo(1, 'S').source:match '^@(.*/)' or ''  -- where this file is
local songs = lumir.data.sample('artist20', {
  folder = here .. 'FILE_corpus', artists = 3, albums = 4, songs = 3, shortest = 5, longest = 6, unlabelled = 0,
})
local runs = lumir.sweep(here .. 'FILE.lua', 'root', { songs.path })  -- one that has run already does not run again
local score, chance = runs[1].rows[1].accuracy.value, 1 / 3
if score < 2 * chance then lumir.fail(('FILE: accuracy %.3f is below twice chance'):format(score)) end
print(('FILE: accuracy %.3f, more than twice chance'):format(score))
]] },
}

new_files.feature = {
  { 'engine/feature/FILE.cpp', [[
// NAME: what it tells of a sound, in a sentence.
//
// How it is worked out, and where that is from.

#include "feature/extractor.h"

namespace lumir::feature {
namespace {

struct NAMEOptions : SpectrumOptions {
  static Schema schema() { return spectrum_schema<NAMEOptions>(); }
};

/// The mean magnitude of each frame.
void NAME(const MagnitudeFrames& frames, const NAMEOptions&, Rows out) {
  Lanes sum{};
  for (int bin = 0; bin < frames.bins(); ++bin) sum += frames[bin];
  out[0] = sum / static_cast<float>(frames.bins());
}

LUMIR_FEATURE(NAME, NAMEOptions,
              {
                  .summary = "Mean magnitude of each frame.",
                  .returns = "[1, frames]",
                  .example = "feature.NAME(clip)",
                  .source = "where it was published",
                  .input = "clip",
              });

}  // namespace
}  // namespace lumir::feature
]] },
  { 'tests/lua/feature/FILE.lua', [[
local lumir = require 'lumir'
local audio = lumir.audio
local measured = lumir.feature.NAME

test('silence has none of it', function()
  expect(measured(audio.silence { seconds = 1 }):max():item()):equals(0)
end)

test('a louder tone has more of it', function()
  local tone = audio.sine { frequency = 440, seconds = 1 }
  local louder = measured(tone):mean():item()
  local softer = measured(audio.gain(tone, { db = -20 })):mean():item()
  expect(softer / louder):near(0.1, { relative = 1e-3 })
end)
]] },
}

new_files.layer = {
  { 'engine/nn/FILE.cpp', [[
// NAME: what it does to its input, in a sentence.

#include <ATen/ops/mul.h>
#include <ATen/ops/tanh.h>

#include "nn/activation.h"

namespace lumir::nn {
namespace {

at::Tensor bent(const at::Tensor& x) { return at::mul(x, at::tanh(x)); }

using NAME = Activation<bent>;

LUMIR_MODULE(NAME, {.summary = "x times tanh(x).",
                    .returns = "the shape of x",
                    .example = "nn.NAME()(torch.randn(8, 64))",
                    .source = "where it was published"});

}  // namespace
}  // namespace lumir::nn
]] },
  { 'tests/lua/nn/FILE.lua', [[
local lumir = require 'lumir'
local nn, torch = lumir.nn, lumir.torch

test('zero stays zero, and both signs come out alike', function()
  local x = torch.tensor { -2, 0, 2 }
  local y = nn.NAME()(x)
  expect(y[2]:item()):equals(0)
  expect(y[1]:item()):near(y[3]:item())
  expect(y[3]:item()):near(2 * math.tanh(2), { relative = 1e-6 })
end)
]] },
}

new_files.learner = {
  { 'engine/learn/FILE.cpp', [[
// NAME: how it answers, in a sentence.

#include <algorithm>

#include "learn/present_classes.h"

namespace lumir::learn {
namespace {

struct NAMEOptions {
  double smoothing = 1;
  static Schema schema() {
    return {Option{"smoothing", &NAMEOptions::smoothing, "rows added to each class", kNonNegative}};
  }
};

class NAME final : public Described<PresentClassifier, NAMEOptions> {
 public:
  using Described::Described;

 protected:
  /// How often each class occurs.
  void fit_present(const PresentRows& rows) override {
    prior_ = rows.class_sums();
    double all = 0;
    for (double& sum : prior_) all += sum += option().smoothing;
    for (double& share : prior_) share /= all;
  }

  Matrix score_present(const Matrix& x) const override {
    Matrix out(x.rows, prior_.size());
    for (size_t i = 0; i < x.rows; ++i) std::copy(prior_.begin(), prior_.end(), out.row(i).begin());
    return out;
  }

  State state_present() const override {
    return {{"class_prior", prior_}, {"n_features", {static_cast<double>(columns())}}};
  }

  size_t load_present(const State& state) override {
    prior_ = state_numbers(name(), state, "class_prior");
    const auto width = state_numbers(name(), state, "n_features");
    if (prior_.size() != classes().count() || width.size() != 1) refuse_state(name());
    return static_cast<size_t>(state_whole(name(), width[0], 1, 1e9));
  }

 private:
  std::vector<double> prior_;
};

LUMIR_ESTIMATOR(NAME, {.summary = "Answers as often as the classes occur.",
                     .returns = "a classifier",
                     .example = "learn.NAME():fit(table)",
                     .source = "where it was published"});

}  // namespace
}  // namespace lumir::learn
]] },
  { 'tests/lua/learn/FILE.lua', [[
local lumir = require 'lumir'
local data, learn = lumir.data, lumir.learn

test('the most frequent class is the answer', function()
  local rows = data.table { x = { { 1 }, { 2 }, { 3 } }, y = { 'a', 'b', 'b' } }
  expect(learn.NAME():fit(rows):predict(rows)):equals { 'b', 'b', 'b' }
end)
]] },
}

new_files.metric = {
  { 'engine/metric/FILE.cpp', [[
// NAME: what it measures, in a sentence.

#include "metric/confusion.h"

namespace lumir::metric {
namespace {

/// The share of rows that were predicted wrong.
Measurer NAME(const Answers& answers, const NoOptions&) {
  return Measurer([right = share_right(answers)](Weights weights) -> Value { return 1 - *right(weights).number(); });
}

const RegisterMetric<NoOptions> NAME_metric{"NAME",
                                            NAME,
                                            {.summary = "Share of rows that were predicted wrong.",
                                             .returns = "a number from 0 to 1",
                                             .example = "metric.NAME({ 'a', 'b' }, { 'a', 'a' })",
                                             .source = "where it was published"}};

}  // namespace
}  // namespace lumir::metric
]] },
  { 'tests/lua/metric/FILE.lua', [[
local lumir = require 'lumir'
local metric = lumir.metric

test('half of two is wrong', function()
  expect(metric.NAME({ 'a', 'b' }, { 'a', 'a' })):equals(0.5)
end)
]] },
}

return new_files
