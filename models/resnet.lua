-- ResNet: residual networks for spectrograms, after He et al., Deep Residual Learning for Image Recognition (2016).
--
--   local resnet = require 'models.resnet'
--   local net = resnet.network(20, { width = 64, dropout = { 0.5, 0.3 } })   -- [batch, 1, mel, time] -> [batch, 20]
--
-- A stem of 7 x 7, six basic blocks of one, two and four times the width, average and maximum over all positions beside
-- each other, two dense layers. Of width 64 and 20 classes it has 2,913,492 parameters, the trunk 2,776,512 of them.

local lumir = require 'lumir'
local nn = lumir.nn

local resnet = {}

--- Two convolutions and what came in beside them; where the shape changes that goes through a convolution, too.
function resnet.block(from, to, stride)
  local shortcut = (stride ~= 1 or from ~= to) and nn.Sequential {
    nn.Conv2d(from, to, 1, { stride = stride, bias = false }), nn.BatchNorm2d(to) } or nil
  return nn.Residual(nn.Sequential {
    nn.Conv2d(from, to, 3, { stride = stride, padding = 1, bias = false }), nn.BatchNorm2d(to), nn.ReLU(),
    nn.Conv2d(to, to, 3, { padding = 1, bias = false }), nn.BatchNorm2d(to),
  }, { shortcut = shortcut, after = nn.ReLU() })
end

local read = lumir.doc {
  name = 'models.resnet.network',
  summary = 'A residual network of six blocks over spectrograms, [batch, 1, mel, time].',
  returns = 'a Module: [batch, 1, mel, time] -> [batch, n_classes]',
  example = "require('models.resnet').network(20, { width = 16 })(torch.randn(2, 1, 64, 32))",
  source = 'He et al., Deep Residual Learning for Image Recognition (2016)',
  parameters = {
    { name = 'n_classes', type = 'integer', text = 'scores of a row' },
    { name = 'width', type = 'integer', default = 64, least = 1, text = 'channels of the first blocks' },
    { name = 'dropout', type = 'list of number', named = true,
      text = 'before each of the two dense layers; no dropout unless given' },
  },
}

function resnet.network(n_classes, given)
  local options = read(n_classes, given)
  local w, dropout, block = options.width, options.dropout, resnet.block
  local parts = {
    nn.Conv2d(1, w, 7, { stride = 2, padding = 3, bias = false }), nn.BatchNorm2d(w), nn.ReLU(),
    nn.MaxPool2d(3, { stride = 2, padding = 1 }),
    block(w, w, 1), block(w, w, 1), block(w, 2 * w, 2), block(2 * w, 2 * w, 1), block(2 * w, 4 * w, 2),
    block(4 * w, 4 * w, 1), nn.AvgMaxPool2d(),
  }
  local function add(part) parts[#parts + 1] = part end
  if dropout then add(nn.Dropout(dropout[1])) end
  add(nn.Linear(8 * w, 4 * w))
  add(nn.BatchNorm1d(4 * w))
  add(nn.ReLU())
  if dropout then add(nn.Dropout(dropout[2])) end
  add(nn.Linear(4 * w, n_classes))
  return nn.Sequential(parts)
end

return resnet
