-- Taggers of music with their published weights, from samples to tags, beside what their own code gives.

local lumir = require 'lumir'
local core = require('lumir.native').core
local torch = lumir.torch
local fixtures = dofile(core.root() .. '/tests/golden/models/fixtures.lua')

local function fixture(name) return fixtures.path(name, skip) end

--- The tags of clips [clips, 1, samples] by published weights.
local function tags_of(model, weights, clips)
  local net = model.network(50):load_state_dict(torch.load(fixture(weights)), { rename = model.rename })
  net:eval():to(clips.dtype)
  return torch.no_grad(function() return net(clips):sigmoid() end)
end

local function music() return torch.load(fixture 'golden-taggers/vibe_ace_16k_29s.npy') end

test('the FCN and the CRNN tagger give the tags of their own code from their published weights', function()
  for model, weights in pairs { fcn = 'msd_fcn', crnn_tagger = 'mtat_crnn' } do
    local wanted = torch.load(fixture('golden-taggers/' .. weights .. '_tags.npy'))
    local tags = tags_of(require('models.' .. model), 'weights/' .. weights .. '.pth', music():view(1, 1, -1))
    expect(tags):near(wanted, { absolute = 1e-4 })
  end
end)

test('musicnn gives the tags of its own code for nine windows of 3 s', function()
  local wanted = torch.load(fixture 'golden-taggers/jamendo_musicnn_tags.npy')
  local clips = music():narrow(1, 1, 9 * 48000):view(9, 1, 48000)
  local tags = tags_of(require 'models.musicnn', 'weights/jamendo_musicnn.pth', clips)
  expect(tags):near(wanted, { absolute = 2e-4 })    -- float32 of PyTorch 2.15 is 1.6e-4 off what 2.11 gave
  local exact = tags_of(require 'models.musicnn', 'weights/jamendo_musicnn.pth', clips:to 'float64')
  expect(exact):near(wanted, { absolute = 1e-4 })
end)

test('a published file has names that stand for no weights, and says so without the renames', function()
  local net = require('models.fcn').network(50)
  local state = net:state_dict()
  state['spec.mel_scale.fb'], state['spec.spectrogram.window'] = torch.ones(2), torch.ones(2)
  expect(function() net:load_state_dict(state) end)
    :raises "load_state_dict: 'spec.mel_scale.fb', 'spec.spectrogram.window' are no part of Sequential"
  net:load_state_dict(state, { rename = require('models.fcn').rename })
end)

test('what torchaudio keeps of its spectrograms is left out of every published file, as the words say', function()
  local kept = { 'spec.spectrogram.window', 'spec.mel_scale.fb' }
  for name, buffers in pairs {
    fcn = kept, crnn_tagger = kept, musicnn = kept, short_chunk = kept, harmonic_cnn = { 'hstft.spec.window' },
  } do
    local model = require('models.' .. name)
    local net = model.network(3)
    local state = net:state_dict()
    for _, buffer in ipairs(buffers) do state[buffer] = torch.ones(1) end
    expect(pcall(net.load_state_dict, net, state)):equals(false)
    net:load_state_dict(state, { rename = model.rename })
    local help = core.help('models.' .. name .. '.network'):gsub('%s+', ' ')
    expect(help):contains(("net:load_state_dict(state, { rename = require('models.%s').rename })"):format(name))
  end
end)

