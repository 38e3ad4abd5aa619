-- A plain convolutional network of five blocks over pictures: convolution, batch norm, LeakyReLU, max pooling.
--
--   local net = require('models.cnn').network(10, { channels = 3 })   -- [batch, 3, height, width] -> [batch, 10]
--
-- After LeCun et al., Gradient-Based Learning Applied to Document Recognition (1998), with what came since. Of
-- ten classes and three channels it has 1,575,690 parameters; a picture of 224 x 224 takes 0.97e9
-- multiply-accumulates.

local lumir = require 'lumir'
local nn, parts = lumir.nn, require 'models.parts'

local cnn = {}

local read = lumir.doc {
  name = 'models.cnn.network',
  summary = 'A convolutional network over pictures: blocks of convolution, batch norm, LeakyReLU and max pooling, '
    .. 'the mean over all positions, a dense layer.',
  returns = 'a Module: [batch, channels, height, width] -> [batch, n_classes]; its part embedding gives what '
    .. 'the last layer hears',
  example = "require('models.cnn').network(10, { filters = { 8, 16 } })(torch.randn(2, 3, 32, 32))",
  source = 'LeCun et al., Gradient-Based Learning Applied to Document Recognition (1998)',
  parameters = {
    { name = 'n_classes', type = 'integer', text = 'scores of a picture' },
    { name = 'channels', type = 'integer', default = 3, least = 1, text = 'of a picture' },
    { name = 'filters', type = 'list of integer', named = true,
      text = 'channels of each block; { 32, 64, 128, 256, 512 } unless given' },
    { name = 'negative_slope', type = 'number', default = 0.01, text = 'what LeakyReLU has below zero' },
    { name = 'dropout', type = 'number', default = 0.3, least = 0, most = 1, text = 'before the dense layer' },
  },
}

function cnn.network(n_classes, given, ...)
  local options = read(n_classes, given, ...)
  local list, from = {}, options.channels
  for i, width in ipairs(options.filters or { 32, 64, 128, 256, 512 }) do
    parts.append(list, 'block' .. i, nn.Sequential {
      nn.Conv2d(from, width, 3, { padding = 1 }), nn.BatchNorm2d(width), nn.LeakyReLU(options.negative_slope),
      nn.MaxPool2d(2),
    })
    from = width
  end
  parts.append(list, 'embedding', nn.GlobalAvgPool(), nn.Dropout(options.dropout),
    'head', nn.Linear(from, n_classes))
  return parts.named(list)
end

return cnn
