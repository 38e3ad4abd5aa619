-- PANNs beside panns_inference's Cnn14, from samples on, with weights that both sides draw.

local lumir = require 'lumir'
local core = require('lumir.native').core
local torch = lumir.torch
local panns = require 'models.panns'
local seeded = dofile(core.root() .. '/tests/golden/models/seeded.lua')

test('Cnn14 has embedding and scores of panns_inference to 1e-4, at 32 and at 16 kHz', function()
  local golden = seeded.read 'panns.json'
  for _, rate in ipairs { 32000, 16000 } do
    local net = seeded.fill(panns.cnn14(527, { rate = rate }), 14):eval()
    expect(net.n_parameters):equals(golden.parameters)
    torch.manual_seed(15)
    local samples, heard = torch.randn(2, 1, rate) * 0.1, nil
    net.embedding:register_forward_hook(function(_, _, y) heard = y end)
    local scores = torch.no_grad(function() return net(samples):sigmoid() end)
    expect(seeded.difference(heard, golden[tostring(rate)].embedding, 1e-4)):equals(nil)
    expect(seeded.difference(scores, golden[tostring(rate)].scores, 1e-4)):equals(nil)
  end
end)

test('parameters and multiply-accumulates are those of the paper, which counts the spectrogram in', function()
  local spectrogram = 1001 * (2 * 513 * 1024 + 513 * 64)
  for name, wanted in pairs {
    cnn14 = { 80753615, 42.220e9 }, cnn10 = { 5219279, 28.166e9 }, cnn6 = { 4837455, 21.986e9 },
  } do
    local net = panns[name](527):eval()
    expect(net.n_parameters):equals(wanted[1])
    local operations = 2 * (net:summary({ 1, 1, 320000 }).mult_adds + spectrogram)
    expect(operations):near(wanted[2], { relative = 5e-3 })
  end
end)

test('in training the scores are of the whole embedding, as in the published program', function()
  for _, name in ipairs { 'cnn6', 'cnn10', 'cnn14' } do
    local net, heard = panns[name](3), nil
    net.embedding:register_forward_hook(function(_, _, y) heard = y end)
    local scores = net(torch.randn(2, 1, 32000))
    expect(scores:equal(net.fc_audioset(heard))):is_true()
  end
end)

test('Cnn10 and Cnn6 give 512 numbers of a clip', function()
  for _, name in ipairs { 'cnn10', 'cnn6' } do
    local net = panns[name](5):eval()
    expect(net(torch.randn(2, 1, 32000)).shape):equals { 2, 5 }
    expect(#net:step('embedding')(torch.randn(1, 32000)).values):equals(512)
  end
end)

test('another rate than those of the published weights is refused', function()
  expect(function() panns.cnn6(5, { rate = 22050 }) end):raises "cnn6: 'rate' must be 32000 or 16000, got 22050"
end)

test('a published file has the spectrogram among its weights, which is left out', function()
  local net = panns.cnn6(3)
  local state = net:state_dict()
  state['spectrogram_extractor.stft.conv_real.weight'] = torch.ones(1)
  state['logmel_extractor.melW'] = torch.ones(1)
  net:load_state_dict(state, { rename = panns.rename })
end)
