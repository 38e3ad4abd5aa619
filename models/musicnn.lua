-- musicnn: filters as tall as timbres and as long as rhythms, after Pons et al., End-to-end Learning for Music
-- Audio Tagging at Scale (2018), as trained by Won et al., Evaluation of CNN-based Automatic Music Tagging
-- Models (2020), whose names its parts have.
--
--   local net = require('models.musicnn').network(50)    -- [batch, 1, samples], 3 s at 16 kHz -> [batch, 50]
--   net:step 'embedding'                                 -- 200 numbers of each 3 s
--
-- It gives scores, of which sigmoid makes what the published one prints. Of 50 tags it has 784,300 parameters
-- (the musicnn library prints 787 thousand); 3 s take 1.21e9 multiply-accumulates.

local lumir = require 'lumir'
local nn, parts = lumir.nn, require 'models.parts'

local musicnn = { rename = parts.tagger_rename }

--- MTG-Jamendo's 50 tags in the order of the scores: as the publication's LabelBinarizer sorts them.
musicnn.tags = {}
for kind, names in ([[
  genre: alternative ambient atmospheric chillout classical dance downtempo easylistening electronic experimental folk
    funk hiphop house indie instrumentalpop jazz lounge metal newage orchestral pop popfolk poprock reggae rock
    soundtrack techno trance triphop world;
  instrument: acousticguitar bass computer drummachine drums electricguitar electricpiano guitar keyboard piano strings
    synthesizer violin voice;
  mood: emotional energetic film happy relaxing;
]]):gmatch '(%a+):([^;]+);' do
  for name in names:gmatch '%a+' do musicnn.tags[#musicnn.tags + 1] = kind .. ' ' .. name end
end

--- The strongest answer over all heights of patterns so tall and so long.
local function vertical(channels, height, length, n_mels)
  return parts.named {
    'conv', nn.Conv2d(1, channels, { height, length }, { padding = { 0, (length - 1) / 2 } }),
    'bn', nn.BatchNorm2d(channels), nn.ReLU(), nn.MaxPool2d { n_mels - height + 1, 1 }, nn.Flatten(2, 3),
  }
end

--- Patterns of loudness in time.
local function horizontal(channels, length, n_mels)
  return parts.named {
    nn.AvgPool2d { n_mels, 1 }, nn.Flatten(2, 3),
    'conv', nn.Conv1d(1, channels, length, { padding = (length - 1) / 2 }),
    'bn', nn.BatchNorm1d(channels), nn.ReLU(),
  }
end

local function dense(from, to)
  return parts.named { 'conv', nn.Conv1d(from, to, 7, { padding = 3 }), 'bn', nn.BatchNorm1d(to), nn.ReLU() }
end

--- What comes in, and behind it what a list of parts makes of it.
local function and_more(list) return parts.beside { nn.Identity(), parts.named(list) } end

local function added(name, width)
  return nn.Residual(dense(width, width), { names = { name, 'shortcut', 'after' } })
end

local read = lumir.doc {
  name = 'models.musicnn.network',
  summary = 'A tagger over 3 s of samples at 16 kHz, with the names of its published weights.',
  returns = 'a Module: [batch, 1, samples] -> [batch, n_tags]; its part embedding gives `hidden` numbers'
    .. parts.loads_by 'musicnn',
  example = "require('models.musicnn').network(50):eval()(torch.randn(1, 1, 48000))",
  source = 'Pons et al. (2018); jordipons/musicnn, minzwon/sota-music-tagging-models',
  parameters = {
    { name = 'n_tags', type = 'integer', text = 'scores of a clip' },
    { name = 'width', type = 'integer', default = 64, least = 1,
      text = 'channels of the layers behind the filters; 512 as trained on the Million Song Dataset' },
    { name = 'hidden', type = 'integer', default = 200, least = 1, text = 'numbers of the embedding; 500 there' },
  },
}

function musicnn.network(n_tags, given, ...)
  local options = read(n_tags, given, ...)
  local n_mels, width, hidden = 96, options.width, options.hidden
  local front = nn.Parallel {
    vertical(204, 67, 7, n_mels), vertical(204, 38, 7, n_mels),
    horizontal(51, 129, n_mels), horizontal(51, 65, n_mels), horizontal(51, 33, n_mels), dim = 2,
  }
  local heard = 2 * 204 + 3 * 51
  return parts.named {
    'spec', parts.hear(n_mels), 'spec_bn', nn.BatchNorm2d(1), 'layers', front,
    and_more {
      'layer1', dense(heard, width), and_more { added('layer2', width), and_more { added('layer3', width) } },
    },
    parts.beside { nn.GlobalMaxPool(), nn.GlobalAvgPool() },
    'dense1', nn.Linear(2 * (heard + 3 * width), hidden), 'bn', nn.BatchNorm1d(hidden), 'embedding', nn.ReLU(),
    nn.Dropout(0.5), 'dense2', nn.Linear(hidden, n_tags),
  }
end

return musicnn
