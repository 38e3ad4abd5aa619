-- Networks that are timed: each with its name, what makes it, the shape of a batch, and classes (none: the mean square
-- of what comes out is its loss). NAME-inference is the same one with a single row. tests/bench/networks.py builds them
-- from what networks.lua writes of them, so they stand here alone; only what is written in Lua has its forward there.
--
-- The first ones are of the kinds that kernels are made for, without dropout; behind them is every network of models/.
local lumir = require 'lumir'
local nn, torch = lumir.nn, lumir.torch

local function recurrent(cell, bidirectional)
  return nn.Sequential { cell(13, 64, { num_layers = 2, batch_first = true, bidirectional = bidirectional or false }),
                         nn.LastFrame(), nn.Linear(bidirectional and 128 or 64, 10) }
end

local function conv_block(from, to, pool)
  return nn.Sequential { nn.Conv2d(from, to, 3, { padding = 1 }), nn.BatchNorm2d(to), nn.ELU(), nn.MaxPool2d(pool) }
end

local function crnn()
  return nn.Sequential {
    conv_block(1, 64, { 2, 2 }), conv_block(64, 128, { 3, 3 }), conv_block(128, 128, { 4, 4 }),
    conv_block(128, 128, { 4, 4 }), nn.Flatten(2, 3), nn.Permute { 1, 3, 2 },
    nn.GRU(128, 32, { num_layers = 2, batch_first = true }), nn.LastFrame(), nn.Linear(32, 10),
  }
end

local function fma()
  local widths, parts = { 1, 16, 32, 64, 128, 256, 512, 1024 }, {}
  for i = 1, 7 do parts[i] = conv_block(widths[i], widths[i + 1], i <= 5 and { 2, 2 } or { 2, 1 }) end
  for _, part in ipairs { nn.Flatten(), nn.Linear(1024 * 40, 1024), nn.ReLU(), nn.Linear(1024, 8) } do
    table.insert(parts, part)
  end
  return nn.Sequential(parts)
end

local ViT = nn.Module 'ViT'

function ViT:init(width, heads)
  self.patches = nn.Conv2d(1, width, 16, { stride = 16 })
  self.place = nn.Parameter(torch.randn { 1, 256, width } * 0.02)
  self.body = nn.TransformerEncoder(nn.TransformerEncoderLayer(width, heads, {
    dim_feedforward = 4 * width, dropout = 0, activation = 'gelu', norm_first = true, batch_first = true }), 12)
  self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, 8)
end

function ViT:forward(x)
  local tokens = self.patches(x):flatten(3):transpose(2, 3) + self.place
  return self.head(self.norm(self.body(tokens)[':, 1']))
end

--- model('panns', 'cnn14', 527) makes what models/panns.lua has under that name.
local function model(file, name, ...)
  local given = { ... }
  return function() return require('models.' .. file)[name](unpack(given)) end
end

--- Its head begins at zero, of which nothing could be compared.
local function vision()
  local net = require('models.vit').vit_b_16(10)
  nn.init.normal_(net.heads.head.weight, { std = 0.02 })
  return net
end

local samples, spectrogram, picture = { 8, 1, 59049 }, { 8, 1, 128, 157 }, { 8, 3, 224, 224 }

return {
  { 'lstm', function() return recurrent(nn.LSTM) end, { 32, 1300, 13 }, 10 },
  { 'gru', function() return recurrent(nn.GRU) end, { 32, 1300, 13 }, 10 },
  { 'rnn', function() return recurrent(nn.RNN) end, { 32, 1300, 13 }, 10 },
  { 'bilstm', function() return recurrent(nn.LSTM, true) end, { 32, 1300, 13 }, 10 },
  { 'crnn', crnn, { 16, 1, 96, 1366 }, 10 },
  { 'fma', fma, { 16, 1, 128, 1290 }, 8 },
  { 'resnet', model('resnet', 'network', 20), { 16, 1, 64, 938 }, 20 },
  { 'vit192', function() return ViT(192, 3) end, { 8, 1, 128, 512 }, 8 },
  { 'vit384', function() return ViT(384, 6) end, { 8, 1, 128, 512 }, 8 },
  models = {
    { 'cnn14', model('panns', 'cnn14', 527), { 8, 1, 128000 }, 527 },
    { 'cnn10', model('panns', 'cnn10', 527), { 8, 1, 128000 }, 527 },
    { 'cnn6', model('panns', 'cnn6', 527), { 8, 1, 128000 }, 527 },
    { 'fcn', model('fcn', 'network', 50), { 8, 1, 464000 }, 50 },
    { 'crnn_tagger', model('crnn_tagger', 'network', 50), { 8, 1, 464000 }, 50 },
    { 'musicnn', model('musicnn', 'network', 50), { 8, 1, 48000 }, 50 },
    { 'short_chunk', model('short_chunk', 'network', 50), samples, 50 },
    { 'short_chunk_res', model('short_chunk', 'network', 50, { residual = true }), samples, 50 },
    { 'harmonic_cnn', model('harmonic_cnn', 'network', 50), { 8, 1, 80000 }, 50 },
    { 'sample_cnn', model('sample_cnn', 'network', 50), samples, 50 },
    { 'self_attention', model('self_attention', 'network', 50), { 8, 1, 80000 }, 50 },
    { 'crnn_base', model('crnn', 'network', 20), spectrogram, 20 },
    { 'crnn_large', model('crnn', 'network', 20, { size = 'large' }), spectrogram, 20 },
    { 'crnn_gtzan', model('crnn', 'network', 10, { n_mels = 192 }), { 8, 1, 192, 259 }, 10 },
    { 'crnn2d_elu2', model('crnn2d_elu2', 'network', 20), spectrogram, 20 },
    { 'dvector', model('dvector', 'network'), { 8, 1, 25600 } },
    { 'xvector', model('xvector', 'network', 20), { 8, 24, 300 }, 20 },
    { 'ecapa', model('ecapa', 'network', { channels = 512 }), { 8, 80, 300 } },
    { 'crepe', model('crepe', 'network', { size = 'full' }), { 32, 1024 } },
    { 'silero', model('silero', 'network'), { 8, 1, 64000 } },
    { 'beatnet', model('beatnet', 'network'), { 8, 200, 272 } },
    { 'resnet18', model('resnet', 'resnet18', 10), picture, 10 },
    { 'resnet34', model('resnet', 'resnet34', 10), picture, 10 },
    { 'resnet50', model('resnet', 'resnet50', 10), picture, 10 },
    { 'vgg16', model('vgg', 'vgg16', 10), { 4, 3, 224, 224 }, 10 },
    { 'vgg19', model('vgg', 'vgg19', 10), { 4, 3, 224, 224 }, 10 },
    { 'cnn', model('cnn', 'network', 10), picture, 10 },
    { 'vit_b_16', vision, { 4, 3, 224, 224 }, 10 },
  },
}
