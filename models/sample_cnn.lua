-- Sample-level CNN: filters of three samples, eleven layers deep, after Lee et al., Sample-level Deep
-- Convolutional Neural Networks for Music Auto-tagging Using Raw Waveforms (2017), with the names of Won et al.
-- (2020).
--
--   local net = require('models.sample_cnn').network(50)     -- [batch, 1, 59049 samples], 3.69 s at 16 kHz
--
-- It gives scores, of which sigmoid makes what the published one prints. Of 50 tags it has 1,869,874 parameters
-- (the publication counts none); 59,049 samples take 1.74e9 multiply-accumulates.

local lumir = require 'lumir'
local nn, parts = lumir.nn, require 'models.parts'

local sample_cnn = {}

local function block(from, to, kernel, stride, pool)
  return parts.named {
    'conv', nn.Conv1d(from, to, kernel, { stride = stride, padding = (kernel - 1) / 2 }),
    'bn', nn.BatchNorm1d(to), nn.ReLU(), nn.MaxPool1d(pool),
  }
end

local read = lumir.doc {
  name = 'models.sample_cnn.network',
  summary = 'A tagger that learns from samples alone, without a spectrogram.',
  returns = 'a Module: [batch, 1, samples] -> [batch, n_tags]; its part embedding gives 512 numbers',
  example = "require('models.sample_cnn').network(50):eval()(torch.randn(1, 1, 59049))",
  source = 'Lee et al. (2017); minzwon/sota-music-tagging-models',
  parameters = { { name = 'n_tags', type = 'integer', text = 'scores of a clip' } },
}

function sample_cnn.network(n_tags, ...)
  read(n_tags, ...)
  local list, from = { 'layer1', block(1, 128, 3, 3, 1) }, 128
  for i, to in ipairs { 128, 128, 256, 256, 256, 256, 256, 256, 512 } do
    parts.append(list, 'layer' .. i + 1, block(from, to, 3, 1, 3))
    from = to
  end
  parts.append(list, 'layer11', block(512, 512, 1, 1, 1), 'embedding', nn.GlobalAvgPool(), nn.Dropout(0.5),
    'dense', nn.Linear(512, n_tags))
  return parts.named(list)
end

return sample_cnn
