-- A tagger of the field with its published weights, from samples to tags, beside what its own code in PyTorch gives.
local lumir = require 'lumir'
local core = require('lumir.native').core
local nn, torch = lumir.nn, lumir.torch

local fixtures = os.getenv 'LUMIR_FIXTURES' or core.root() .. '/../shared/fixtures'

--- The path of a fixture; skips the test where it is not there.
local function fixture(name)
  local file = io.open(fixtures .. '/' .. name)
  if not file then skip('the fixture ' .. name .. ' is not there') end
  file:close()
  return fixtures .. '/' .. name
end

local Block = nn.Module 'Block'

function Block:init(from, to, pool)
  self.conv = nn.Conv2d(from, to, 3, { padding = 1 })
  self.bn = nn.BatchNorm2d(to)
  self.pool = nn.MaxPool2d(pool)
end

function Block:forward(x) return self.pool(self.bn(self.conv(x)):relu()) end

--- What both taggers hear: mel bands in dB, as torchaudio has them.
local Hearing = nn.Module 'Hearing'

function Hearing:init()
  self.mel = nn.MelSpectrogram {
    rate = 16000, n_fft = 512, hop_length = 256, n_mels = 96, fmax = 8000, htk = true, norm = 'none',
    pad_mode = 'reflect',
  }
end

function Hearing:forward(samples) return self.mel(samples):clamp({ min = 1e-10 }):log10():mul(10):unsqueeze(2) end

-- Choi, Fazekas and Sandler, Automatic tagging using deep convolutional neural networks (2016), as trained by Won and
-- others (2020), whose names its parts have.
local FCN = nn.Module 'FCN'

function FCN:init(n_tags)
  self.hear, self.spec_bn = Hearing(), nn.BatchNorm2d(1)
  self.layer1, self.layer2 = Block(1, 64, { 2, 4 }), Block(64, 128, { 2, 4 })
  self.layer3, self.layer4 = Block(128, 128, { 2, 4 }), Block(128, 128, { 3, 5 })
  self.layer5 = Block(128, 64, { 4, 4 })
  self.dense = nn.Linear(64, n_tags)
end

function FCN:forward(samples)
  local x = self.spec_bn(self.hear(samples))
  for i = 1, 5 do x = self['layer' .. i](x) end
  return self.dense(x:flatten(2)):sigmoid()
end

-- Choi and others, Convolutional recurrent neural networks for music classification (2017), trained by the same.
local CRNN = nn.Module 'CRNN'

function CRNN:init(n_tags)
  self.hear, self.spec_bn = Hearing(), nn.BatchNorm2d(1)
  self.layer1, self.layer2 = Block(1, 64, { 2, 2 }), Block(64, 128, { 3, 3 })
  self.layer3, self.layer4 = Block(128, 128, { 4, 4 }), Block(128, 128, { 4, 4 })
  self.layer5 = nn.GRU(128, 32, { num_layers = 2, batch_first = true })
  self.dense = nn.Linear(32, n_tags)
end

function CRNN:forward(samples)
  local x = self.spec_bn(self.hear(samples))
  for i = 1, 4 do x = self['layer' .. i](x) end
  return self.dense(self.layer5(x:squeeze(3):transpose(2, 3))[':, -1']):sigmoid()
end

--- The tags of 29 s of music, from samples on.
local function tags_of(net, weights)
  local samples = torch.load(fixture 'golden-taggers/vibe_ace_16k_29s.npy')
  net:load_state_dict(torch.load(weights), { rename = { ['spec.'] = false } })
  net:eval()
  return torch.no_grad(function() return net(samples:view(1, -1)) end)
end

test('the FCN tagger gives the tags of its own code from its published weights', function()
  local weights, net = fixture 'weights/msd_fcn.pth', FCN(50)
  expect(function() net:load_state_dict(torch.load(weights)) end):raises("load_state_dict: 'spec.mel_scale.fb', "
    .. "'spec.spectrogram.window' are no part of FCN")
  local wanted = torch.load(fixture 'golden-taggers/msd_fcn_tags.npy')
  expect(tags_of(net, weights)):near(wanted, { absolute = 1e-4 })
end)

test('the CRNN tagger gives the tags of its own code from its published weights', function()
  local wanted = torch.load(fixture 'golden-taggers/mtat_crnn_tags.npy')
  expect(tags_of(CRNN(50), fixture 'weights/mtat_crnn.pth')):near(wanted, { absolute = 1e-4 })
end)

test('a published residual network finds its places once the names of its parallel copies are gone', function()
  local checkpoint = torch.load(fixture 'weights/resnet20-12fca82f.th')
  expect(checkpoint.best_prec1):near(91.73, { absolute = 0.2 })
  local net = nn.Sequential { nn.Conv2d(3, 16, 3, { bias = false }), nn.BatchNorm2d(16) }
  local same, left = net:load_state_dict(checkpoint.state_dict, {
    strict = false, rename = { ['module.conv1.'] = '0.', ['module.bn1.'] = '1.' },
  })
  expect(same == net):is_true()
  expect(left.missing_keys):equals {}
  expect(#left.unexpected_keys):equals(92)
  expect(net[1].weight:equal(checkpoint.state_dict['module.conv1.weight'])):is_true()
end)