test("musicnn's tags stand in the order of its scores: Vibe Ace is electronic", function()
  local musicnn = require 'models.musicnn'
  local tags = musicnn.tags
  expect(#tags):equals(50)
  expect({ tags[1], tags[10], tags[31], tags[32], tags[45], tags[46], tags[50] }):equals { 'genre alternative',
    'genre experimental', 'genre world', 'instrument acousticguitar', 'instrument voice', 'mood emotional',
    'mood relaxing' }
  local clip = lumir.audio.load(fixture 'audio-cc/Kevin_MacLeod_-_Vibe_Ace.ogg', { rate = 16000, mono = true })
  local windows = math.floor(clip.length / 48000)
  local clips = clip.samples:narrow(2, 1, windows * 48000):view(windows, 1, 48000)
  local mean = tags_of(musicnn, 'weights/jamendo_musicnn.pth', clips):mean(1)
  expect(tags[mean:argmax():item()]):equals 'genre electronic'
end)

-- name, options, samples, numbers of the embedding, parameters of 50 tags, multiply-accumulates / 1e9
local SHAPES = {
  { 'fcn', {}, 464000, 64, 447732, 2.17 },
  { 'crnn_tagger', {}, 464000, 32, 394100, 4.08 },
  { 'musicnn', {}, 48000, 200, 784300, 1.21 },
  { 'short_chunk', {}, 59049, 512, 3687348, 2.02 },
  { 'short_chunk', { { residual = true } }, 59049, 512, 12104244, 2.78 },
  { 'harmonic_cnn', {}, 80000, 256, 3631551, 4.24 },
  { 'sample_cnn', {}, 59049, 512, 1869874, 1.74 },
  { 'self_attention', {}, 80000, 256, 10701108, 4.47 },
}

test('each has the parameters and multiply-accumulates that its file says', function()
  for _, shape in ipairs(SHAPES) do
    local name, options, samples, _, parameters, giga = unpack(shape)
    local net = require('models.' .. name).network(50, unpack(options)):eval()
    expect(net.n_parameters):equals(parameters)
    expect(net:summary({ 1, 1, samples }).mult_adds / 1e9):near(giga, { absolute = 0.006 })
  end
end)

test('each gives scores, and what its last layer hears', function()
  for _, shape in ipairs(SHAPES) do
    local name, options, samples, numbers = unpack(shape)
    local net = require('models.' .. name).network(7, unpack(options)):eval()
    local heard
    local off = net.embedding:register_forward_hook(function(_, _, y) heard = y end)
    expect(torch.no_grad(function() return net(torch.randn(2, 1, samples)) end).shape):equals { 2, 7 }
    off()
    expect(heard.shape):equals { 2, numbers }
  end
end)

test('musicnn as trained on the Million Song Dataset is wider', function()
  local net = require('models.musicnn').network(50, { width = 512, hidden = 500 }):eval()
  expect(net.n_parameters > 10 * 784300):is_true()
  expect(net(torch.randn(1, 1, 48000)).shape):equals { 1, 50 }
end)

test('CRNN2D_elu2 gives embedding and scores of its own code from its published weights', function()
  local elu2 = require 'models.crnn2d_elu2'
  local checkpoint = torch.load(fixture 'weights/artist20_CRNN2D_elu2.pth')
  local net = elu2.network(20):load_state_dict(checkpoint.Classifier_state_dict, { rename = elu2.rename }):eval()
  local x, heard = torch.load(fixture 'golden-taggers/crnn2d_elu2_input.npy'), nil
  net.embedding:register_forward_hook(function(_, _, y) heard = y end)
  local scores = torch.no_grad(function() return net(x:unsqueeze(2)):softmax(2) end)
  expect(scores):near(torch.load(fixture 'golden-taggers/crnn2d_elu2_scores.npy'), { absolute = 1e-5 })
  expect(heard):near(torch.load(fixture 'golden-taggers/crnn2d_elu2_embedding.npy'), { absolute = 1e-5 })
end)

test('CRNN2D_elu2 has two convolutions before each pooling, and 288 numbers of 5 s', function()
  local net = require('models.crnn2d_elu2').network(20)
  expect(net.n_parameters):equals(878164)
  expect(net:summary({ 1, 1, 128, 157 }).mult_adds / 1e9):near(2.07, { absolute = 0.006 })
  expect(net(torch.randn(2, 1, 128, 157)).shape):equals { 2, 20 }
  expect(net.linear1.options.in_features):equals(288)
end)

test('the CRNN of artist20 and of GTZAN has the size of its paper and the larger one of its code', function()
  local crnn = require 'models.crnn'
  local base, large = crnn.network(20), crnn.network(20, { size = 'large' })
  expect(base.n_parameters):equals(393364)
  expect(large.n_parameters):equals(3972244)
  expect(base:summary({ 1, 1, 128, 157 }).mult_adds / 1e9):near(0.49, { absolute = 0.006 })
  expect(large:summary({ 1, 1, 128, 157 }).mult_adds / 1e9):near(1.29, { absolute = 0.006 })
  local gtzan = crnn.network(10, { n_mels = 192 })
  expect(gtzan(torch.randn(2, 1, 192, 86)).shape):equals { 2, 10 }
  expect(#gtzan:eval():step('embedding')(torch.randn(1, 192, 86)).values):equals(32)
  for _, size in ipairs { 'base', 'large' } do              -- the poolings of both make one of 128
    expect(function() crnn.network(10, { n_mels = 127, size = size }) end)
      :raises "network: 'n_mels' = 127 must be at least 128, of which the poolings make 1"
  end
end)

test('what a network has no place for is refused', function()
  for name, arguments in pairs { fcn = { 50, { width = 2 } }, sample_cnn = { 50, 2 }, musicnn = { 50, {}, 2 } } do
    local made, problem = pcall(require('models.' .. name).network, unpack(arguments))
    expect(made):equals(false)
    expect(problem):contains 'network: takes at most '
  end
end)

test('a width that the heads of attention cannot share is refused by its name', function()
  expect(function() require('models.self_attention').network(50, { width = 6 }) end)
    :raises "network: 'width' = 6 must be a multiple of 4"
end)

test('a batch norm of the CRNN stands over each mel band', function()
  local net = require('models.crnn').network(3)
  local x = torch.randn(4, 1, 128, 20) * torch.arange(1, 129):view(1, 1, -1, 1) + 5
  local normed
  net.norm:register_forward_hook(function(_, _, y) normed = y end)
  net(x)
  expect(normed.shape):equals { 4, 128, 1, 20 }
  expect(normed:mean { 1, 3, 4 }:abs():max():item() < 1e-4):is_true()
end)
