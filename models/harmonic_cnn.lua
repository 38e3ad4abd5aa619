-- Harmonic CNN: a fundamental and its multiples as the channels of a picture, whose bands are learnt, after Won
-- et al., Data-driven Harmonic Filters for Audio Representation Learning (2020), whose names its parts have.
--
--   local net = require('models.harmonic_cnn').network(50)   -- [batch, 1, samples], 5 s at 16 kHz -> [batch, 50]
--
-- It gives scores, of which sigmoid makes what the published one prints. Of 50 tags it has 3,631,551 parameters
-- (the paper prints 3.6 million); 5 s take 4.24e9 multiply-accumulates.

local lumir = require 'lumir'
local nn, parts = lumir.nn, require 'models.parts'

--- A name of the published file that stands for no weights here: the window of the spectrogram.
local harmonic = { rename = { ['hstft.spec.'] = false } }

--- Two convolutions and what came in beside them, then the largest number of each window.
local function pooled(width, pool)
  return parts.named { parts.tagger_residual(width, width, 1), nn.MaxPool2d(pool) }
end

local read = lumir.doc {
  name = 'models.harmonic_cnn.network',
  summary = 'A tagger over samples at 16 kHz that hears harmonics through filters that it learns.',
  returns = 'a Module: [batch, 1, samples] -> [batch, n_tags]; its part embedding gives twice `width` numbers'
    .. parts.loads_by 'harmonic_cnn',
  example = "require('models.harmonic_cnn').network(50, { width = 8 }):eval()(torch.randn(1, 1, 80000))",
  source = 'Won et al. (2020); minzwon/sota-music-tagging-models',
  parameters = {
    { name = 'n_tags', type = 'integer', text = 'scores of a clip' },
    { name = 'width', type = 'integer', default = 128, least = 1, text = 'channels of the first blocks' },
    { name = 'n_harmonic', type = 'integer', default = 6, least = 1, text = 'the fundamental and its multiples' },
  },
}

function harmonic.network(n_tags, given, ...)
  local options = read(n_tags, given, ...)
  local width, n_harmonic, block = options.width, options.n_harmonic, parts.tagger_block
  local list = {
    'hstft', nn.HarmonicFilters { rate = 16000, n_harmonic = n_harmonic, pad_mode = 'reflect' }, nn.Flatten(2, 3),
    'hstft_bn', nn.BatchNorm2d(n_harmonic), 'layer1', block(n_harmonic, width, 2),
    'layer2', pooled(width, 2), 'layer3', pooled(width, 2), 'layer4', pooled(width, 2),
    'layer5', block(width, 2 * width, 2), 'layer6', pooled(2 * width, { 2, 3 }),
    'layer7', pooled(2 * width, { 2, 3 }),
  }
  parts.append_tagger_head(list, 2 * width, n_tags)
  return parts.named(list)
end

return harmonic
