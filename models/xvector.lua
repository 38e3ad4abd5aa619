-- x-vector: who speaks, by mean and deviation of what convolutions in time hear, after Snyder et al., X-vectors:
-- Robust DNN Embeddings for Speaker Recognition (2018).
--
--   local net = require('models.xvector').network(20, { n_features = 24 })   -- [batch, 24, frames] -> [batch, 20]
--
-- Its embedding is what the paper's segment6 gives before the bend. Of 24 features it has 4,476,308 parameters
-- without the last layer, 4,211,604 as far as its embedding, 4,204,508 of them without the norms (4.2 million in the
-- paper); 300 frames take 0.77e9 multiply-accumulates.

local lumir = require 'lumir'
local nn, parts = lumir.nn, require 'models.parts'

local xvector = {}

--- How many frames each layer hears, how far apart, and how many numbers it gives.
local LAYERS = { { 5, 1, 512 }, { 3, 2, 512 }, { 3, 3, 512 }, { 1, 1, 512 }, { 1, 1, 1500 } }

local read = lumir.doc {
  name = 'models.xvector.network',
  summary = 'Convolutions in time over frames of features, mean and deviation over all of them, dense layers.',
  returns = 'a Module: [batch, n_features, frames] -> [batch, n_classes]; its part embedding gives 512 numbers',
  example = "require('models.xvector').network(20)(torch.randn(2, 24, 100))",
  source = 'Snyder et al. (2018)',
  parameters = {
    { name = 'n_classes', type = 'integer', text = 'scores of a row' },
    { name = 'n_features', type = 'integer', default = 24, least = 1, text = 'of a frame' },
  },
}

function xvector.network(n_classes, given)
  local from, list = read(n_classes, given).n_features, {}
  for i, layer in ipairs(LAYERS) do
    parts.append(list, 'frame' .. i, nn.Conv1d(from, layer[3], layer[1], { dilation = layer[2] }), nn.ReLU(),
      'norm' .. i, nn.BatchNorm1d(layer[3]))
    from = layer[3]
  end
  parts.append(list, nn.StatisticsPool(), 'embedding', nn.Linear(2 * from, 512), nn.ReLU(),
    'norm6', nn.BatchNorm1d(512), 'segment7', nn.Linear(512, 512), nn.ReLU(), 'norm7', nn.BatchNorm1d(512),
    'head', nn.Linear(512, n_classes))
  return parts.named(list)
end

return xvector
