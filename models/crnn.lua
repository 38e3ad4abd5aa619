-- CRNN: convolutions over a spectrogram, then a recurrent network over what they heard at each time.
--
--   local net = require('models.crnn').network(20, { n_mels = 128 })    -- [batch, 1, mel, time] -> [batch, 20]
--
-- After Nasrullah and Zhao, Music Artist Classification with Convolutional Recurrent Neural Networks (2019),
-- whose code for Keras has both sizes: base with filters 64, 128, 128, 128, and large with 64, 128, 256, 512,
-- 512. A batch norm for each mel band comes first; then 3 x 3 convolutions, each with ELU, batch norm, max
-- pooling and dropout 0.1; two GRU of 32; dropout 0.3; a dense layer. It grew from Choi et al., Convolutional
-- Recurrent Neural Networks for Music Classification (2017).
--
-- Keras' batch norms have epsilon 1e-3 and momentum 0.99; these have PyTorch's 1e-5 and 0.1, as its users expect.
--
-- Of 20 classes and 128 bands base has 393,364 parameters, large 3,972,244 (the publication counts neither); 5 s
-- at 16 kHz and hop 512, 157 frames, take 0.49e9 multiply-accumulates and 1.29e9.

local lumir = require 'lumir'
local core = require('lumir.native').core
local nn, parts, resnet = lumir.nn, require 'models.parts', require 'models.resnet'

local crnn = {}

local SIZES = {
  base = { filters = { 64, 128, 128, 128 }, pools = { { 2, 2 }, { 4, 2 }, { 4, 2 }, { 4, 2 } } },
  large = { filters = { 64, 128, 256, 512, 512 }, pools = { { 2, 2 }, { 2, 2 }, { 2, 2 }, { 4, 1 }, { 4, 1 } } },
}

local read = lumir.doc {
  name = 'models.crnn.network',
  summary = 'A convolutional recurrent network over spectrograms.',
  returns = 'a Module: [batch, 1, n_mels, time] -> [batch, n_classes]; its part embedding gives what the last '
    .. 'layer hears, `hidden` numbers',
  example = "require('models.crnn').network(20)(torch.randn(2, 1, 128, 32))",
  source = 'Nasrullah and Zhao, Music Artist Classification with Convolutional Recurrent Neural Networks (2019)',
  parameters = {
    { name = 'n_classes', type = 'integer', text = 'scores of a row' },
    { name = 'n_mels', type = 'integer', default = 128, least = 32,
      text = 'bands of a spectrogram; the poolings of both sizes make 1 of 128, those of a backbone 1 of 32' },
    { name = 'size', type = 'word', choices = { 'base', 'large' }, named = true,
      text = 'which of the two: base unless given' },
    { name = 'backbone', type = 'word', default = 'none', choices = { 'none', 'resnet18' },
      text = 'hears in place of these convolutions, as the part of that name' },
    { name = 'weights', type = 'table', named = true, text = "of the backbone: torchvision's state dict" },
    { name = 'frozen', type = 'boolean', default = false,
      text = 'the backbone stays as its weights made it, and learns nothing' },
    { name = 'dropout', type = 'number', least = 0, most = 1, named = true,
      text = 'behind each convolution: 0.1 unless given' },
    { name = 'hidden', type = 'integer', default = 32, least = 1, text = 'numbers of the state of a GRU' },
    { name = 'recurrent_dropout', type = 'number', default = 0.3, least = 0, most = 1, text = 'behind the GRUs' },
  },
}

--- What hears, as a list of parts, and how many numbers it gives of each time. Each band has a norm of its own first,
-- so that decibels lie where a backbone knows them: around 0.
local function ears(options)
  local size, bands = SIZES[options.size or 'base'], options.n_mels
  local list = { nn.Permute { 1, 3, 2, 4 }, 'norm', nn.BatchNorm2d(bands), nn.Permute { 1, 3, 2, 4 } }
  if options.backbone ~= 'none' then
    local backbone, channels = resnet.backbone(options.backbone, { weights = options.weights })
    if options.frozen then backbone:freeze():eval() end
    parts.append(list, 'backbone', backbone)
    return list, channels * math.ceil(bands / 32)
  end
  local from = 1
  for i, filters in ipairs(size.filters) do
    parts.append(list, 'conv' .. i, nn.Conv2d(from, filters, 3, { padding = 1 }), nn.ELU(),
      'norm' .. i, nn.BatchNorm2d(filters), nn.MaxPool2d(size.pools[i]), nn.Dropout(options.dropout or 0.1))
    from, bands = filters, math.floor(bands / size.pools[i][1])
  end
  return list, bands * from
end

local function check(options)
  local alone = options.backbone == 'none'
  if alone and (options.weights or options.frozen) then
    core.refuse "network: 'weights' and 'frozen' are of a backbone, and 'backbone' is 'none'"
  end
  if not alone and (options.size or options.dropout) then
    core.refuse(("network: 'size' and 'dropout' are of these convolutions, and 'backbone' is '%s'"):format(
      options.backbone))
  end
  if alone and options.n_mels < 128 then
    core.refuse(("network: 'n_mels' = %d must be at least 128, of which the poolings make 1"):format(options.n_mels))
  end
  if options.frozen and not options.weights then
    core.refuse "network: 'frozen' needs 'weights': a backbone as it was drawn hears nothing"
  end
end

function crnn.network(n_classes, given, ...)
  local options = read(n_classes, given, ...)
  check(options)
  local list, width = ears(options)
  parts.append(list, nn.Permute { 1, 4, 3, 2 }, nn.Flatten(3),         -- [batch, time, mel and channels]
    'gru', nn.GRU(width, options.hidden, { num_layers = 2, batch_first = true }),
    'embedding', nn.LastFrame(), nn.Dropout(options.recurrent_dropout), 'head', nn.Linear(options.hidden, n_classes))
  return parts.named(list)
end

return crnn
