-- Who is singing?  I-vectors, as speakers were told apart before networks: a background model of all songs' frames, the
-- directions along which songs differ from it, and PLDA: how much likelier is a song of this singer than of any?
local lumir = require 'lumir'
local audio, data, feature, learn = lumir.audio, lumir.data, lumir.feature, lumir.learn
local evaluate, report = lumir.evaluate, lumir.report

local opt = lumir.options {
  root = data.sample 'artist20',
  split = 'last_album', leak = 'refused',
  separate = 'none',                  -- what is described: all of it, or only its voice, as one of these hears it
  rate = 16000, frames = 1000,        -- of each song, evenly over the whole
  n_mfcc = 20, delta = 1,
  n_components = 64, dimension = 100, -- clouds of the background model, numbers of an i-vector
  seed = 1,
  shuffle_labels = false,             -- the control: what is learned then must stay at chance
  choices = { separate = { 'none', 'harmonic', 'repet', 'repet_sim' } },
}
lumir.seed(opt.seed)
local songs = data.artist20(opt.root)
if opt.shuffle_labels then songs = songs:shuffle_labels() end
local train, valid = songs:split(opt.split, { leak = opt.leak })  -- valid is scored once

local hear = audio.load { rate = opt.rate, mono = true }
if opt.separate ~= 'none' then hear = lumir.chain { hear, feature[opt.separate]() } end
local describe = lumir.chain {
  hear,
  feature.mfcc { n_mfcc = opt.n_mfcc, delta = opt.delta },
  feature.as_row { frames = opt.frames },
}

local function judged_by(scoring)
  return learn.Pipeline {
    learn.IVector { n_components = opt.n_components, dimension = opt.dimension },
    learn.LDA(), learn.Normalizer(), learn.PLDA { scoring = scoring },
  }
end
local results = evaluate.compare({
  ['i-vector, likelihood ratio'] = judged_by 'likelihood',
  ['i-vector, cosine'] = judged_by 'cosine',
}, valid:map(describe), { top = { 1, 3 }, train = train:map(describe) })
print(results)
report('Who is singing? I-vectors', { opt, songs, describe, results,
  report.tsne(results.best.model, valid:map(describe)) })
