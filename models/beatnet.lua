-- BeatNet's network: how likely each 20 ms is a beat, a downbeat or neither, after Heydari, Cwitkowitz and Duan,
-- BeatNet: CRNN and Particle Filtering for Online Joint Beat, Downbeat and Meter Tracking (2021), with the names
-- of its weights.
--
--   local beatnet = require 'models.beatnet'
--   local net = beatnet.network()
--   net(beatnet.features(clip))                -- [1, frames, 272] -> [1, frames, 3]: beat, downbeat, neither
--
-- Of 272 features it has 402,325 parameters (as the published files have); a second takes 20.4e6
-- multiply-accumulates. Its features are madmom's: triangular bands, 24 an octave, of frames of 64 ms each 20
-- ms, log10(1 + x), and beside them how much each has grown.

local lumir = require 'lumir'
local nn, torch, parts = lumir.nn, lumir.torch, require 'models.parts'

local beatnet = {}

local RATE, WINDOW, HOP = 22050, 1411, 441
local BINS = math.floor(WINDOW / 2)

local BeatNet = nn.Module 'BeatNet'

function BeatNet:init(n_features, hidden)
  self.conv1 = nn.Conv1d(1, 2, 10)
  self.pool = nn.MaxPool1d(2)
  self.linear0 = nn.Linear(2 * math.floor((n_features - 9) / 2), hidden)
  self.lstm = nn.LSTM(hidden, hidden, { num_layers = 2, batch_first = true })
  self.linear = nn.Linear(hidden, 3)
end

function BeatNet:forward(frames)
  local batch, count, n = unpack(frames.shape)
  local heard = self.pool(self.conv1(frames:reshape(batch * count, 1, n)):relu()):flatten(2)
  local states = self.lstm(self.linear0(heard):view(batch, count, -1))
  return self.linear(states):softmax(3)
end

local read = lumir.doc {
  name = 'models.beatnet.network',
  summary = 'Hears beats and downbeats frame by frame, with the names of its published weights.',
  returns = 'a Module: [batch, frames, n_features] -> [batch, frames, 3], shares of beat, downbeat and neither',
  example = "require('models.beatnet').network()(torch.rand(1, 50, 272))",
  source = 'Heydari, Cwitkowitz and Duan (2021); mjhydri/BeatNet',
  parameters = {
    { name = 'n_features', type = 'integer', default = 272, least = 12, text = 'of a frame' },
    { name = 'hidden', type = 'integer', default = 150, least = 1, text = 'numbers of the state of an LSTM' },
  },
}

function beatnet.network(given, ...)
  local options = read(given, ...)
  return BeatNet(options.n_features, options.hidden)
end

--- The bins nearest to the notes of 24 steps an octave, each once; as far apart as those of an even window.
local function centres()
  local places, last = {}, nil
  for step = math.ceil(24 * math.log(30 / 440, 2)), math.floor(24 * math.log(17000 / 440, 2)) do
    local bin = math.floor(440 * 2 ^ (step / 24) * 2 * BINS / RATE + 0.5)
    bin = math.min(bin, BINS - 1)
    if bin ~= last then places[#places + 1], last = bin, bin end
  end
  return places
end

local triangles                                             -- the same for all clips, and built for the first one

--- Triangles from one such bin over the next to the one behind it, each of area 1: [bands, bins].
local function filters()
  if triangles then return triangles end
  local places, rows = centres(), {}
  for i = 1, #places - 2 do
    local first, middle, last = places[i], places[i + 1], places[i + 2]
    local row, sum = {}, 0
    for bin = 1, BINS do
      local at = bin - 1
      local height = at < middle and (at - first) / (middle - first) or (last - at) / (last - middle)
      row[bin] = (at < first or at >= last) and 0 or math.max(0, height)
      sum = sum + row[bin]
    end
    for bin = 1, BINS do row[bin] = row[bin] / sum end
    rows[i] = row
  end
  triangles = torch.tensor(rows)
  return triangles
end

local read_features = lumir.doc {
  name = 'models.beatnet.features',
  summary = 'What the network hears of a clip: bands, and how much each has grown since the frame before.',
  returns = 'a Tensor [1, frames, 272], a frame each 20 ms',
  example = "require('models.beatnet').features(audio.sine { frequency = 220, seconds = 0.5, rate = 22050 })",
  source = "madmom's LogarithmicFilterbank and SpectrogramDifference, as BeatNet sets them",
  parameters = { { name = 'clip', type = 'Clip', text = 'mono, at 22050 Hz' } },
}

function beatnet.features(clip, ...)
  read_features(clip, ...)
  parts.check_mono(clip, RATE, 'features')
  local spectra = torch.stft(torch.constant_pad_nd(clip.samples, { BINS, BINS + 1 }), {
    n_fft = WINDOW, hop_length = HOP, window = torch.hann_window(WINDOW, { periodic = false }), center = false,
    return_complex = true })
  local magnitude = spectra[1]:abs()[(':%d, :%d'):format(BINS, math.ceil(clip.length / HOP))]
  local bands = (filters():matmul(magnitude) + 1):log10()
  local before = torch.cat({ bands[':, 1:1'], bands:narrow(2, 1, bands.shape[2] - 1) }, 2)
  return torch.cat({ bands, (bands - before):clamp { min = 0 } }, 1):transpose(1, 2):unsqueeze(1)
end

return beatnet
