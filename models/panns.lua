-- PANNs: networks trained on AudioSet's 527 kinds of sound, from samples on, after Kong et al., PANNs:
-- Large-Scale Pretrained Audio Neural Networks for Audio Pattern Recognition (2020).
--
--   local net = require('models.panns').cnn14(527)            -- [batch, 1, samples] at 32 kHz -> [batch, 527]
--   net:load_state_dict(torch.load('Cnn14_mAP=0.431.pth').model, { rename = panns.rename })
--   net:step 'embedding'                                      -- 2,048 numbers of a clip
--
-- They give scores, of which sigmoid makes what the published ones print. What those do in training to the embedding
-- that they return, a dropout of 0.5 that the scores do not see, is left out; SpecAugment, which they draw then, is an
-- effect here: augment.SpecAugment. Of 527 kinds and 10 s at 32 kHz, beside the paper's table,
-- which counts an addition and a multiplication as two, and the spectrogram with them (1.08e9
-- multiply-accumulates by convolutions there, none here):
--
--   Cnn14   80,753,615 parameters   20.04e9 + 1.08e9 multiply-accumulates (published 42.220e9 operations)
--   Cnn10    5,219,279              13.02e9 + 1.08e9                      (28.166e9)
--   Cnn6     4,837,455               9.93e9 + 1.08e9                      (21.986e9)

local lumir = require 'lumir'
local nn, parts = lumir.nn, require 'models.parts'
local core = require('lumir.native').core

local panns = {}

--- Names of the published files that stand for no weights here: the spectrogram and the mel bands.
panns.rename = { ['spectrogram_extractor.'] = false, ['logmel_extractor.'] = false }

--- What each hears of samples.
local HEARING = {
  [32000] = { n_fft = 1024, hop_length = 320, fmax = 14000 },
  [16000] = { n_fft = 512, hop_length = 160, fmax = 8000 },
}

local function hearing(rate, who)
  local how = HEARING[rate] or core.refuse(("%s: 'rate' must be 32000 or 16000, got %g"):format(who, rate))
  return nn.LogMel {
    rate = rate, n_fft = how.n_fft, hop_length = how.hop_length, n_mels = 64, fmin = 50, fmax = how.fmax,
    pad_mode = 'reflect', top_db = 'none',
  }
end

--- Convolutions with batch norms, and the mean of windows of `pool`.
local function block(from, to, kernel, count, pool)
  local list = {}
  for i = 1, count do
    local conv = nn.Conv2d(i == 1 and from or to, to, kernel, { padding = (kernel - 1) / 2, bias = false })
    parts.append(list, 'conv' .. i, conv, 'bn' .. i, nn.BatchNorm2d(to), nn.ReLU())
  end
  if pool > 1 then parts.append(list, nn.AvgPool2d(pool)) end
  return parts.named(list)
end

--- The mean over mel bands, of which there are `n_bands` by now; of that maximum and mean over time, added.
local function pool(n_bands)
  return nn.Parallel { nn.Sequential { nn.AvgPool2d { 1, n_bands }, nn.GlobalMaxPool() }, nn.GlobalAvgPool(),
                       merge = 'sum' }
end

local function draw(part)
  if part.name ~= 'Conv2d' and part.name ~= 'Linear' then return end
  nn.init.xavier_uniform_(part.weight)
  if part.name == 'Linear' then nn.init.zeros_(part.bias) end
end

--- Each by the size and the number of the convolutions of a block, and the channels of its blocks.
local SHAPES = {
  cnn14 = { kernel = 3, count = 2, channels = { 64, 128, 256, 512, 1024, 2048 }, title = 'Cnn14' },
  cnn10 = { kernel = 3, count = 2, channels = { 64, 128, 256, 512 }, title = 'Cnn10' },
  cnn6 = { kernel = 5, count = 1, channels = { 64, 128, 256, 512 }, title = 'Cnn6' },
}

local function build(name, n_classes, rate)
  local shape = SHAPES[name]
  local list = { 'hearing', hearing(rate, name), nn.Permute { 1, 3, 4, 2 },     -- a channel for each mel band
                 'bn0', nn.BatchNorm2d(64), nn.Permute { 1, 4, 3, 2 } }   -- [batch, 1, time, mel]
  local from, bands = 1, 64
  for i, channels in ipairs(shape.channels) do
    local size = i == 6 and 1 or 2
    parts.append(list, 'conv_block' .. i, block(from, channels, shape.kernel, shape.count, size), nn.Dropout(0.2))
    from, bands = channels, bands / size
  end
  parts.append(list, pool(bands), nn.Dropout(0.5), 'fc1', nn.Linear(from, from), 'embedding', nn.ReLU(),
    'fc_audioset', nn.Linear(from, n_classes))
  return parts.named(list):apply(draw)
end

for _, name in ipairs { 'cnn14', 'cnn10', 'cnn6' } do
  local read = lumir.doc {
    name = 'models.panns.' .. name,
    summary = 'The network ' .. SHAPES[name].title .. ' of PANNs over samples, with the names of its weights.',
    returns = 'a Module: [batch, 1, samples] -> [batch, n_classes]; its part embedding gives '
      .. SHAPES[name].channels[#SHAPES[name].channels] .. ' numbers' .. parts.loads_by('panns', 'state.model'),
    example = name == 'cnn14' and "local panns = require 'models.panns'"
      or "require('models.panns')." .. name .. '(527):eval()(torch.randn(1, 1, 16000))',
    source = 'Kong et al., PANNs (2020); qiuqiangkong/audioset_tagging_cnn',
    parameters = {
      { name = 'n_classes', type = 'integer', text = 'scores of a clip' },
      { name = 'rate', type = 'integer', default = 32000, text = 'of the samples: 32000 or 16000', unit = 'Hz' },
    },
  }
  panns[name] = function(n_classes, given, ...)
    local options = read(n_classes, given, ...)
    return build(name, n_classes, options.rate)
  end
end

return panns
