-- ECAPA-TDNN: who speaks, by convolutions in time whose channels are weighed, after Desplanques, Thienpondt and
-- Demuynck, ECAPA-TDNN: Emphasized Channel Attention, Propagation and Aggregation (2020).
--
--   local ecapa = require 'models.ecapa'
--   local net = ecapa.network { channels = 512, n_features = 80 }        -- [batch, mel, frames] -> [batch, 192]
--   local net = ecapa.classifier(20, { channels = 512 })       -- with a direction for each speaker and their loss
--
-- Of 80 features it has 6,193,792 parameters with 512 channels and 14,660,160 with 1,024 (6.2 and 14.7 million
-- in the paper, without the classes); 300 frames take 1.56e9 and 3.98e9 multiply-accumulates.

local lumir = require 'lumir'
local nn, torch, parts = lumir.nn, lumir.torch, require 'models.parts'

local ecapa = {}

--- Convolution in time, bend, norm.
local function heard(from, to, kernel, dilation)
  dilation = dilation or 1
  return parts.named {
    'conv', nn.Conv1d(from, to, kernel, { dilation = dilation, padding = dilation * (kernel - 1) / 2 }),
    nn.ReLU(), 'norm', nn.BatchNorm1d(to),
  }
end

-- Res2Net's convolution: an eighth of the channels passes, each further one also hears what the one
-- before has given.
local Scales = nn.Module 'Scales'

function Scales:init(channels, scale, kernel, dilation)
  local width, blocks = channels / scale, {}
  for i = 1, scale - 1 do blocks[i] = heard(width, width, kernel, dilation) end
  self.blocks, self.scale = nn.ModuleList(blocks), scale
end

function Scales:forward(x)
  local given, last = {}, nil
  for i, share in ipairs(x:chunk(self.scale, { dim = 2 })) do
    if i > 1 then last = self.blocks[i - 1](last and share + last or share) end
    given[i] = last or share
  end
  return torch.cat(given, 2)
end

local function block(channels, dilation)
  return nn.Residual(parts.named {
    'tdnn1', heard(channels, channels, 1), 'res2net', Scales(channels, 8, 3, dilation),
    'tdnn2', heard(channels, channels, 1), 'se', nn.SqueezeExcite(channels, { reduction = channels / 128 }),
  })
end

local Ecapa = nn.Module 'ECAPA'

function Ecapa:init(n_features, channels, size)
  self.first = heard(n_features, channels, 5)
  self.blocks = nn.ModuleList { block(channels, 2), block(channels, 3), block(channels, 4) }
  self.together = heard(3 * channels, 1536, 1)
  self.pool = nn.AttentiveStatisticsPool(1536)
  self.embedding = parts.named { 'norm', nn.BatchNorm1d(3072), 'linear', nn.Linear(3072, size) }
end

function Ecapa:forward(x)
  local h, given = self.first(x), {}
  for i = 1, 3 do
    h = self.blocks[i](h)
    given[i] = h
  end
  return self.embedding(self.pool(self.together(torch.cat(given, 2))))
end

local read = lumir.doc {
  name = 'models.ecapa.network',
  summary = 'ECAPA-TDNN over frames of features; nn.AAMSoftmaxLoss(n_classes, 192) learns the classes with it.',
  returns = 'a Module: [batch, n_features, frames] -> [batch, size]',
  example = "require('models.ecapa').network { channels = 128, n_features = 40 }(torch.randn(2, 40, 100))",
  source = 'Desplanques, Thienpondt and Demuynck (2020); speechbrain.lobes.models.ECAPA_TDNN',
  parameters = {
    { name = 'n_features', type = 'integer', default = 80, least = 1, text = 'of a frame' },
    { name = 'channels', type = 'integer', default = 1024, least = 128,
      text = 'of the convolutions, a multiple of 128' },
    { name = 'size', type = 'integer', default = 192, least = 1, text = 'numbers of an embedding' },
  },
}

function ecapa.network(given, ...)
  local options = read(given, ...)
  parts.check_multiple('channels', options.channels, 128)              -- which the squeeze narrows them to
  return Ecapa(options.n_features, options.channels, options.size)
end

-- A voice beside the directions of known ones, which AAM-softmax teaches with it.
local Classifier = nn.Module 'ECAPAClassifier'

function Classifier:init(n_classes, options)
  self.ears = ecapa.network { n_features = options.n_features, channels = options.channels, size = options.size }
  self.loss = nn.AAMSoftmaxLoss(n_classes, options.size, { margin = options.margin, scale = options.scale })
end

local function unit(x) return x / x:norm { p = 2, dim = 2, keepdim = true } end

--- Embeddings [batch, size] of spectrograms [batch, 1, n_features, frames].
function Classifier:hear(x) return self.ears(x:squeeze(2)) end

--- The mean of what the loss makes of spectrograms and their classes.
function Classifier:teach(x, y) return self.loss(self:hear(x), y) end

function Classifier:forward(x)
  return unit(self:hear(x)):matmul(unit(self.loss.weight):transpose(1, 2))
end

local read_classifier = lumir.doc {
  name = 'models.ecapa.classifier',
  summary = 'ECAPA-TDNN with a direction for each class: scores are cosines between them and what was heard. '
    .. 'net:teach(x, y) is the loss of its training, AAM-softmax; net:hear(x) gives the embeddings.',
  returns = 'a Module: [batch, 1, n_features, frames] -> [batch, n_classes], from -1 to 1',
  example = "require('models.ecapa').classifier(20, { channels = 128, n_features = 40 })(torch.randn(2, 1, 40, 100))",
  source = 'Desplanques, Thienpondt and Demuynck (2020); Deng et al., ArcFace (2019)',
  parameters = {
    { name = 'n_classes', type = 'integer', least = 1, text = 'speakers' },
    { name = 'n_features', type = 'integer', default = 80, least = 1, text = 'of a frame' },
    { name = 'channels', type = 'integer', default = 1024, least = 128,
      text = 'of the convolutions, a multiple of 128' },
    { name = 'size', type = 'integer', default = 192, least = 1, text = 'numbers of an embedding' },
    { name = 'margin', type = 'number', default = 0.2, least = 0, text = 'angle between classes', unit = 'rad' },
    { name = 'scale', type = 'number', default = 30, above = 0, text = 'of cosines, in the loss' },
  },
}

function ecapa.classifier(n_classes, given)
  return Classifier(n_classes, read_classifier(n_classes, given))
end

return ecapa
