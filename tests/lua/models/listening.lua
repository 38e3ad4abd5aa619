-- Networks that hear pitch, speech and beats.

local lumir = require 'lumir'
local core = require('lumir.native').core
local audio, torch = lumir.audio, lumir.torch
local crepe, silero, beatnet = require 'models.crepe', require 'models.silero', require 'models.beatnet'
local seeded = dofile(core.root() .. '/tests/golden/models/seeded.lua')
local weights = require 'lumir.weights'
local fixtures = dofile(core.root() .. '/tests/golden/models/fixtures.lua')

local function fixture(name) return fixtures.path(name, skip) end

test('CREPE of both sizes makes of frames what torchcrepe makes of them', function()
  for size, golden in pairs(seeded.read 'pitch.json') do
    local net = seeded.fill(crepe.network { size = size }, 31):eval()
    expect(net.n_parameters):equals(golden.parameters)
    local giga = size == 'full' and 1.410 or 0.037
    expect(net:summary({ 1, 1024 }).mult_adds / 1e9):near(giga, { absolute = 0.0006 })
    torch.manual_seed(32)
    local likely = torch.no_grad(function() return net(torch.randn(3, 1024)) end)
    expect(seeded.difference(likely, golden.likely, 1e-5)):equals(nil)
  end
end)

