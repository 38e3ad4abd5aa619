-- A network's steps in Lumir, timed: what `lumir bench nn` runs beside tests/bench/networks.py, which has the same
-- networks and says what is printed.
local lumir = require 'lumir'
local core = require('lumir.native').core
local nn, optim, torch = lumir.nn, lumir.optim, lumir.torch
local resnet = require 'models.resnet'

local opt = lumir.options { network = 'lstm', steps = 20 }

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

-- the network, the shape of a batch, classes (0: an inference)
local networks = {
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

local make, shape, classes = unpack(networks[opt.network] or lumir.usage("network '" .. opt.network .. "' is unknown"))
torch.manual_seed(1)
local net = make()
torch.manual_seed(2)
local x = torch.randn(shape)
local y = classes > 0 and torch.randint(1, classes + 1, { shape[1] }) or nil
local adam, loss = optim.Adam(net, { lr = 1e-4 }), nn.CrossEntropyLoss()

local function step()
  if classes > 0 then return adam:minimize(loss(net(x), y)) end
  return torch.no_grad(function() return net(x):mean():item() end)
end

if classes == 0 then net:eval() end
print(('lumir %s, level %s, %d threads'):format(core.version(), core.level(), lumir.threads()))
for _ = 1, opt.steps do
  local wall, cpu = core.now(), os.clock()
  local value = step()
  print(('step\t%.3f\t%.3f\t%.9g'):format((os.clock() - cpu) * 1000, (core.now() - wall) * 1000, value))
end
for line in io.lines '/proc/self/status' do
  local kilobytes = line:match '^VmHWM:%s+(%d+)'
  if kilobytes then print(('memory\t%.1f'):format(kilobytes / 1000)) end
end
