-- VGG: convolutions of 3 x 3 one upon the other, after Simonyan and Zisserman, Very Deep Convolutional Networks
-- (2015).
--
--   local net = require('models.vgg').vgg19(10, { channels = 3 })    -- [batch, 3, 224, 224] -> [batch, 10]
--
-- As torchvision has them, without batch norms and with its names. Of 1,000 classes and [3, 224, 224] pictures,
-- beside what torchvision publishes (multiply-accumulates, one counts one; two operations each):
--
--   vgg16   138,357,544 parameters   15.484e9 multiply-accumulates (published 15.47e9)
--   vgg19   143,667,240              19.647e9                      (19.63e9)

local lumir = require 'lumir'
local nn, parts = lumir.nn, require 'models.parts'

local vgg = {}

--- Channels of the convolutions between two poolings.
local STAGES = {
  vgg16 = { { 64, 64 }, { 128, 128 }, { 256, 256, 256 }, { 512, 512, 512 }, { 512, 512, 512 } },
  vgg19 = { { 64, 64 }, { 128, 128 }, { 256, 256, 256, 256 }, { 512, 512, 512, 512 }, { 512, 512, 512, 512 } },
}

local function draw(part)
  if part.name == 'Conv2d' then
    nn.init.kaiming_normal_(part.weight, { mode = 'fan_out', nonlinearity = 'relu' })
    nn.init.zeros_(part.bias)
  elseif part.name == 'Linear' then
    nn.init.normal_(part.weight, { std = 0.01 })
    nn.init.zeros_(part.bias)
  end
end

local function features(stages, channels)
  local list, from = {}, channels
  for _, widths in ipairs(stages) do
    for _, width in ipairs(widths) do
      parts.append(list, nn.Conv2d(from, width, 3, { padding = 1 }), nn.ReLU())
      from = width
    end
    parts.append(list, nn.MaxPool2d(2))
  end
  return nn.Sequential(list)
end

for _, name in ipairs { 'vgg16', 'vgg19' } do
  local read = lumir.doc {
    name = 'models.vgg.' .. name,
    summary = "The VGG of that many layers over pictures, with torchvision's names: its state dicts load.",
    returns = 'a Module: [batch, channels, height, width] -> [batch, n_classes]; its part embedding gives what '
      .. 'the last layer hears, 4,096 numbers',
    example = "local vgg = require 'models.vgg'",
    source = 'Simonyan and Zisserman, Very Deep Convolutional Networks (2015); torchvision.models.' .. name,
    parameters = {
      { name = 'n_classes', type = 'integer', text = 'scores of a picture' },
      { name = 'channels', type = 'integer', default = 3, least = 1, text = 'of a picture' },
      { name = 'dropout', type = 'number', default = 0.5, least = 0, most = 1,
        text = 'behind the two dense layers' },
    },
  }
  vgg[name] = function(n_classes, given, ...)
    local options = read(n_classes, given, ...)
    return parts.named {
      'features', features(STAGES[name], options.channels), 'avgpool', nn.AdaptiveAvgPool2d(7), nn.Flatten(),
      'classifier.0', nn.Linear(512 * 7 * 7, 4096), nn.ReLU(), nn.Dropout(options.dropout),
      'classifier.3', nn.Linear(4096, 4096), 'embedding', nn.ReLU(), nn.Dropout(options.dropout),
      'classifier.6', nn.Linear(4096, n_classes),
    }:apply(draw)
  end
end

return vgg
