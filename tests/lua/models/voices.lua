-- Networks that tell voices apart.

local lumir = require 'lumir'
local core = require('lumir.native').core
local audio, nn, optim, torch = lumir.audio, lumir.nn, lumir.optim, lumir.torch
local dvector, xvector, ecapa = require 'models.dvector', require 'models.xvector', require 'models.ecapa'
local seeded = dofile(core.root() .. '/tests/golden/models/seeded.lua')
local weights = require 'lumir.weights'
local fixtures = dofile(core.root() .. '/tests/golden/models/fixtures.lua')

--- Resemblyzer's network, where `lumir fetch dvector` has got its weights: for these tests, or for the user.
local function resemblyzer()
  local entry = weights.find('dvector', require 'models.weights')
  for _, path in ipairs { weights.path(entry), (os.getenv 'HOME' or '') .. '/.cache/lumir/weights/dvector.pt' } do
    if core.file_size(path) == entry.bytes then
      return dvector.network():load_state_dict(torch.load(path)[entry.key], { rename = entry.rename })
    end
  end
  skip "the weights 'dvector' are not there; this gets them: lumir fetch dvector"
end

--- A recording of 8 kHz, each sample twice.
local function twice(names)
  local all = {}
  for i, name in ipairs(names) do
    local clip = audio.load(fixtures.path('fsdd-mini/' .. name, skip), { rate = 'none' })
    all[i] = clip.samples:repeat_interleave(2, { dim = 2 })
  end
  return audio.clip(torch.cat(all, 2), { rate = 16000 })
end

test('the d-vectors of spoken digits are those of Resemblyzer, by its weights', function()
  local net, golden = resemblyzer(), seeded.read 'voices.json'
  local names, george = {}, {}
  for name in pairs(golden) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    if name:find '%.wav$' then
      expect(seeded.difference(dvector.embed(net, twice { name }), golden[name], 1e-4)):equals(nil)
      if name:find 'george' then george[#george + 1] = name end
    end
  end
  expect(seeded.difference(dvector.embed(net, twice(george)), golden.george, 1e-4)):equals(nil)
end)

test('a d-vector has length 1, of a recording and of each excerpt', function()
  local net = dvector.network():eval()
  expect(net.n_parameters):equals(1423616)
  expect(net:summary({ 1, 1, 25600 }).mult_adds / 1e9):near(0.22, { absolute = 0.006 })
  local tone = audio.sine { frequency = 220, seconds = 4, rate = 16000 }
  local whole = dvector.embed(net, tone)
  expect(whole.shape):equals { 256 }
  expect(whole:norm():item()):near(1)
  local row = net:step('embedding')(audio.sine { frequency = 220, seconds = 1.6, rate = 16000 })
  expect(torch.tensor(row.values):norm():item()):near(1)
  expect(function() dvector.embed(net, audio.sine { frequency = 220, seconds = 1, rate = 8000 }) end)
    :raises "embed: 'clip' must be mono at 16000 Hz, got 1 channel at 8000 Hz"
end)

test('the x-vector has the parameters of its layers, and hears 15 frames at least', function()
  local net = xvector.network(20)
  expect(net.n_parameters - net.head.n_parameters):equals(4476308)
  local layers, norms = net.embedding.n_parameters, 0
  for i = 1, 5 do
    layers, norms = layers + net['frame' .. i].n_parameters, norms + net['norm' .. i].n_parameters
  end
  expect(layers):equals(4204508)
  expect(layers + norms):equals(4211604)
  expect(net(torch.randn(2, 24, 15)).shape):equals { 2, 20 }
  expect(net:summary({ 1, 24, 300 }).mult_adds / 1e9):near(0.77, { absolute = 0.01 })
  expect(#net:eval():step('embedding')(torch.randn(24, 50)).values):equals(512)
end)

test('ECAPA-TDNN has the parameters of its paper, and learns directions with AAM-softmax', function()
  expect(ecapa.network { channels = 512 }.n_parameters):equals(6193792)
  expect(ecapa.network().n_parameters):equals(14660160)
  expect(ecapa.network { channels = 512 }:summary({ 1, 80, 300 }).mult_adds / 1e9):near(1.56, { absolute = 0.01 })
  torch.manual_seed(1)
  local net, loss = ecapa.network { channels = 128, n_features = 12, size = 24 }, nn.AAMSoftmaxLoss(3, 24)
  local adam = optim.Adam({ net, loss }, { lr = 0.01 })
  local x, y, first, last = torch.randn(6, 12, 30), torch.tensor { 1, 2, 3, 1, 2, 3 }, nil, nil
  for _ = 1, 8 do
    last = adam:minimize(loss(net(x), y))
    first = first or last
  end
  expect(last < first / 2):is_true()
  expect(function() ecapa.network { channels = 200 } end)
    :raises "network: 'channels' = 200 must be a multiple of 128"
end)

test('embed refuses a network that is no d-vector', function()
  expect(function() dvector.embed(nn.Linear(2, 2), audio.sine { seconds = 1, rate = 16000 }) end)
    :raises "embed: 'net' must be one that dvector.network gives, got Linear"
end)
