-- d-vector: who speaks, as 256 numbers of length 1, after Wan et al., Generalized End-to-End Loss for Speaker
-- Verification (2018), with the names of Resemblyzer's weights (`lumir fetch dvector`).
--
--   local dvector = require 'models.dvector'
--   local net = dvector.network():load_state_dict(lumir.weights 'dvector')
--   dvector.embed(net, clip)                   -- of a whole recording, as Resemblyzer has it
--   net:step 'embedding'                       -- of each excerpt of 1.6 s, for chains
--
-- It has 1,423,616 parameters (as Resemblyzer's network has); 1.6 s take 0.22e9 multiply-accumulates.

local lumir = require 'lumir'
local nn, torch, parts = lumir.nn, lumir.torch, require 'models.parts'
local core = require('lumir.native').core

local dvector = {}

local read = lumir.doc {
  name = 'models.dvector.network',
  summary = "A recurrent network that tells voices apart, with the names of Resemblyzer's weights.",
  returns = 'a Module: [batch, 1, samples] at 16 kHz -> [batch, 256], of length 1; so does its part embedding',
  example = "require('models.dvector').network():eval()(torch.randn(1, 1, 25600))",
  source = 'Wan et al. (2018); resemble-ai/Resemblyzer',
  parameters = {
    { name = 'hidden', type = 'integer', default = 256, least = 1, text = 'numbers of the state of an LSTM' },
    { name = 'size', type = 'integer', default = 256, least = 1, text = 'numbers of an embedding' },
  },
}

function dvector.network(given, ...)
  local options = read(given, ...)
  return parts.named {
    'hearing', nn.MelSpectrogram { rate = 16000, n_fft = 400, hop_length = 160, n_mels = 40 }, nn.Flatten(2, 3),
    nn.Permute { 1, 3, 2 }, 'lstm', nn.LSTM(40, options.hidden, { num_layers = 3, batch_first = true }),
    nn.LastFrame(), 'linear', nn.Linear(options.hidden, options.size), nn.ReLU(), 'embedding', nn.Normalize(),
  }
end

--- Where the windows of 160 frames begin, from 1: 1.3 a second, the last one if three quarters of it are sound.
local function window_starts(n_samples)
  local hop, frames, step = 160, 160, 77
  local n_frames, starts = math.ceil((n_samples + 1) / hop), {}
  for start = 0, math.max(1, n_frames - frames + step + 1) - 1, step do starts[#starts + 1] = start + 1 end
  local covered = (n_samples - (starts[#starts] - 1) * hop) / (frames * hop)
  if covered < 0.75 and #starts > 1 then starts[#starts] = nil end
  return starts
end

local read_embed = lumir.doc {
  name = 'models.dvector.embed',
  summary = 'The voice of a whole recording: the mean of what the network hears in windows of 1.6 s, of length 1; '
    .. 'silence and loudness are as the recording has them.',
  returns = 'a Tensor [256]',
  example = "local dvector = require 'models.dvector'; "
    .. "dvector.embed(dvector.network(), audio.sine { frequency = 220, seconds = 2, rate = 16000 })",
  source = "Resemblyzer's embed_utterance",
  parameters = {
    { name = 'net', type = 'Module', text = 'of dvector.network, with its weights' },
    { name = 'clip', type = 'Clip', text = 'mono, at 16 kHz' },
  },
}

function dvector.embed(net, clip, ...)
  read_embed(net, clip, ...)
  if not pcall(function() return net.hearing, net.lstm, net.linear, net.embedding end) then
    core.refuse(("embed: 'net' must be one that dvector.network gives, got %s"):format(net.name))
  end
  parts.check_mono(clip, 16000, 'embed')
  local starts, samples = window_starts(clip.length), clip.samples
  local missing = (starts[#starts] - 1 + 160) * 160 - clip.length
  if missing > 0 then samples = torch.constant_pad_nd(samples, { 0, missing }) end
  local mean
  core.judged(net, function()
    local frames, windows = net.hearing(samples)[1]:transpose(1, 2), {}
    for i, start in ipairs(starts) do windows[i] = frames:narrow(1, start, 160) end
    local heard = net.lstm(torch.stack(windows))[':, -1']
    mean = net.embedding(net.linear(heard):relu()):mean(1)
  end)
  return mean / mean:norm()
end

return dvector
