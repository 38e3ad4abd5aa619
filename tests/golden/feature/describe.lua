-- Lumir's side of agreement.py: lumir describe.lua, with $LUMIR_CLIP a wav file of float samples, $LUMIR_STEPS a JSON
-- list of { key, name, options } and $LUMIR_OUT a folder, which gets key.json (a shape) and its numbers as the float
-- samples of key.wav.

local lumir = require 'lumir'
local core = require('lumir.native').core
local audio, feature, torch = lumir.audio, lumir.feature, lumir.torch

local clip = audio.load(os.getenv 'LUMIR_CLIP', { rate = 'none' })
local out = os.getenv 'LUMIR_OUT'

for _, step in ipairs(core.from_json(core.read_file(os.getenv 'LUMIR_STEPS'), 'LUMIR_STEPS')) do
  local result = feature[step.name](clip, step.options)
  if type(result) == 'number' then result = torch.tensor { { result } } end
  local is_clip, samples = pcall(function() return result.samples end)
  local tensor = is_clip and samples or result
  core.write_file(('%s/%s.json'):format(out, step.key), core.to_json { shape = tensor.shape })
  if tensor:numel() > 0 then
    audio.clip(tensor:reshape(-1)):write(('%s/%s.wav'):format(out, step.key), { subtype = 'float' })
  end
end
