-- Networks that are timed: by name the network, the shape of a batch, classes (0: an inference).
-- tests/bench/networks.py has the same. Those of recipes are without their dropout; fma and cnn14 are of the kind and
-- size of what they are named for, not the networks themselves.
local lumir = require 'lumir'
local nn, torch = lumir.nn, lumir.torch
local resnet = require 'models.resnet'

local function recurrent(cell, bidirectional)
  return nn.Sequential { cell(13, 64, { num_layers = 2, batch_first = true, bidirectional = bidirectional or false }),
                         nn.LastFrame(), nn.Linear(bidirectional and 128 or 64, 10) }
end

local function conv_block(from, to, pool)
  return nn.Sequential { nn.Conv2d(from, to, 3, { padding = 1 }), nn.BatchNorm2d(to), nn.ELU(), nn.MaxPool2d(pool) }
end

local Crnn = nn.Module 'Crnn'

function Crnn:init()
  self.blocks = nn.Sequential { conv_block(1, 64, { 2, 2 }), conv_block(64, 128, { 3, 3 }),
                                conv_block(128, 128, { 4, 4 }), conv_block(128, 128, { 4, 4 }) }
  self.layer, self.dense = nn.GRU(128, 32, { num_layers = 2, batch_first = true }), nn.Linear(32, 10)
end

function Crnn:forward(x)
  local frames = self.layer(self.blocks(x):squeeze(3):transpose(2, 3))
  return self.dense(frames[':, -1'])
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

local function cnn14()
  local widths, parts = { 1, 64, 128, 256, 512, 1024, 2048 }, {}
  for i = 1, 6 do
    for _, from in ipairs { widths[i], widths[i + 1] } do
      table.insert(parts, nn.Conv2d(from, widths[i + 1], 3, { padding = 1, bias = false }))
      table.insert(parts, nn.BatchNorm2d(widths[i + 1]))
      table.insert(parts, nn.ReLU())
    end
    table.insert(parts, nn.AvgPool2d(i < 6 and 2 or 1))
  end
  for _, part in ipairs { nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, 2048), nn.ReLU(),
                          nn.Linear(2048, 527) } do
    table.insert(parts, part)
  end
  return nn.Sequential(parts)
end

return {
  lstm = { function() return recurrent(nn.LSTM) end, { 32, 1300, 13 }, 10 },
  gru = { function() return recurrent(nn.GRU) end, { 32, 1300, 13 }, 10 },
  rnn = { function() return recurrent(nn.RNN) end, { 32, 1300, 13 }, 10 },
  bilstm = { function() return recurrent(nn.LSTM, true) end, { 32, 1300, 13 }, 10 },
  crnn = { Crnn, { 16, 1, 96, 1366 }, 10 },
  fma = { fma, { 16, 1, 128, 1290 }, 8 },
  resnet = { function() return resnet.network(20) end, { 16, 1, 64, 938 }, 20 },
  vit192 = { function() return ViT(192, 3) end, { 8, 1, 128, 512 }, 8 },
  vit384 = { function() return ViT(384, 6) end, { 8, 1, 128, 512 }, 8 },
  ['cnn14-inference'] = { cnn14, { 1, 1, 1000, 64 }, 0 },
  ['crnn-inference'] = { Crnn, { 1, 1, 96, 1366 }, 0 },
  ['resnet-inference'] = { function() return resnet.network(20) end, { 1, 1, 64, 938 }, 0 },
}
