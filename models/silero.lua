-- Silero's voice detector: how likely each 32 ms of a recording is speech, after Silero Team, Silero VAD (2021),
-- with the names of its weights (`lumir fetch silero_vad`).
--
--   local silero = require 'models.silero'
--   local net = silero.network():load_state_dict(lumir.weights 'silero_vad')
--   net(clip.samples:unsqueeze(1))                 -- [1, 1, samples] at 16 kHz -> [1, windows of 512 samples]
--
-- It has 309,633 parameters (as the published file has); a second takes 21.8e6 multiply-accumulates.

local lumir = require 'lumir'
local nn, torch = lumir.nn, lumir.torch
local core = require('lumir.native').core

local silero = {}

local WINDOW, BEFORE, BEYOND = 512, 64, 64          -- samples of a window, heard before it, mirrored behind it

local Silero = nn.Module 'Silero'

function Silero:init()
  self.stft_conv = nn.Conv1d(1, 258, 256, { stride = 128, bias = false })
  for i, shape in ipairs { { 129, 128, 1 }, { 128, 64, 2 }, { 64, 64, 2 }, { 64, 128, 1 } } do
    self['conv' .. i] = nn.Conv1d(shape[1], shape[2], 3, { stride = shape[3], padding = 1 })
  end
  self.lstm_cell = nn.LSTM(128, 128, { batch_first = true })
  self.final_conv = nn.Conv1d(128, 1, 1)
end

function Silero:forward(samples)
  local shape = samples.shape
  if #shape ~= 3 or shape[2] ~= 1 or shape[3] == 0 then
    core.refuse(('network: takes [batch, 1, samples], got [%s]'):format(table.concat(shape, ', ')))
  end
  local batch, n = samples.shape[1], samples.shape[3]
  local padded = torch.constant_pad_nd(samples:squeeze(2), { BEFORE, -n % WINDOW })
  local windows = padded:unfold(2, WINDOW + BEFORE, WINDOW)
  local count = windows.shape[2]
  local rows = windows:reshape(batch * count, 1, WINDOW + BEFORE)
  local x = self.stft_conv(torch.reflection_pad1d(rows, { 0, BEYOND }))
  x = (x:narrow(2, 1, 129):pow(2) + x:narrow(2, 130, 129):pow(2)):sqrt()
  for i = 1, 4 do x = self['conv' .. i](x):relu() end
  x = self.lstm_cell(x:view(batch, count, 128))
  return self.final_conv(x:relu():transpose(2, 3)):sigmoid():squeeze(2)
end

local read = lumir.doc {
  name = 'models.silero.network',
  summary = 'A voice detector over samples at 16 kHz, with the names of its published weights.',
  returns = 'a Module: [batch, 1, samples] -> [batch, windows of 512 samples], how likely each is speech',
  example = "require('models.silero').network():eval()(torch.randn(1, 1, 16000))",
  source = 'Silero Team (2021); snakers4/silero-vad',
  parameters = {},
}

function silero.network(...)
  read(...)
  return Silero()
end

return silero
