-- What networks of this folder are put together with.

local lumir = require 'lumir'
local nn, core = lumir.nn, require('lumir.native').core

local parts = {}

--- The modules of a list in which a word names the one behind it, as containers take them; one without a
-- word has no name in states.
local function split(list)
  local modules, name = { names = {} }, ''
  for _, element in ipairs(list) do
    if type(element) == 'string' then
      name = element
    else
      modules[#modules + 1] = element
      modules.names[#modules], name = name, ''
    end
  end
  return modules
end

--- parts.named { 'conv1', nn.Conv2d(1, 64, 3), nn.ReLU(), 'fc', nn.Linear(64, 10) }: modules one after the other.
function parts.named(list) return nn.Sequential(split(list)) end

--- Modules that hear the same, named alike; what they give stands behind each other along the second dimension.
function parts.beside(list)
  local modules = split(list)
  modules.dim = 2
  return nn.Parallel(modules)
end

--- Adds words and modules to such a list.
function parts.append(list, ...)
  for _, element in ipairs { ... } do list[#list + 1] = element end
end

--- How a published file of a network gets into it, for the words about that network; `state` is what stands for the
-- state dict in what torch.load gives.
function parts.loads_by(file, state)
  return ("; its published file loads by `local state = torch.load 'FILE.pth'; net:load_state_dict(%s, "
    .. "{ rename = require('models.%s').rename })`"):format(state or 'state', file)
end

--- Refuses a clip that is not one channel at a rate, or has no samples; `who` asks.
function parts.check_mono(clip, rate, who)
  if clip.length == 0 then core.refuse(("%s: 'clip' has no samples"):format(who)) end
  if clip.channels == 1 and clip.rate == rate then return end
  core.refuse(("%s: 'clip' must be mono at %d Hz, got %d channel%s at %g Hz"):format(who, rate, clip.channels,
    clip.channels == 1 and '' or 's', clip.rate))
end

--- Refuses an option of a network that is no multiple of what its layers divide it by.
function parts.check_multiple(option, value, of)
  if value % of == 0 then return end
  core.refuse(("network: '%s' = %d must be a multiple of %d"):format(option, value, of))
end

--- What taggers hear of samples at 16 kHz, [batch, 1, samples]: mel bands in dB as torchaudio has them.
function parts.hear(n_mels)
  return nn.LogMel {
    rate = 16000, n_fft = 512, hop_length = 256, n_mels = n_mels, fmax = 8000, htk = true, norm = 'none',
    pad_mode = 'reflect', top_db = 'none',
  }
end

--- Names of those taggers' published files that stand for no weights here: the spectrogram and the mel bands.
parts.tagger_rename = { ['spec.'] = false }

--- One convolution of a tagger with its batch norm, under the names that its published weights have.
function parts.tagger_block(from, to, pool)
  return parts.named {
    'conv', nn.Conv2d(from, to, 3, { padding = 1 }), 'bn', nn.BatchNorm2d(to), nn.ReLU(), nn.MaxPool2d(pool),
  }
end

--- Two dense layers of a tagger behind the maximum over all positions, under such names; the part embedding
-- stands between them.
function parts.append_tagger_head(list, from, n_tags)
  parts.append(list, nn.GlobalMaxPool(), 'dense1', nn.Linear(from, from), 'bn', nn.BatchNorm1d(from),
    'embedding', nn.ReLU(), nn.Dropout(0.5), 'dense2', nn.Linear(from, n_tags))
end

--- Two convolutions of a tagger and what came in beside them, by a third one where the shape changes.
function parts.tagger_residual(from, to, stride)
  local function conv(channels, step) return nn.Conv2d(channels, to, 3, { stride = step, padding = 1 }) end
  local one = type(stride) == 'number' and stride == 1
  local shortcut = (not one or from ~= to)
    and parts.named { 'conv_3', conv(from, stride), 'bn_3', nn.BatchNorm2d(to) } or nil
  return nn.Residual(parts.named {
    'conv_1', conv(from, stride), 'bn_1', nn.BatchNorm2d(to), nn.ReLU(), 'conv_2', conv(to, 1),
    'bn_2', nn.BatchNorm2d(to),
  }, { shortcut = shortcut, after = nn.ReLU(), names = { '', '', '' } })
end

return parts