test('CREPE drops a quarter behind each pooling in training, as the program of the paper does', function()
  local shares = {}
  crepe.network { size = 'tiny' }:apply(function(part)
    if part.name == 'Dropout' then shares[#shares + 1] = part.options.p end
  end)
  expect(shares):equals { 0.25, 0.25, 0.25, 0.25, 0.25, 0.25 }
end)

test('CREPE hears of a recording what its published weights heard there', function()
  local net = crepe.network { size = 'tiny' }:load_state_dict(torch.load(fixture 'golden-crepe/tiny.pth')):eval()
  local clip = audio.load(fixture 'golden-crepe/test.wav', { rate = 16000, mono = true })
  local likely = torch.no_grad(function() return net(crepe.frames(clip)) end)
  local wanted = torch.load(fixture 'golden-crepe/activation-tiny.npy')
  expect(likely.shape):equals(wanted.shape)
  -- torchcrepe 0.0.24 itself is 2.26e-3 off the kept numbers, with resampy as with this resampling
  expect((likely - wanted):abs():mean():item()):below(2.5e-3)
  local sure = wanted:amax(2):gt(0.5)
  local steps = (likely:argmax(2) - wanted:argmax(2)):abs():masked_select(sure)
  expect(steps:to('float32'):mean():item()):below(0.5)
end)

test('the pitch of a frame is the middle of what is likely around its likeliest step', function()
  local net = crepe.network { size = 'tiny' }
  local f0, sure = crepe.pitch(net, audio.sine { frequency = 220, seconds = 0.2, rate = 16000 })
  expect(f0.shape):equals { 21 }
  expect(f0:min():item() > 31 and f0:max():item() < 2010):is_true()
  expect(sure:max():item() <= 1):is_true()
  expect(function() crepe.pitch(net, audio.sine { frequency = 220, seconds = 1, rate = 22050 }) end)
    :raises "pitch: 'clip' must be mono at 16000 Hz, got 1 channel at 22050 Hz"
end)

test('a long sound goes through CREPE 512 frames at a time, and is heard as at once', function()
  torch.manual_seed(5)
  local net, most, count = crepe.network { size = 'tiny' }:eval(), 0, 0
  local clip = audio.sine { frequency = 220, seconds = 6, rate = 16000 }
  local whole = torch.no_grad(function() return net(crepe.frames(clip)) end):amax(2)
  net:register_forward_hook(function(_, _, y) most, count = math.max(most, y.shape[1]), count + y.shape[1] end)
  local f0, sure = crepe.pitch(net, clip)
  expect(most):equals(512)
  expect(count):equals(601)
  expect(f0.shape):equals { 601 }
  expect(sure):near(whole, { absolute = 1e-5 })
end)

test('the trumpet of the fixtures has the pitch by published weights that pyin hears', function()
  local net = crepe.network { size = 'tiny' }:load_state_dict(torch.load(fixture 'golden-crepe/tiny.pth'))
  local trumpet = fixture 'audio-cc/sorohanro_-_solo-trumpet-06.ogg'
  local clip = audio.load(trumpet, { rate = 16000, mono = true, duration = 5 })
  local f0, sure = crepe.pitch(net, clip)
  local pyin = lumir.feature.pyin(clip, { fmin = 65, fmax = 2000, frame_length = 1024, hop_length = 160 })
  local count = math.min(f0.shape[1], pyin.shape[2])
  local heard, other = f0:narrow(1, 1, count), pyin[1]:narrow(1, 1, count)
  local both = other:gt(0) * sure:narrow(1, 1, count):gt(0.5)
  local cents = (1200 * (heard / other):log2()):abs()
  expect(both:sum():item() > 50):is_true()
  expect(cents:masked_select(both):median():item() < 20):is_true()
end)

test('the voice detector and the network of beats take of a second what their files say', function()
  expect(silero.network():summary({ 1, 1, 16000 }).mult_adds / 1e6):near(21.8, { absolute = 0.06 })
  expect(beatnet.network():summary({ 1, 50, 272 }).mult_adds / 1e6):near(20.4, { absolute = 0.06 })
end)

test('the voice detector hears speech where its own code hears it by its published weights', function()
  local golden = seeded.read 'speech.json'
  local net = silero.network():load_state_dict(torch.load(fixture 'weights/silero_vad_16k.safetensors'),
    { rename = weights.find('silero_vad', require 'models.weights').rename }):eval()
  expect(net.n_parameters):equals(309633)
  local clip = audio.load(fixture('audio-cc/' .. golden.name), { rate = 'none', mono = true })
  local samples = clip.samples:narrow(2, 1, 64000)
  local likely = torch.no_grad(function() return net(samples:unsqueeze(1)) end)
  expect(likely[1]):near(golden.likely, { absolute = 1e-5 })
  local silence = torch.no_grad(function() return net(torch.zeros(1, 1, 5120)) end)
  expect(silence.shape):equals { 1, 10 }
  expect(silence:max():item() < 0.1):is_true()
end)

test("BeatNet's network runs on audio with its published weights, and hears a click each half second", function()
  local net = beatnet.network():load_state_dict(torch.load(fixture 'weights/beatnet_model_1_weights.pt')):eval()
  expect(net.n_parameters):equals(402325)
  local clicks = audio.clicks { times = torch.arange(0.5, 8, 0.5):tolist(), seconds = 8, rate = 22050 }
  local shares = torch.no_grad(function() return net(beatnet.features(clicks)) end)
  expect(shares.shape):equals { 1, 400, 3 }
  expect(shares:sum(3)):near(torch.ones(1, 400), { absolute = 1e-5 })
  local beat = shares[1][':, 1:2']:sum(2)
  local on, off = {}, {}
  for k = 6, 14 do
    on[#on + 1] = beat:narrow(1, 25 * k - 1, 4):max():item()
    off[#off + 1] = beat:narrow(1, 25 * k + 10, 4):max():item()
  end
  expect(torch.tensor(on):mean():item() > 2 * torch.tensor(off):mean():item()):is_true()
end)

test("BeatNet's features are 136 bands and how much each has grown", function()
  local features = beatnet.features(audio.sine { frequency = 440, seconds = 1, rate = 22050 })
  expect(features.shape):equals { 1, 50, 272 }
  expect(features:min():item() >= 0):is_true()
  expect(features[1][20][':136']:argmax():item()):equals(26)          -- around bin 28, 438 Hz
end)

test("BeatNet's bands are built for the first sound alone", function()
  local clip, tensor, built = audio.sine { frequency = 440, seconds = 1, rate = 22050 }, torch.tensor, 0
  local first = beatnet.features(clip)
  torch.tensor = function(...)
    built = built + 1
    return tensor(...)
  end
  local done, second = pcall(beatnet.features, clip)
  torch.tensor = tensor
  expect(done or second):equals(true)
  expect(built):equals(0)
  expect(second:equal(first)):is_true()
end)

test('what is no sound for these networks is refused by the function that hears it', function()
  for _, given in ipairs { 'a', 3 } do
    expect(function() crepe.frames(given) end)
      :raises(("frames: 'clip' must be Clip, got %s"):format(core.show(given)))
  end
  expect(function() crepe.frames() end):raises "frames: 'clip' must be Clip, got nil"
  expect(function() crepe.frames(audio.sine { seconds = 1, rate = 8000 }) end)
    :raises "frames: 'clip' must be mono at 16000 Hz, got 1 channel at 8000 Hz"
  expect(function() beatnet.features(audio.clip({}, { rate = 22050 })) end):raises "features: 'clip' has no samples"
  expect(function() silero.network()(torch.randn(1, 100)) end)
    :raises 'network: takes [batch, 1, samples], got [1, 100]'
end)
